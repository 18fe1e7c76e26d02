"""Groups of 企业微信, 钉钉 and 飞书, and whatever takes JSON, get short messages; what one refuses is not lost."""

import base64
import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from indexer.alerts.messages.delivery import Delivery
from indexer.alerts.messages.letters import senders
from indexer.alerts.messages.outbox import Delivered, Outbox
from indexer.state import State
from tests.indexer.alerts.messages.conftest import NOW, VIEW, alert, letters_of

SECRET = "s3cret-token-of-the-robot"
SIGNING = "SECa1b2c3"
SOON = NOW + timedelta(minutes=2)


@dataclass
class Platform:
    """Records what is posted to it, and answers as it is told to."""

    status: int = 200
    answer: bytes = b'{"errcode": 0, "errmsg": "ok"}'
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def platform() -> Iterator[Platform]:
    it = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/json"
            it.posted.append((self.path, json.loads(body)))
            self.send_response(it.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(it.answer)))
            self.end_headers()
            with suppress(
                BrokenPipeError, ConnectionResetError
            ):  # of an answer without end only the first part is read
                self.wfile.write(it.answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        it.url = f"http://127.0.0.1:{server.server_port}/hook?key={SECRET}"
        yield it
        server.shutdown()
        thread.join()


def to(kind: str, **webhook: Any) -> Delivery:
    said = {"platform": kind, "url": {"env": "DUNWATCH_TEST_HOOK"}, **webhook}
    return Delivery.model_validate({"webhooks": {"group": said}, "recipients": [{"name": "群", "webhook": "group"}]})


@pytest.fixture
def outbox(state: State, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setenv("DUNWATCH_TEST_HOOK", platform.url)
    monkeypatch.setenv("DUNWATCH_TEST_SIGNING", SIGNING)
    return Outbox(state)


def send(outbox: Outbox, by: Delivery, platform: Platform) -> tuple[str, dict[str, Any]]:
    outbox.enqueue(letters_of(by, alert()), NOW)
    assert outbox.deliver(senders(by), NOW) == Delivered(accepted=1)
    (posted,) = platform.posted
    return posted


def told(text: str) -> None:
    for words in ("**31** 条，平常 5.2 条（上限 12），6 倍", "约每 2,000 小时才会偶然出现一次", "通讯录", f"({VIEW})"):
        assert words in text


def test_a_wecom_group_gets_markdown(outbox: Outbox, platform: Platform) -> None:
    path, posted = send(outbox, to("wecom"), platform)
    assert path == f"/hook?key={SECRET}"
    assert posted["msgtype"] == "markdown"
    told(posted["markdown"]["content"])
    assert posted["markdown"]["content"].startswith("**【预警 · 严重】示例消费金融 爆通讯录 投诉 31 条，平常 5 条**\n")


def test_a_dingtalk_group_gets_signed_markdown(outbox: Outbox, platform: Platform) -> None:
    path, posted = send(outbox, to("dingtalk", signing={"env": "DUNWATCH_TEST_SIGNING"}), platform)
    assert posted["markdown"]["title"] == "【预警 · 严重】示例消费金融 爆通讯录 投诉 31 条，平常 5 条"
    told(posted["markdown"]["text"])
    query = {name: value for name, (value,) in parse_qs(urlsplit(path).query).items()}
    signed = hmac.new(SIGNING.encode(), f"{query['timestamp']}\n{SIGNING}".encode(), hashlib.sha256).digest()
    assert query == {"key": SECRET, "timestamp": query["timestamp"], "sign": base64.b64encode(signed).decode()}
    assert len(query["timestamp"]) == 13


def test_a_feishu_group_gets_a_signed_card(outbox: Outbox, platform: Platform) -> None:
    platform.answer = b'{"code": 0, "msg": "success"}'
    _, posted = send(outbox, to("feishu", signing={"env": "DUNWATCH_TEST_SIGNING"}), platform)
    assert posted["msg_type"] == "interactive"
    assert posted["card"]["header"]["template"] == "red"
    told(posted["card"]["elements"][0]["content"])
    signed = hmac.new(f"{posted['timestamp']}\n{SIGNING}".encode(), digestmod=hashlib.sha256).digest()
    assert posted["sign"] == base64.b64encode(signed).decode()


def test_anything_else_gets_the_whole_notice_as_json(outbox: Outbox, platform: Platform) -> None:
    platform.status, platform.answer = 204, b""
    _, posted = send(outbox, to("json"), platform)
    assert posted["version"] == 1
    assert posted["key"] == "alert-1/opened/1"
    assert posted["notice"]["measure"]["observed"] == 31
    assert posted["notice"]["quotes"][0]["sha256"] == "ab" * 32
    told(posted["text"])


@pytest.mark.parametrize(
    ("kind", "status", "answer", "why"),
    [
        ("wecom", 200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "93000 invalid webhook url"),
        ("wecom", 200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}', "45009 api freq out of limit"),
        ("dingtalk", 200, b'{"errcode": 310000, "errmsg": "keywords not in content"}', "310000 keywords not in"),
        ("feishu", 200, b'{"code": 19024, "msg": "Key Words Not Found"}', "19024 Key Words Not Found"),
        ("feishu", 200, b"<html>a portal that wants a login</html>", "isn't the platform's"),
        ("wecom", 200, b"{}", "isn't the platform's"),
        ("wecom", 200, b"[]", "isn't the platform's"),
        ("wecom", 200, b"x" * 1_000_000, "isn't the platform's"),
        ("json", 500, b"", "HTTP 500"),
        ("json", 404, b"", "HTTP 404"),
        ("json", 302, b"", "HTTP 302"),
    ],
)
def test_what_is_not_taken_is_tried_again_until_it_is(
    outbox: Outbox, platform: Platform, kind: str, status: int, answer: bytes, why: str
) -> None:
    by = to(kind)
    platform.status, platform.answer = status, answer
    outbox.enqueue(letters_of(by, alert()), NOW)
    assert outbox.deliver(senders(by), NOW) == Delivered(later=1)
    assert why in outbox.status().last_answer
    platform.status, platform.answer = 200, b'{"code": 0, "errcode": 0}'
    assert outbox.deliver(senders(by), SOON) == Delivered(accepted=1)
    assert [path for path, _ in platform.posted] == [f"/hook?key={SECRET}"] * 2


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:1/hook?key={SECRET}",
        f"https://127.0.0.1:1/hook?key={SECRET}",
        f"http://{SECRET}.invalid/hook",
        f"no address {SECRET}",
        f"ftp://example.com/{SECRET}",
        "",
    ],
)
def test_an_address_that_does_not_work_is_never_repeated(
    outbox: Outbox, state: State, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    monkeypatch.setenv("DUNWATCH_TEST_HOOK", url)
    by = to("wecom")
    outbox.enqueue(letters_of(by, alert()), NOW)
    with caplog.at_level(logging.DEBUG):
        assert outbox.deliver(senders(by), NOW) == Delivered(later=1)
    assert outbox.status().last_answer.startswith("group: ")
    assert SECRET not in caplog.text
    assert SECRET.encode() not in state.path.read_bytes() + state.path.with_name("state.sqlite-wal").read_bytes()


def test_an_address_may_come_from_a_file(outbox: Outbox, platform: Platform, tmp_path: Path) -> None:
    (tmp_path / "hook").write_text(platform.url + "\n", encoding="utf-8")
    send(outbox, to("wecom", url={"file": str(tmp_path / "hook")}), platform)


def test_a_robot_gets_no_more_than_twenty_a_minute(outbox: Outbox, platform: Platform) -> None:
    by = to("wecom")
    outbox.enqueue(letters_of(by, *(alert(number) for number in range(25))), NOW)
    assert [outbox.deliver(senders(by), now).accepted for now in (NOW, NOW, SOON)] == [20, 0, 5]
