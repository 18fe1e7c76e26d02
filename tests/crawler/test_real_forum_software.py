"""A crawl of real forum software, by nothing but CSS: every post once, with its author, time and order."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.crawler import crawling
from tests.forums.software import forum
from tests.site.threads import Thread, threads

HOW: dict[str, dict[str, Any]] = {
    "spirit": {
        "links": [r"/topic/\d+/"],
        "links_css": "a.topic__link",
        "next_page": "li.paginator__button a",
        "first_page": [{"find": r"(/topic/\d+)/[^?]*(?:\?.*)?$", "put": r"\1/"}],
        "page": {
            "title": "h1",
            "next": "li.paginator__button a:has(.fa-chevron-right)",
            "items": {
                "each": ".comments_list__comment",
                "id": "::attr(data-pk)",
                "floor": "::attr(data-number)",
                "author": ".comment__info__username__link span",
                "time": ".comment__info__date li::attr(title)",
                "text": ".comment__text",
            },
        },
    },
    "machina": {
        "links": [r"/topic/[^/?]+/$"],
        "next_page": ".pagination li.active + li a",
        "page": {
            "title": "h1",
            "next": ".pagination li.active + li a",
            "time_formats": ["on %Y年%m月%d日 %H:%M"],
            "items": {
                "each": "div.card.post",
                "id": "::attr(id)",
                "author": "small.text-muted a",
                "time": "small.text-muted::text",
                "text": ".post-content",
            },
        },
    },
}


@pytest.mark.parametrize("name", HOW)
def test_every_post_once_with_author_time_and_order(name: str, tmp_path: Path) -> None:
    made = threads(5)
    with forum(name, tmp_path / "forum", made) as url:
        source = {"name": name, "kind": "forum", "start": [url], "loopback": True, **HOW[name]}
        told = crawling.run(tmp_path, {**source, "limits": {"delay": 0, "timeout": 20}})
    counts = told.counts[name]
    assert (told.ok, counts["rejected"], counts["errors"]) == (True, 0, 0), told.log
    kept = crawling.posts(tmp_path)
    found = {it.title: sorted(_row(post) for post in kept if post.title == it.title) for it in made}
    assert found == {it.title: _wanted(it) for it in made}
    assert crawling.versions(tmp_path) == len(kept) == sum(len(it.posts) for it in made)


def _row(post: Any) -> tuple[int, str, str, str]:
    return post.floor, post.author, f"{post.published_at:%Y-%m-%d %H:%M}", re.sub(r"\s+", "", post.text)


def _wanted(thread: Thread) -> list[tuple[int, str, str, str]]:
    return [(said.floor, said.author, f"{said.utc:%Y-%m-%d %H:%M}", said.text) for said in thread.posts]
