"""NodeBB, Flarum and Mastodon answer JSON: their posts once each; hostile JSON costs itself only."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.reading import tree
from crawler.reading.shape import ListShape, PageShape
from tests.crawler import crawling
from tests.crawler.crawling import preset
from tests.site.pages import Page
from tests.site.server import Site
from tests.site.threads import Said, Thread, threads

A_PAGE = 5


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def test_nodebb(site: Site, tmp_path: Path) -> None:
    made = threads(4)
    topics = [{"tid": it.id, "title": it.title, "deleted": it.id == 999} for it in made]
    gone = {"tid": 999, "title": "已删除", "deleted": 1}
    serve(site, "/api/recent", {"topics": [*topics[:2], gone], "pagination": {"next": {"active": True, "page": 2}}})
    serve(site, "/api/recent?page=2", {"topics": topics[2:], "pagination": {"next": {"active": False, "page": 2}}})
    for it in made:
        pages = it.pages(A_PAGE)
        for number, posts in enumerate(pages, 1):
            paging = {"next": {"active": number < len(pages), "page": number + 1}}
            body = {"tid": it.id, "title": it.title, "posts": [nodebb(said) for said in posts], "pagination": paging}
            serve(site, f"/api/topic/{it.id}" + (f"?page={number}" if number > 1 else ""), body)
    told = crawling.run(tmp_path, preset(site.url, "nodebb", "/api/recent"))
    assert told.counts["nodebb"]["rejected"] == told.counts["nodebb"]["errors"] == 0, told.log
    assert kept(tmp_path) == sorted(row(said, f"{site.url}/topic/{it.id}") for it in made for said in it.posts)


def test_flarum(site: Site, tmp_path: Path) -> None:
    made = threads(3)
    data = [{"type": "discussions", "id": str(it.id), "attributes": {"title": it.title}} for it in made]
    later = f"{site.url}/api/discussions?page%5Boffset%5D=2&sort=-createdAt"
    serve(site, "/api/discussions?sort=-createdAt", {"data": data[:2], "links": {"next": later}})
    serve(site, "/api/discussions?page%5Boffset%5D=2&sort=-createdAt", {"data": data[2:], "links": {}})
    for it in made:
        pages = it.pages(A_PAGE)
        first = f"/api/posts?filter%5Bdiscussion%5D={it.id}&sort=number"
        paths = [first] + [
            f"/api/posts?filter%5Bdiscussion%5D={it.id}&page%5Boffset%5D={number * A_PAGE}&sort=number"
            for number in range(1, len(pages))
        ]
        for number, posts in enumerate(pages):
            links = {"next": site.url + paths[number + 1]} if number + 1 < len(pages) else {}
            serve(site, paths[number], {**flarum(it, posts), "links": links})
    told = crawling.run(tmp_path, preset(site.url, "flarum", "/api/discussions?sort=-createdAt"))
    assert told.counts["flarum"]["rejected"] == told.counts["flarum"]["errors"] == 0, told.log
    assert kept(tmp_path) == sorted(row(said, f"{site.url}/d/{it.id}") for it in made for said in it.posts)


def test_a_mastodon_timeline_with_reposts(site: Site, tmp_path: Path) -> None:
    posts = [said for it in threads(2) for said in it.posts]
    statuses = [mastodon(site.url, said) for said in reversed(posts)]
    again = {**mastodon(site.url, posts[-1]), "id": "9999", "content": "", "reblog": mastodon(site.url, posts[3])}
    statuses.insert(0, again)
    path = "/api/v1/timelines/tag/催收?limit=40"
    asked = "/api/v1/timelines/tag/%E5%82%AC%E6%94%B6?limit=40"
    serve(site, asked, statuses[:10])
    serve(site, f"{asked}&max_id={statuses[9]['id']}", statuses[10:])
    serve(site, f"{asked}&max_id={statuses[-1]['id']}", [])
    told = crawling.run(tmp_path, preset(site.url, "mastodon", path, kind="social"))
    assert told.counts["mastodon"]["rejected"] == told.counts["mastodon"]["errors"] == 0, told.log
    found = crawling.posts(tmp_path)
    wanted = sorted((f"{site.url}/@u/{said.id}", said.author, str(said.utc), said.text) for said in posts)
    assert [(it.url, it.author, str(it.published_at), it.text) for it in found] == wanted
    assert crawling.versions(tmp_path) == len(posts)
    assert {it.kind for it in found} == {"post"}
    assert all(it.engagement == {"replies": 1, "likes": 2, "shares": int(it.url[-2:])} and it.evidence for it in found)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("[" * 100_000, "nested deeper"),
        ('{"a":' * 100_000, "nested deeper"),
        ('{"posts": [', "not JSON"),
        ("<html>", "not JSON"),
        ("", "not JSON"),
        ("9" * 5000, "not JSON"),
        (" " * 300_000 + "!", "not JSON"),  # these took minutes
        ("f()" + " " * 300_000 + "!", "not JSON"),
        ('["' + '\\"' * 300_000, "not JSON"),
    ],
)
def test_hostile_json_is_refused_with_its_reason(body: str, reason: str) -> None:
    with pytest.raises(tree.NotJson, match=reason):
        tree.parse(body)


@pytest.mark.parametrize("posts", ["5", "null", '{"a": 1}', "[[1], null, 7]", '[{"text": {"deep": []}}]', '"x"'])
def test_json_of_another_shape_gives_no_text(posts: str) -> None:
    shape = PageShape.model_validate({"format": "json", "items": {"each": "posts", "text": "text", "time": "sum(at)"}})
    assert not any(it.text for it in tree.read(f'{{"posts": {posts}}}', "http://a.example/", shape).records)


def test_a_callback_s_argument_is_read() -> None:
    assert tree.parse('/**/ jQuery123_4({"a": [1]});') == {"a": [1]}
    assert tree.parse('\ufeff callback ( ["a (b)"] ) ;\n') == ["a (b)"]


def test_a_post_with_a_bad_address_half_an_emoji_or_an_absurd_counter_costs_no_other(
    site: Site, tmp_path: Path
) -> None:
    said = [
        {"url": "http://[", "created_at": None, "content": "没有地址", "account": None},
        {
            "url": f"{site.url}/2",
            "content": "爆通讯录\ud83d",
            "replies_count": 1e400,
            "favourites_count": "9999999999亿",
        },
        {"url": f"{site.url}/3", "content": "\ud83d\ude21催收", "created_at": 10**300, "favourites_count": 7},
    ]
    serve(site, "/api/v1/timelines/public", said)
    told = crawling.run(tmp_path, preset(site.url, "mastodon", "/api/v1/timelines/public", kind="social", max_pages=1))
    assert told.counts["mastodon"]["rejected"] == 1
    found = {it.url[-1]: (it.text, dict(it.engagement)) for it in crawling.posts(tmp_path)}
    assert found == {"2": ("爆通讯录\ufffd", {}), "3": ("\U0001f621催收", {"likes": 7})}


def test_a_list_with_a_bad_address_leads_to_the_others() -> None:
    shape = ListShape.model_validate({"each": "@", "link": "{url}"})
    found, _ = tree.links('[{"url": "http://["}, {"url": "//b.example/\\ud83d"}]', "http://a.example/", shape)
    assert [it for it in found if "b.example" in it] == ["http://b.example/\ufffd"]


def serve(site: Site, path: str, body: Any) -> None:
    site.pages[path] = Page(json.dumps(body).encode(), "application/json; charset=utf-8")


def kept(folder: Path) -> list[tuple[str, str, int | None, str, str, str]]:
    found = crawling.posts(folder)
    assert len(found) == crawling.versions(folder)
    return sorted((it.url, it.part, it.floor, it.author, str(it.published_at), it.text) for it in found)


def row(said: Said, url: str) -> tuple[str, str, int | None, str, str, str]:
    part = str(said.floor) if "/d/" in url else str(said.id)
    return url, part, said.floor, said.author, str(said.utc), said.text


def nodebb(said: Said) -> dict[str, Any]:
    quote = (
        f'<p><a href="/post/9">{said.quote.author}</a> 说：</p><blockquote><p>{said.quote.text}</p></blockquote>'
        if said.quote
        else ""
    )
    who = {"username": f"u{said.id}", "displayname": said.author}
    at = said.utc.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    text = f"{quote}<p dir='auto'>{said.text}</p>"
    return {"pid": said.id, "index": said.floor - 1, "user": who, "timestampISO": at, "content": text, "deleted": 0}


def flarum(it: Thread, posts: tuple[Said, ...]) -> dict[str, Any]:
    names = {said.author: str(place) for place, said in enumerate(posts, 1)}
    users = [{"type": "users", "id": id, "attributes": {"displayName": name}} for name, id in names.items()]
    discussion = {"type": "discussions", "id": str(it.id), "attributes": {"title": it.title}}
    data = []
    for said in posts:
        quote = f'<blockquote><p><a class="PostMention">x</a> {said.quote.text}</p></blockquote>' if said.quote else ""
        attributes = {"number": said.floor, "createdAt": said.utc.isoformat(), "contentType": "comment"}
        attributes["contentHtml"] = f"{quote}<p>{said.text}</p>"
        user = {"user": {"data": {"type": "users", "id": names[said.author]}}}
        data.append({"type": "posts", "id": str(said.id), "attributes": attributes, "relationships": user})
    renamed = {"type": "posts", "id": "5", "attributes": {"number": 99, "contentType": "discussionRenamed"}}
    return {"data": [*data, renamed], "included": [*users, discussion]}


def mastodon(url: str, said: Said) -> dict[str, Any]:
    return {
        "id": str(said.id),
        "url": f"{url}/@u/{said.id}",
        "account": {"acct": said.author},
        "reblog": None,
        "created_at": said.utc.isoformat(),
        "spoiler_text": "",
        "content": f"<p>{said.text}</p>",
        "replies_count": 1,
        "favourites_count": 2,
        "reblogs_count": int(str(said.id)[-2:]),
    }
