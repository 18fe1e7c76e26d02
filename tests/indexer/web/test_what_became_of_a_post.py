"""A document's versions with what changed between them, masked, and the thread that it stands in."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from crawler.frontier import Frontier, Link
from crawler.vanished import Vanished
from indexer.datadir import DataDir
from indexer.web.difference import Gap, Paragraph, difference, words
from indexer.web.thread import thread
from tests.documents import document
from tests.indexer.web.conftest import filled
from tests.indexer.web.desk import CHANGED, NOW, PHONE_NUMBER, THREAD
from tests.indexer.web.desk import document_id as id_of

Team = tuple[str, DataDir]


def test_what_was_put_in_and_taken_out_is_marked(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}documents/{CHANGED.id}")
    page.get_by_role("link", name="2 个版本").click()
    step = page.locator(".version-step").first
    assert step.locator("ins").all_inner_texts() == ["今天又", "妈", "请帮帮我。"]
    assert step.locator("del").all_inner_texts() == ["昨天"]


def test_nothing_unmasked_is_shown(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}documents/{CHANGED.id}/versions")
    assert "我的号码是" in page.content()
    assert PHONE_NUMBER not in page.content()


def test_the_thread_is_in_order_and_leads_on(page: Page, team: Team) -> None:
    page.goto(f"{team[0]}documents/{id_of(THREAD, '3')}")
    posts = page.locator(".thread li")
    assert [text.split()[0] for text in posts.all_inner_texts()] == ["1", "2", "3", "4", "5"]
    expect(posts.nth(2)).to_have_attribute("aria-current", "true")
    posts.nth(4).get_by_role("link").click()
    expect(page.locator(".body")).to_contain_text("第5楼说")


def test_a_thread_is_known_by_its_pages_whatever_its_posts_are_called(tmp_path: Path) -> None:
    first, second = "https://forum.example.org/t/1", "https://forum.example.org/t/1?page=2"
    posts = [
        document(floor, id=id_of(first, str(floor)), url=first, title=title, floor=floor)
        for floor, title in enumerate(["问一下", "回复：问一下", "", "改过的标题"], 1)
    ]
    elsewhere = document(9, title="问一下", floor=1)
    data = DataDir(tmp_path)
    with filled(data.index, [*posts, elsewhere]) as store, data.state() as state:
        frontier = Frontier(state, posts[0].source, ())
        frontier.discover([Link(first), Link(second, {"thread": first})], "article", NOW)
        Vanished(frontier).read(first, [posts[0].id, posts[1].id], NOW)
        Vanished(frontier).read(second, [posts[2].id, posts[3].id, elsewhere.id], NOW)
        assert [it.floor for it in thread(store, state, posts[2])] == [1, 2, 3, 4]


def sides(found: list[Paragraph | Gap]) -> tuple[str, str]:
    """The old and the new text that a difference without gaps tells."""
    old = ["".join(it.text for it in row if it.kind != "added") for row in found if not isinstance(row, Gap)]
    new = ["".join(it.text for it in row if it.kind != "removed") for row in found if not isinstance(row, Gap)]
    return "\n".join(filter(None, old)), "\n".join(filter(None, new))


TEXT = st.text("催收电话abc，。 \n", max_size=60)


@given(TEXT, TEXT)
def test_a_difference_tells_both_texts(old: str, new: str) -> None:
    found = difference(old, new)
    if not any(isinstance(row, Gap) for row in found):
        kept = tuple("\n".join(line for line in text.split("\n") if line.strip()) for text in (old, new))
        assert sides(found) == kept


@given(TEXT, TEXT)
def test_a_paragraph_tells_both_texts(old: str, new: str) -> None:
    pieces = words(old, new)
    assert "".join(it.text for it in pieces if it.kind != "added") == old
    assert "".join(it.text for it in pieces if it.kind != "removed") == new


def test_long_texts_are_compared_within_bounds() -> None:
    long = "催收" * 500_000
    assert [piece.kind for piece in words(long, long[1:])] == ["removed", "added"]
    many = "\n".join(map(str, range(50_000)))
    assert len(difference(many, many + "\n新")) == 2
