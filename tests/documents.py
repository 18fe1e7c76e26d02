"""Documents as the analysis makes them, small and known; people, numbers and addresses invented."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from indexer.document import Document, LenderMention, Practice, Sentence
from indexer.post import Complaint, Evidence, document_id

FIRST = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def document(number: int = 0, **fields: Any) -> Document:
    """A Document that differs from those of other numbers; `fields` replace what it would have."""
    url = fields.pop("url", f"https://news.example.com/{number}.html")
    body = fields.pop("body", f"第{number}篇：逾期之后平台通过短信提醒借款人还款。")
    usual: dict[str, Any] = {
        "id": document_id(url),
        "url": url,
        "source": "example-news",
        "site": "news.example.com",
        "kind": "article",
        "title": f"逾期还款提醒之{number}",
        "body": body,
        "published_at": FIRST + timedelta(hours=6 * number),
        "dated_by": "meta",
        "first_seen_at": FIRST + timedelta(days=30),
        "fetched_at": FIRST + timedelta(days=30),
        "sentiment": 0.5,
        "sentiment_label": "neutral",
        "voice": "news",
        "story": hashlib.sha256(body.encode()).hexdigest()[:24],
        "analysis_version": "test",
    }
    return Document(**{**usual, **fields})


def practice(text: str, quote: str, phrase: str, id: str, stance: str, severity: str, **fields: Any) -> Practice:
    """A practice where `quote` stands in `text`."""
    start = text.index(quote)
    words = {"id": id, "stance": stance, "severity": severity, "quote": quote, "phrase": phrase}
    return Practice(**{**words, "start": start, "end": start + len(quote), **fields})


def mention(text: str, lender: str, alias: str, **fields: Any) -> LenderMention:
    """The first place where `alias` stands in `text`."""
    start = text.index(alias)
    return LenderMention(**{"lender": lender, "alias": alias, "start": start, "end": start + len(alias), **fields})


COMPLAINT_BODY = """我今年失业，在招联消费金融的借款逾期才二十天，已经打了三次客服要求协商，都说没有政策。
昨天他们的催收给我妈打电话，张口就骂，说再不还就带人上门。
他们还把我的欠款信息发给了单位的同事，爆通讯录这种事也干得出来。希望有关部门管一管。"""


def complaint(number: int = 1000, **fields: Any) -> Document:
    """A borrower's complaint: a lender, three practices asserted, a worst sentence, a word put back, evidence."""
    body = COMPLAINT_BODY
    curse = "昨天他们的催收给我妈打电话，张口就骂，说再不还就带人上门。"
    outing = "他们还把我的欠款信息发给了单位的同事，爆通讯录这种事也干得出来。"
    restored = body.index("电话")
    usual: dict[str, Any] = {
        "url": f"https://tousu.example.org/{number}",
        "source": "example-board",
        "site": "tousu.example.org",
        "kind": "complaint",
        "title": "我被招联消费金融逼得快崩溃了",
        "body": body,
        "lenders": ("招联消费金融",),
        "lender_mentions": (
            mention(body, "招联消费金融", "招联消费金融"),
            mention("我被招联消费金融逼得快崩溃了", "招联消费金融", "招联消费金融", where="title"),
        ),
        "practices": (
            practice(body, curse, "张口就骂", "侮辱辱骂", "asserted", "unlawful", lender="招联消费金融"),
            practice(body, curse, "带人上门", "上门催收", "possible", "aggressive", lender="招联消费金融"),
            practice(body, outing, "爆通讯录", "爆通讯录", "asserted", "unlawful", lender="招联消费金融"),
        ),
        "sentiment": 0.06,
        "sentiment_label": "negative",
        "worst_sentence": Sentence(text=curse, score=0.02, start=body.index(curse), end=body.index(curse) + len(curse)),
        "voice": "complaint",
        "repairs": {"pinyin": 3, "traditional": 12, "restored": 1},
        "restored": ((restored, restored + 2),),
        "complaint": Complaint(
            status="replied",
            said="已回复",
            amount=8000,
            demand="停止催收，协商还款",
            merchant="招联消费金融",
            replied_at=FIRST + timedelta(hours=30),
            reply_hours=30,
        ),
        "engagement": {"replies": 12, "likes": 40},
        "evidence": Evidence(warc="20261102-board.warc.gz", offset=4096, sha256="ab" * 32),
    }
    return document(number, **{**usual, **fields})
