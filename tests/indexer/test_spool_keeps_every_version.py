"""The spool: what was put is there until it is done, and every version of a Post stays."""

import shutil
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.post import Complaint, Post
from indexer.spool import Spool
from indexer.state import SCHEMA, State

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


def post(number: int = 1, text: str = "昨天催收打给我妈", **changes: object) -> Post:
    return Post(url=f"https://example.com/{number}", source="t", text=text, fetched_at=NOON).model_copy(update=changes)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(State(tmp_path))


def test_posts_are_taken_in_order_and_stay_until_done(spool: Spool) -> None:
    assert spool.put([post(1), post(2), post(3)]) == 3
    taken = spool.take(2)
    assert [it.post.url[-1] for it in taken] == ["1", "2"]
    assert spool.depth() == 3
    spool.done(taken)
    assert [it.post.url[-1] for it in spool.take(9)] == ["3"]


def test_the_same_post_again_is_nothing_new(spool: Spool) -> None:
    spool.put([post()])
    spool.done(spool.take(1))
    assert spool.put([post(fetched_at=NOON + timedelta(days=1))]) == 0
    assert spool.depth() == 0


def test_a_changed_post_is_a_new_version_first_seen_when_the_first_was(spool: Spool) -> None:
    spool.put([post()])
    spool.put([post(text="改了", fetched_at=NOON + timedelta(days=1))])
    (waiting,) = spool.take(9)
    assert waiting.post.text == "改了"
    assert waiting.first_seen_at == NOON
    assert [it.post.text for it in spool.versions(post().id)] == ["昨天催收打给我妈", "改了"]


def test_counters_that_moved_are_indexed_again_without_a_new_version(spool: Spool) -> None:
    spool.put([post()])
    spool.done(spool.take(1))
    assert spool.put([post(engagement={"likes": 7})]) == 1
    (waiting,) = spool.take(9)
    assert waiting.post.engagement == {"likes": 7}
    assert len(list(spool.versions(post().id))) == 1


def test_a_floor_that_moved_and_a_time_that_counts_back_are_no_change_but_a_complaint_s_status_is(spool: Spool) -> None:
    ago = {"dated_by": "ago", "published_at": NOON, "complaint": Complaint(status="processing")}
    assert spool.put([post(floor=7, **ago)]) == 1
    assert spool.put([post(floor=6, **{**ago, "published_at": NOON + timedelta(minutes=40)})]) == 0
    assert spool.put([post(floor=6, **{**ago, "complaint": Complaint(status="replied")})]) == 1
    assert len(list(spool.versions(post().id))) == 2


def test_counters_in_the_byline_of_an_article_are_no_change(spool: Spool) -> None:
    byline = "来源：某网 阅读 {} 评论({}) {}小时前\n{}\n1.2万人阅读"
    assert spool.put([post(text=byline.format(12, 3, 2, "天天打电话"))]) == 1
    assert spool.put([post(text=byline.format("1.3万", 4, 5, "天天打电话"))]) == 0
    assert spool.put([post(text=byline.format(12, 3, 2, "不再打电话"))]) == 1
    assert spool.put([post(kind="reply", text="评论 3"), post(kind="reply", text="评论 4")]) == 2


def test_a_time_that_counts_back_stays_that_of_the_first_fetch(spool: Spool) -> None:
    later = NOON + timedelta(days=200)
    ago = {"dated_by": "ago", "published_at": NOON - timedelta(hours=3)}
    spool.put([post(**ago)])
    spool.put(
        [post(fetched_at=later, engagement={"likes": 7}, dated_by="ago", published_at=later - timedelta(days=180))]
    )
    spool.put([post(2), post(2, fetched_at=later, text="改了", dated_by="ago", published_at=later)])
    assert [it.post.published_at for it in spool.take(9)] == [ago["published_at"], later]


def test_counters_that_move_during_the_analysis_are_not_lost(spool: Spool) -> None:
    spool.put([post(engagement={"likes": 1})])
    taken = spool.take(1)
    spool.put([post(engagement={"likes": 2})])
    spool.done(taken)
    assert [it.post.engagement["likes"] for it in spool.take(9)] == [2]


def test_a_version_that_comes_during_the_analysis_is_not_lost(spool: Spool) -> None:
    spool.put([post()])
    taken = spool.take(1)
    spool.put([post(text="新的")])
    spool.done(taken)
    assert [it.post.text for it in spool.take(9)] == ["新的"]


def test_requeue_takes_the_newest_version_of_everything_once_more(spool: Spool) -> None:
    spool.put([post(1), post(2)])
    spool.put([post(1, "第二版")])
    spool.done(spool.take(9))
    assert spool.requeue() == 2
    assert sorted(it.post.text for it in spool.take(9)) == ["昨天催收打给我妈", "第二版"]


def test_what_is_being_analysed_when_all_is_requeued_is_analysed_again(spool: Spool) -> None:
    spool.put([post(1), post(2)])
    taken = spool.take(1)
    assert spool.requeue() == 2
    spool.done(taken)
    assert spool.depth() == 2


def test_what_was_put_survives_sigkill(tmp_path: Path) -> None:
    script = (
        "import os, sys, signal; from pathlib import Path\n"
        "from indexer.spool import Spool; from indexer.state import State\n"
        "from tests.indexer.test_spool_keeps_every_version import post\n"
        "spool = Spool(State(Path(sys.argv[1])))\n"
        "spool.put([post(1), post(2)])\n"
        "spool.state.db.execute('begin immediate'); spool.put([post(3)])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=60)
    assert [it.post.url[-1] for it in Spool(State(tmp_path)).take(9)] == ["1", "2"]


def test_the_newest_version_is_the_one_fetched_last_whatever_came_last(spool: Spool) -> None:
    spool.put([post(text="新的", fetched_at=NOON + timedelta(days=9))])
    spool.done(spool.take(9))
    old = post(text="旧的", fetched_at=NOON)
    assert spool.put([old]) == 1
    (waiting,) = spool.take(9)
    assert (waiting.post.text, waiting.versions) == ("新的", 2)
    assert [it.post.text for it in spool.versions(old.id)] == ["旧的", "新的"]
    spool.done([waiting])
    assert spool.put([old]) == 0, "the same archive once more"
    assert spool.requeue() == 1
    assert spool.take(9)[0].post.text == "新的"


def test_a_version_that_was_seen_again_later_is_newer_than_one_fetched_in_between(spool: Spool) -> None:
    spool.put([post(text="甲")])
    spool.put([post(text="甲", fetched_at=NOON + timedelta(days=9))])
    spool.put([post(text="乙", fetched_at=NOON + timedelta(days=5))])
    newest = spool.newest(post().id)
    assert newest and newest.text == "甲"


def test_what_is_deleted_is_queued_with_the_moment_and_undone_when_it_comes_back(spool: Spool) -> None:
    spool.put([post()])
    spool.done(spool.take(9))
    gone = NOON + timedelta(days=2)
    assert spool.delete([post().id, "unknown"], gone) == 1
    assert spool.delete([post().id], gone + timedelta(days=1)) == 0
    (waiting,) = spool.take(9)
    assert waiting.deleted_at == gone
    spool.done([waiting])
    assert spool.put([post(fetched_at=NOON + timedelta(days=3))]) == 1
    (waiting,) = spool.take(9)
    assert (waiting.deleted_at, waiting.versions) == (None, 1)


def test_posts_of_before_there_was_an_order_get_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schema").mkdir()
    for file in SCHEMA.glob("0[012]*.sql"):  # as an earlier version of dunwatch has it
        shutil.copy(file, tmp_path / "schema")
    late = post(text="新的", fetched_at=NOON + timedelta(days=9))
    row = (late.id, late.content_hash(), late.source, NOON.isoformat(), zlib.compress(late.model_dump_json().encode()))
    with monkeypatch.context() as before:
        before.setattr("indexer.state.SCHEMA", tmp_path / "schema")
        with State(tmp_path) as state, state.transaction() as db:
            db.execute(
                "insert into post (id, content_hash, source, first_seen_at, payload) values (?, ?, ?, ?, ?)", row
            )
    with State(tmp_path) as state:
        spool = Spool(state)
        spool.put([post(text="旧的")])
        newest = spool.newest(post().id)
        assert newest and newest.text == "新的"


def test_what_was_fetched_while_the_clock_was_ahead_makes_no_later_fetch_an_older_one(spool: Spool) -> None:
    ahead, now = NOON + timedelta(days=400), NOON + timedelta(hours=1)
    spool.keep(post(text="昨天", fetched_at=ahead), ahead)
    assert spool.keep(post(text="改了", fetched_at=now), now) == "edited"
    assert spool.keep(post(text="以前", fetched_at=NOON), now) == "older", "an archive read late stays history"
    newest = spool.newest(post().id)
    assert newest and newest.text == "改了"
    assert spool.keep(post(text="又改", fetched_at=now + timedelta(hours=1)), now + timedelta(hours=1)) == "edited"
