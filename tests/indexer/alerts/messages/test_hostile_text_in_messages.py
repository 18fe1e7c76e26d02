"""Whatever the web puts into a field: no header, script, link, mention or personal datum gets into a message by it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as html_parser
from pydantic import BaseModel

from indexer.alerts.messages.chat import body
from indexer.alerts.messages.gate import gated
from indexer.alerts.messages.notice import Digest, Listed, Notice, OwnAddress, Row, Table, Verbatim
from indexer.text.privacy import Masker
from tests.indexer.alerts.messages.conftest import KEY, NOW, VIEW, ZONE, alert
from tests.indexer.alerts.messages.test_a_mail_tells_it_in_ten_seconds import mailed, part, plain

MASKER = Masker(KEY)
HOSTILE = [
    '<script>alert(1)</script><img src=x onerror=alert(2)>"><svg onload=alert(3)>催收',
    "催收\r\nBcc: everyone@example.com\r\n\r\n<b>另一封</b>",
    "催收\nX-Injected: 1\x0bX-A: 1\x85X-B: 1\u2028X-C: 1\x00\x1b[31m",
    "\u202e催收力暴\u2066 abc\u202c\u200b\ufeff",
    "a" * 1_000_000,
    "催" * 1_000_000,
    "\ud800\udfff 半个字符 \ud83d",
    "{{ 7 * 7 }}{% for x in y %}{{ it.__class__ }}",
    "</td></tr></table></body></html><style>body{display:none}</style>",
    "=?utf-8?q?=0D=0ABcc:_x@example.com?=",
    "javascript:alert(1)",
    "@all <at id=all></at> [点我](http://evil.example) **x** `y` | # ~ \\",
]
PERSONAL = ["13812345678", "身份证110101199003078515", "邮箱zhangsan1990@qq.com", "微信号wx_zhang1990"]
EXPECTED_HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version",
    "Content-Type",
}  # fmt: skip
UNSEEN = "\u200b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\x00\x0b\x1b\x85\u2028"


def filled(value: Any, text: str) -> Any:
    """The value with `text` in every field that may come from the web."""
    if isinstance(value, BaseModel):
        changed = {
            name: filled(getattr(value, name), text)
            for name, field in type(value).model_fields.items()
            if name not in ("kind", "severity")
            and not any(isinstance(it, Verbatim | OwnAddress) for it in field.metadata)
        }
        return value.model_copy(update=changed)
    if isinstance(value, tuple):
        return tuple(filled(item, text) for item in value)
    return text if isinstance(value, str) else value


def hostile(text: str) -> Notice:
    """An alert and a digest in one, with that text everywhere."""
    listed = Listed(headline="x", state="x", observed=1, expected=1, started_at=NOW)
    table = Table(title="x", rows=(Row(name="x", count=1),) * 40)
    digest = Digest(start=NOW, end=NOW, alerts=(listed,) * 40, tables=(table,) * 10)
    return filled(alert(digest=digest, summary="x", owner="x", note="x"), text)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_mail_stays_whole(text: str) -> None:
    message = mailed(hostile(text))
    assert set(message.keys()) == EXPECTED_HEADERS
    assert len(message["To"].addresses) == 1
    source = part(message, "text/html").get_content()
    tree = html_parser.fromstring(source)
    assert not list(tree.iter("script", "svg", "b"))
    assert len(list(tree.iter("style", "body"))) == 2
    assert not [it for element in tree.iter() for it in element.attrib if str(it).startswith("on")]
    assert {image.get("src", "")[:4] for image in tree.iter("img")} == {"cid:"}
    assert {link.get("href") for link in tree.iter("a")} <= {VIEW}
    for said in (str(message["Subject"]), plain(message), source):
        assert not any(mark in said for mark in UNSEEN)
        assert len(said) < 100_000
    assert "49" not in message["Subject"]


@pytest.mark.parametrize("platform", ["wecom", "dingtalk", "feishu", "json"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_group_message_stays_whole_and_short(text: str, platform: Any) -> None:
    said = json.loads(body(gated(hostile(text), MASKER), platform, ZONE))
    shown = {
        "wecom": lambda: said["markdown"]["content"],
        "dingtalk": lambda: said["markdown"]["text"],
        "feishu": lambda: said["card"]["header"]["title"]["content"] + said["card"]["elements"][0]["content"],
        "json": lambda: said["text"],
    }[platform]()
    assert len(shown.encode()) < 4096
    assert not any(mark in shown for mark in ("<", "@", "`", *UNSEEN))
    assert shown.count("](") == 1
    assert f"]({VIEW})" in shown


@pytest.mark.parametrize("text", PERSONAL)
def test_nothing_personal_leaves_in_any_field(text: str) -> None:
    number = text.lstrip("身份证邮箱微信号")
    for notice in (hostile(text), hostile("催" * 30 + text + "收" * 400), hostile(f"http://example.com/{text}")):
        message = mailed(notice)
        everything = [str(message["Subject"]), plain(message), part(message, "text/html").get_content()]
        for platform in ("wecom", "dingtalk", "feishu", "json"):
            everything += strings(json.loads(body(gated(notice, MASKER), platform, ZONE)))
        assert not any(number in it for it in everything)


def test_a_number_is_not_cut_in_half_where_a_text_is_cut() -> None:
    shrinking = f"{'a' * 60}@example.com，" * 3  # to a few characters once it is masked
    for length in range(120):
        said = (shrinking if length % 2 else "") + "催" * (length // 2) + "13812345678，" * 3 + "收" * 300
        assert "1381" not in gated(Notice(id="x", kind="drift", headline=said), MASKER).headline


def test_what_dunwatch_says_itself_passes_unchanged() -> None:
    notice = alert(acknowledge=f"{VIEW}/ack?token=13812345678", owner="王珊", lenders=("马上消费金融", "招联消费金融"))
    assert gated(notice, MASKER) == notice


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.com/x",
        "https://",
        "http://[::1",
        "https://example.com/\r\nx",
        "https://example.com/" + "a" * 3000,
        " javascript:alert(1)",
        "https:///x",
    ],
)
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    alone = alert(view=url, acknowledge=url)
    quotes = tuple(it.model_copy(update={"page": url, "view": url}) for it in alone.quotes)
    message = mailed(alone.model_copy(update={"quotes": quotes}))
    assert not list(html_parser.fromstring(part(message, "text/html").get_content()).iter("a"))
    assert url.strip() not in plain(message)


def test_an_address_cannot_break_out_of_its_attribute() -> None:
    url = "https://example.com/\"><script>alert(1)</script>?q='催收 收"
    quotes = tuple(it.model_copy(update={"page": url}) for it in alert().quotes)
    tree = html_parser.fromstring(part(mailed(alert(quotes=quotes)), "text/html").get_content())
    assert not list(tree.iter("script"))
    (link,) = {it.get("href") for it in tree.iter("a")} - {VIEW}
    assert link.startswith("https://example.com/%22%3E%3Cscript%3E")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=400))
def test_any_text_makes_a_mail_that_can_be_read(text: str) -> None:
    message = mailed(filled(alert(points=(), summary="x"), text))
    assert set(message.keys()) == EXPECTED_HEADERS
    assert message.defects == []
    assert plain(message)
    html_parser.fromstring(part(message, "text/html").get_content())
