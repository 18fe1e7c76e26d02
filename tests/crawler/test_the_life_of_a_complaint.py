"""A complaint board is crawled: state, amount, demand and answers of every complaint, and each change of them kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.reading.complaint import amount, complaint_of, going_on, status
from indexer.post import Complaint, Post
from indexer.spool import Spool
from indexer.state import State
from tests.crawler import crawling
from tests.crawler.crawling import preset
from tests.site.complaints import Filed, complaints
from tests.site.server import Site

FETCHED = datetime(2026, 11, 2, 4, tzinfo=UTC)
START = "/tousu/api/index/feed?page=1&type=1"
IN_JSON: dict[str, Any] = {
    "kind": "board",
    "list": {
        "each": "result.data.[lists, complaints][*][].main",
        "link": "/tousu/api/complaint/{sn}",
        "more": "result.data.pager.next",
        "next_query": {"page": "{page}"},
    },
    "page": {
        "format": "json",
        "title": "data.title",
        "address": "/tousu/complaint/view/{data.sn}/",
        "items": {
            "each": "data",
            "kind": "complaint",
            "id": "sn",
            "author": "user.name",
            "time": "created",
            "text": "steps[?type=='发起投诉'].html",
            "complaint": {
                "status": "status",
                "amount": "cost",
                "demand": "appeal",
                "merchant": "company.name",
                "replied_at": "steps[?type=='回复投诉'].time",
                "completed_at": "steps[?type=='确认完成投诉'].time",
            },
        },
        "replies": {
            "each": "data.steps[?type=='回复投诉']",
            "id": "time",
            "author": "who",
            "time": "time",
            "text": "html",
        },
    },
}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


@pytest.mark.parametrize("shape", ["pages", "json"])
def test_every_complaint_with_all_that_the_board_says_of_it(site: Site, tmp_path: Path, shape: str) -> None:
    mapped = {"name": "tousu", "start": [site.url + START], "loopback": True, "limits": crawling.LIMITS, **IN_JSON}
    told = crawling.run(tmp_path, mapped if shape == "json" else preset(site.url, "tousu", START, kind="board"))
    assert (told.ok, told.counts["tousu"]["rejected"], told.counts["tousu"]["errors"]) == (True, 0, 0), told.log
    kept = crawling.posts(tmp_path)
    first = {it.title: it for it in kept if it.kind == "complaint"}
    assert set(first) == {it.title for it in complaints()}
    for it in complaints():
        holds(first[it.title], it)
        answers = sorted((said.author, str(said.published_at), said.text) for said in kept if is_answer(said, it))
        assert len(answers) == len([step for step in it.steps if step.does == "回复投诉"])
    assert len(kept) == crawling.versions(tmp_path) == 10 + 12


def test_each_state_is_a_version_and_going_on_after_the_end_is_reopened(site: Site, tmp_path: Path) -> None:
    source = preset(site.url, "tousu", START, kind="board")
    path = f"/tousu/complaint/view/{complaints()[0].id}/"
    crawling.run(tmp_path, source)
    for before, after in (("处理中", "已回复"), ("已回复", "已完成"), ("已完成", "处理中")):
        site.change(path, f"<b>{before}</b>", f"<b>{after}</b>")
        crawling.let_time_pass(tmp_path, 7)
        crawling.run(tmp_path, source)
    (newest,) = (it for it in crawling.posts(tmp_path) if path in it.url and it.kind == "complaint")
    with State(tmp_path / "data") as state:
        lives = [it.post.complaint for it in Spool(state).versions(newest.id)]
    assert [(it.status, it.reopened) for it in lives if it] == [
        ("processing", False),
        ("replied", False),
        ("completed", False),
        ("processing", True),
    ]
    assert crawling.versions(tmp_path) == 22 + 3


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("处理中", "processing"),
        ("商家已回复", "replied"),
        ("已完成", "completed"),
        ("用户已撤诉", "closed"),
        ("？", None),
    ],
)
def test_words_of_boards_for_a_state(said: str, means: str | None) -> None:
    assert status(said) == means


@pytest.mark.parametrize(
    ("said", "yuan"),
    [("¥12,000.50", 12000.5), ("1.2万元", 12000), ("0", 0), ("涉诉金额：800元", 800), ("面议", None), ("9" * 12, None)],
)
def test_amounts(said: str, yuan: float | None) -> None:
    assert amount(said) == yuan


def test_reopened_stays_reopened() -> None:
    again = going_on(Complaint(status="closed"), Complaint(status="processing"))
    assert again.reopened
    assert going_on(again, Complaint(status="completed")).reopened
    assert not going_on(Complaint(status="replied"), Complaint(status="processing")).reopened


def holds(post: Post, it: Filed) -> None:
    said = post.complaint
    assert said
    assert (post.author, post.published_at, post.text) == (it.author, it.at, it.steps[0].text)
    assert (said.said, said.amount, said.merchant) == (it.status, it.amount, it.merchant)
    assert said.demand.replace("、", "，").replace(" ", "，") == it.demand
    answered = min((step.at for step in it.steps if step.does == "回复投诉"), default=None)
    assert said.replied_at == answered
    assert said.reply_hours == (answered and (answered - it.at) / timedelta(hours=1))
    assert said.completed_at == next((step.at for step in it.steps if step.does == "确认完成投诉"), None)


def is_answer(post: Post, it: Filed) -> bool:
    return post.kind == "reply" and post.title == it.title and post.author == it.merchant


def test_times_that_count_back_are_no_edit_at_each_visit(tmp_path: Path) -> None:
    def seen(hours_ago: int, at: datetime, answered: str, status: str = "已回复") -> Post:
        asked = at - timedelta(hours=hours_ago)
        said = {"status": status, "replied_at": answered, "completed_at": f"{hours_ago} 小时前"}
        life = complaint_of(said, asked, timezone="Asia/Shanghai", now=at)
        words = {"url": "http://a.example/1", "source": "s", "text": "催收", "kind": "complaint", "dated_by": "ago"}
        return Post.model_validate({**words, "published_at": asked, "fetched_at": at, "complaint": life})

    with State(tmp_path) as state:
        spool, first, later = Spool(state), FETCHED, FETCHED + timedelta(minutes=100)
        assert spool.keep(seen(9, first, "3 小时前"), first) == "new"
        assert spool.keep(seen(10, later, "5 小时前"), later) == "same"
        (kept,) = [it.post.complaint for it in spool.versions(seen(9, first, "").id)]
        assert kept
        assert (kept.replied_at, kept.reply_hours) == (first - timedelta(hours=3), 6)
        later += timedelta(hours=1)
        assert spool.keep(seen(11, later, "6 小时前", "已完成"), later) == "edited"
        assert spool.keep(seen(12, later, "2026-11-02 08:30", "已完成"), later) == "edited", "the site tells it exactly"
