"""A source whose crawls fail again and again is told once, and once more when it is there again."""

import email
import zlib
from contextlib import closing
from datetime import timedelta
from email.policy import default
from pathlib import Path

from indexer.state import State, timestamp
from indexer.store.embedded import EmbeddedStore
from tests.indexer.alerts.world import NOW, watch


def planned(state: State, failures: int, since_hours: float = 9) -> None:
    since = timestamp(NOW - timedelta(hours=since_hours)) if failures else None
    with state.transaction() as db:
        words = (timestamp(NOW), timestamp(NOW + timedelta(hours=4)), failures, since, "no page answered: 3 timeout")
        db.execute(
            "insert or replace into schedule (source, since, due_at, failures, failing_since, error)"
            " values ('some-board', ?, ?, ?, ?, ?)",
            words,
        )


def letters(state: State) -> list[str]:
    """Subject and text of all messages."""
    found = []
    for row in state.db.execute("select content from outbox order by seq"):
        message = email.message_from_bytes(zlib.decompress(row["content"]), policy=default)
        body = message.get_body(("plain",))
        assert body
        found.append(f"{message['subject']}\n{body.get_content()}")
    return found


def test_what_the_alarm_of_drift_told_is_not_told_again(tmp_path: Path) -> None:
    with State(tmp_path) as state, closing(EmbeddedStore(tmp_path / "index", writable=True)) as store:
        planned(state, 3)
        with state.transaction() as db:
            asked = "insert into drift (source, opened_at, first, signs) values ('some-board', ?, 1, '[]')"
            db.execute(asked, (timestamp(NOW),))
        watch(store, state).check(NOW)
        assert letters(state) == []


def test_it_is_told_once_for_each_time_it_fails(tmp_path: Path) -> None:
    with State(tmp_path) as state, closing(EmbeddedStore(tmp_path / "index", writable=True)) as store:
        watching = watch(store, state)
        planned(state, 2)
        watching.check(NOW)
        assert letters(state) == []
        for failures in (3, 4, 5):
            planned(state, failures)
            watching.check(NOW)
        (told,) = letters(state)
        assert "采集异常" in told
        assert "来源 some-board 连续 3 次采集失败" in told
        assert "no page answered: 3 timeout" in told
        for _ in range(2):
            planned(state, 0)
            watching.check(NOW)
        assert "来源 some-board 恢复采集" in letters(state)[1]
        planned(state, 3, since_hours=1)
        watching.check(NOW)
        assert len(letters(state)) == 3
