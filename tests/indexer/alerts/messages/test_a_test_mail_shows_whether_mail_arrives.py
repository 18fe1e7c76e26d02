"""`dunwatch alerts test-mail` sends a sample over the real path and says what the server answered."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from indexer.alerts.messages.commands import test_mail as command
from indexer.alerts.messages.outbox import Outbox
from indexer.state import State
from tests.indexer.alerts.messages.mailserver import MailServer


def run(folder: Path, config: dict[str, Any], *words: str) -> Result:
    # YAML takes JSON; keys of others in the file are theirs.
    (folder / "alerts.yaml").write_text(json.dumps({"rules": [], **config}), encoding="utf-8")
    place = ["--config", str(folder), "--data", str(folder / "data")]
    return CliRunner().invoke(command, [*words, *place])


def people(server: MailServer) -> dict[str, Any]:
    names = ("team", "gone")
    return {
        "mail": server.config(),
        "recipients": [{"name": name, "mail": f"{name}@example.com"} for name in names],
    }


def test_it_tells_each_answer(tmp_path: Path, server: MailServer) -> None:
    server.at_rcpt = lambda address: "550 no such user" if address.startswith("gone") else None
    done = run(tmp_path, people(server))
    assert done.exit_code == 1
    assert "✓ team <team@example.com>: accepted by localhost" in done.output
    assert "✗ gone <gone@example.com>: 550 no such user" in done.output
    assert "1 of 2 did not arrive" in done.output
    (message,) = server.to("team@example.com")
    assert message["Subject"].startswith("【测试 · 严重】示例消费金融")


def test_it_goes_to_any_mailbox_and_every_time(tmp_path: Path, server: MailServer) -> None:
    for _ in range(2):
        done = run(tmp_path, people(server), "--to", "me@example.com")
        assert (done.exit_code, done.output) == (0, "✓ me@example.com <me@example.com>: accepted by localhost\n")
    first, second = server.to("me@example.com")
    assert first["Message-ID"] != second["Message-ID"]
    assert len(server.received) == 2


def test_a_server_that_is_down_is_told_and_nothing_is_left_to_be_sent_later(tmp_path: Path, server: MailServer) -> None:
    server.stop()
    try:
        done = run(tmp_path, people(server))
    finally:
        server.start()
    assert done.exit_code == 1
    assert "refused" in done.output
    with State(tmp_path / "data") as state:
        assert Outbox(state).status().waiting == 0


def test_wrong_names_and_no_recipients_are_wrong_use(tmp_path: Path, server: MailServer) -> None:
    for words in (["--to", "nobody"], ["--to", "a b@example.com"]):
        assert run(tmp_path, people(server), *words).exit_code == 2
    assert run(tmp_path, {}).exit_code == 2
    assert run(tmp_path, {}, "--to", "me@example.com").exit_code == 2
    assert not server.received
