"""A mail says what, how unusual, why and where the evidence is, in both parts, with the headers that it needs."""

import io
import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from lxml import html as html_parser
from PIL import Image

from indexer.alerts.messages.delivery import Delivery
from indexer.alerts.messages.letters import Letters
from indexer.alerts.messages.notice import Notice, Point
from indexer.alerts.messages.recipients import Recipient
from indexer.text.privacy import Masker
from tests.indexer.alerts.messages.conftest import KEY, NOW, VIEW, ZONE, alert
from tests.indexer.alerts.messages.test_each_gets_what_they_follow import DIGEST

TEAM = Recipient(name="声誉组", mail="team@example.com", digest={"daily"})
ACK = "https://dunwatch.example.com/alerts/17/ack?token=13800138000"
TOLD = (
    "示例消费金融 爆通讯录 投诉 31 条，平常 5 条",
    "约每 2,000 小时才会偶然出现一次",
    "31 篇，去重后 27 件",
    "11月9日 08:00–14:00（北京时间）",
    "6 倍",
    "上限 12",
    "机构的催收行为激增",
    "示例投诉平台",
    "紧急联系人",
    "他们把欠款截图发给了我单位的同事和以前的房东。",
    "均值 0.11，平常 0.29",
    "同一模板的帖子 占 13%",
    "abababababababab",
    "sample.warc.gz",
    "11月9日 08:47",
)


def mailed(notice: Notice, recipient: Recipient = TEAM, base_url: str = "https://dunwatch.example.com") -> EmailMessage:
    """The message as a mail program reads it."""
    said = {
        "mail": {"host": "smtp.example.com", "sender": "dunwatch@example.com"},
        "recipients": [recipient],
        "base_url": base_url,
    }
    (letter,) = Letters(Delivery.model_validate(said), Masker(KEY), KEY, ZONE).to([recipient], notice, NOW)
    return message_from_bytes(letter.content, policy=policy.default)


def plain(message: EmailMessage) -> str:
    return part(message, "text/plain").get_content()


def page(message: EmailMessage) -> html_parser.HtmlElement:
    return html_parser.fromstring(part(message, "text/html").get_content())


def part(message: EmailMessage, kind: str) -> EmailMessage:
    (found,) = [it for it in message.walk() if it.get_content_type() == kind]
    assert isinstance(found, EmailMessage)
    return found


def test_subject_text_and_page_all_tell_it() -> None:
    message = mailed(alert(acknowledge=ACK, owner="王珊", note="已转客服核实"))
    assert message["Subject"] == "【预警 · 严重】示例消费金融 爆通讯录 投诉 31 条，平常 5 条"
    seen = page(message).text_content()
    for told in (*TOLD, "王珊", "已转客服核实"):
        assert told in plain(message), told
        assert told in seen, told
    links = {link.get("href") for link in page(message).iter("a")}
    assert links == {VIEW, ACK, "https://tousu.example.org/1000"}
    assert all(link in plain(message) for link in links)


def test_what_matters_comes_first() -> None:
    for said in (plain(mailed(alert())), page(mailed(alert())).find(".//table").text_content()):
        order = [said.index(told) for told in ("31 条", "约每 2,000 小时", "为什么", "代表性原帖", "SHA-256")]
        assert order == sorted(order)


def test_it_has_a_text_a_page_and_the_chart_within_the_page() -> None:
    message = mailed(alert())
    assert message.get_content_type() == "multipart/alternative"
    text, related = message.iter_parts()
    assert [text.get_content_type(), related.get_content_type()] == ["text/plain", "multipart/related"]
    picture = part(message, "image/png")
    (image,) = page(message).iter("img")
    assert image.get("src") == f"cid:{picture['Content-ID'][1:-1]}"
    assert "最高 7 条" in image.get("alt")
    assert picture.get_content_disposition() == "inline"
    drawn = Image.open(io.BytesIO(picture.get_content()))
    assert drawn.size == (1104, 368)
    colours = {colour for _, colour in drawn.convert("RGB").getcolors(4096) or ()}
    assert {(179, 38, 30), (214, 229, 243), (238, 240, 243)} <= colours  # above the band, the band, unknown


def test_the_page_works_without_a_style_sheet_or_anything_from_outside() -> None:
    source = part(mailed(alert()), "text/html").get_content()
    assert "<script" not in source
    assert not re.search(r"<link|@import|url\(", source)
    assert {it.get("src") for it in page(mailed(alert())).iter("img")} == {
        f"cid:{part(mailed(alert()), 'image/png')['Content-ID'][1:-1]}"
    }
    heading = page(mailed(alert())).find(".//h1")
    assert heading is not None
    assert "font-size" in heading.get("style")
    assert len(source.encode()) < 100_000  # where mail programs begin to cut


@pytest.mark.parametrize("points", [1, 2, 30, 2000])
def test_a_chart_of_any_length_is_drawn(points: int) -> None:
    row = tuple(Point(at=NOW + timedelta(hours=place), count=None) for place in range(points))
    assert Image.open(io.BytesIO(part(mailed(alert(points=row)), "image/png").get_content())).size == (1104, 368)
    high = tuple(
        point.model_copy(update={"count": 10**9, "expected": 0.0, "lower": 0.0, "upper": 0.0}) for point in row
    )
    assert part(mailed(alert(points=high)), "image/png").get_content()


def test_a_notice_of_words_only_is_a_mail_too() -> None:
    message = mailed(Notice(id="drift-news", kind="drift", headline="示例网站的网页变了样", summary="只读出了 2 篇。"))
    assert message["Subject"] == "【采集异常】示例网站的网页变了样"
    assert "只读出了 2 篇。" in plain(message)
    assert not [it for it in message.walk() if it.get_content_maintype() == "image"]


def test_messages_on_one_alert_are_one_thread() -> None:
    opened, grew, again, closed = (
        mailed(it) for it in (alert(), alert(kind="grew"), alert(kind="grew", number=2), alert(kind="closed"))
    )
    assert len({it["Message-ID"] for it in (opened, grew, again, closed)}) == 4
    assert opened["References"] is None
    for update in (grew, again, closed):
        assert update["References"] == update["In-Reply-To"] == opened["Message-ID"]
    assert mailed(alert())["Message-ID"] == opened["Message-ID"]
    assert mailed(alert(2))["Message-ID"] != opened["Message-ID"]
    other = Recipient(name="法务", mail="law@example.com")
    assert mailed(alert(), other)["Message-ID"] != opened["Message-ID"]


def test_it_is_addressed_to_one_and_says_that_a_program_sent_it() -> None:
    message = mailed(alert())
    assert str(message["To"]) == "声誉组 <team@example.com>"
    assert str(message["From"]) == "dunwatch 预警 <dunwatch@example.com>"
    assert message["Cc"] is message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Date"].datetime == NOW
    assert message["List-Unsubscribe"] is None
    assert max(map(len, message.as_bytes().splitlines())) <= 998
    assert message.as_bytes().isascii()


def test_a_digest_lists_alerts_and_tables_and_can_be_declined_by_one_click() -> None:
    message = mailed(DIGEST)
    assert message["Subject"] == "【日报】昨日投诉 214 条"
    for told in ("昨日投诉 214 条", "甲金融", "乙金融", "爆通讯录"):
        assert told in plain(message)
        assert told in page(message).text_content()
    by_web, by_mail = str(message["List-Unsubscribe"]).split(", ")
    assert re.fullmatch(
        r"<https://dunwatch\.example\.com/alerts/unsubscribe\?recipient=[%\w]+&digest=daily&token=\w{64}>", by_web
    )
    assert by_mail == "<mailto:dunwatch@example.com?subject=unsubscribe%20daily>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert by_web[1:-1] in {link.get("href") for link in page(message).iter("a")}


def test_without_an_address_of_the_web_page_a_digest_is_declined_by_mail() -> None:
    message = mailed(DIGEST, base_url="")
    assert str(message["List-Unsubscribe"]).startswith("<mailto:")
    assert message["List-Unsubscribe-Post"] is None
