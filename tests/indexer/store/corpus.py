"""Documents that are hard to tell apart: the words of some stand across the full stops and lines of others."""

import random
from datetime import timedelta

from indexer.document import Document
from indexer.post import Complaint, ComplaintStatus
from tests.documents import FIRST, complaint, document, practice

LENDERS = ("招联消费金融", "马上消费金融", "苏宁金融", "借呗")
STATUSES: tuple[ComplaintStatus | None, ...] = ("processing", "replied", "completed", "closed", None)
PIECES = (
    "昨天他们暴力催收，骂我妈",
    "平台严禁暴力催收",
    "手段包括暴力。催收从早到晚",
    "我用的是APP借的钱，招联 APP打不开",
    "年化36%，本金5000元",
    "他们冒充公检法",
    "逾期三天就爆通讯录",
    "催",
    "收",
    "「催收员」说e-mail已经发了",
    "乾隆通宝，与贷款无关",
    "ＡＰＰ与Ｃａｆé都提到了",
    "催收催收催收",
    "no Chinese here: debt collection by phone",
    "银保监会、协会都管",
)


def corpus(count: int = 120) -> list[Document]:
    """The same documents each time: dated and not, with every filter's values, some equal in all that is sorted by."""
    chance = random.Random(7)
    made = []
    for number in range(count):
        pieces = chance.sample(PIECES, chance.randint(1, 5))
        body = chance.choice(["。", "，", "\n"]).join(pieces)
        practices = []
        if "暴力催收" in body:
            stance = "denied" if "严禁" in body else "asserted"
            about = chance.choice([None, "借呗"])
            practices.append(practice(body, "暴力催收", "暴力催收", "暴力催收", stance, "unlawful", lender=about))
        sentiment = chance.choice([0.1, 0.1, 0.5, 0.9])
        made.append(
            document(
                number,
                title=chance.choice(["催收", "逾期了怎么办", "APP 投诉", "", f"之{number}"]),
                body=body,
                lenders=tuple(chance.sample(LENDERS, chance.randint(0, 2))),
                practices=tuple(practices),
                sentiment=sentiment,
                sentiment_label={0.1: "negative", 0.5: "neutral", 0.9: "positive"}[sentiment],
                voice=chance.choice(["complaint", "news", "guide"]),
                source=chance.choice(["a-site", "b-site"]),
                category=chance.choice(["", "逾期频道"]),
                complaint=_filed(number, chance.choice(STATUSES)) if number % 4 == 0 else None,
                kind="complaint" if number % 8 == 0 else "article",
                generated=number % 11 == 0,
                deleted_at=FIRST + timedelta(days=40) if number % 13 == 0 else None,
                versions=1 + number % 3,
                reprint_of="0" * 24 if number % 5 == 0 else None,
                contacts=("phone:1234567890abcdef",) if number % 9 == 0 else (),
                published_at=None if number % 7 == 0 else FIRST + timedelta(hours=5 * (number // 2)),
            )
        )
    return [*made, complaint()]


def _filed(number: int, status: ComplaintStatus | None) -> Complaint:
    return Complaint(status=status, reply_hours=number / 3 if status in ("replied", "completed") else None)
