"""Renders a Notice as a MIME message: plain text and HTML that say the same, and the chart as an inline picture."""

import hashlib
from datetime import datetime, tzinfo
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from indexer.alerts.messages import words
from indexer.alerts.messages.chart import chart
from indexer.alerts.messages.delivery import Mail
from indexer.alerts.messages.notice import DIGESTS, Notice
from indexer.alerts.messages.recipients import Recipient

TEMPLATES = Path(__file__).with_name("templates")
LEGEND = "柱：每个时段的条数，红色超出上限；色带：平常范围；线：预期；灰底：来源中断。"


class Mailer:
    """Renders notices that have passed the gate, for the mailbox of one recipient each, with times in `zone`."""

    def __init__(self, mail: Mail, zone: tzinfo) -> None:
        self._mail = mail
        self._zone = zone
        self._domain = mail.sender.rpartition("@")[2]
        self._pages = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=lambda name: bool(name and name.endswith(".html")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters.update(words.saying(zone))
        self._inliner = CSSInliner(
            inline_style_tags=False,  # what is in the page is for screens and stays
            keep_style_tags=True,
            load_remote_stylesheets=False,
            extra_css=(TEMPLATES / "style.css").read_text(encoding="utf-8"),
        )

    def render(self, notice: Notice, recipient: Recipient, now: datetime, *, unsubscribe: str = "") -> EmailMessage:
        """The message. `unsubscribe` is the address that ends a digest by one click (RFC 8058)."""
        message = EmailMessage(policy=SMTP)
        self._address(message, notice, recipient, now)
        if notice.kind in DIGESTS:
            self._may_be_declined(message, notice, unsubscribe)
        picture = self._picture(notice)
        cid = f"chart.{_digest(notice.key, recipient.name)}@{self._domain}"
        shown = self._shown(notice, recipient, cid, unsubscribe)
        text = self._pages.get_template("mail.txt").render(shown)
        html = self._inliner.inline(self._pages.get_template("mail.html").render(shown))
        message.set_content(text, cte="base64")
        message.add_alternative(html, subtype="html", cte="base64")
        if picture:
            body = message.get_body(("html",))
            assert isinstance(body, EmailMessage)
            body.add_related(picture, "image", "png", cid=f"<{cid}>", disposition="inline", filename="chart.png")
        return message

    def _address(self, message: EmailMessage, notice: Notice, recipient: Recipient, now: datetime) -> None:
        sender, to = self._mail.sender, recipient.mail or ""
        message["From"] = Address(_plain(self._mail.sender_name), addr_spec=sender)
        message["To"] = Address(_plain(recipient.name), addr_spec=to)
        if self._mail.reply_to:
            message["Reply-To"] = Address(addr_spec=self._mail.reply_to)
        message["Subject"] = _plain(f"【{words.kind(notice)}】{notice.headline}")
        message["Date"] = format_datetime(now)
        message["Message-ID"] = self._id(notice.key, recipient)
        if notice.kind not in ("opened", *DIGESTS):
            first = self._id(f"{notice.id}/opened/1", recipient)
            message["In-Reply-To"] = first
            message["References"] = first
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"

    def _may_be_declined(self, message: EmailMessage, notice: Notice, unsubscribe: str) -> None:
        by_mail = f"<mailto:{self._mail.reply_to or self._mail.sender}?subject=unsubscribe%20{notice.kind}>"
        message["List-Id"] = f"<{notice.kind}.dunwatch.{self._domain}>"
        message["List-Unsubscribe"] = f"<{unsubscribe}>, {by_mail}" if unsubscribe else by_mail
        if unsubscribe.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"

    def _id(self, key: str, recipient: Recipient) -> str:
        """The same for the same message to the same recipient, so that one that is sent again is known again."""
        return f"<{_digest(key, recipient.name)}@{self._domain}>"

    def _picture(self, notice: Notice) -> bytes:
        if not notice.points:
            return b""
        start, end = notice.points[0].at, notice.points[-1].at
        if notice.measure:
            start, end = notice.measure.start, notice.measure.end
        return chart(notice.points, start, end, self._zone)

    def _shown(self, notice: Notice, recipient: Recipient, cid: str, unsubscribe: str) -> dict[str, object]:
        return {
            "it": notice,
            "kind": words.kind(notice),
            "tone": words.TONE.get(notice.kind, "red"),
            "preview": words.preview(notice),
            "cid": cid,
            "alt": words.chart_in_words(notice, self._zone),
            "legend": LEGEND,
            "sparkline": words.sparkline(notice.points),
            "footer": words.footer(notice, recipient.name),
            "unsubscribe": unsubscribe,
        }


def _plain(text: str) -> str:
    """Text for a header: what looks like an encoded word (RFC 2047) would be decoded, line breaks and all."""
    return text.replace("=?", "=？")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
