"""Likeness over a real store: documents go in as the indexer puts them, and are read back."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.document import Document
from indexer.likeness.placing import Likeness
from indexer.state import State
from indexer.store import open_store
from tests.documents import FIRST, document, mention

FARM = """很多朋友在{0}借款之后没有按时还上，不知道{0}逾期一个月会怎么样，今天就来给大家说一说。
首先，{0}会通过短信和电话的方式提醒借款人尽快还款，这个阶段由平台自己的客服负责，态度相对温和。
其次，逾期满一个月之后，账户有可能会移交给第三方机构处理，此时接到的电话会明显增多。
最后，建议大家主动联系{0}的客服说明困难，争取办理延期或者分期，千万不要失联。"""
NEWS = """记者从监管部门获悉，该公司近日因催收外包管理不到位被处以一百二十万元罚款，两名责任人被警告。
处罚决定书显示，受托的三家外包机构存在频繁致电借款人亲属、向无关第三人透露债务信息的情况。
业内人士认为，外包机构的考核办法往往只看回款率，催收员为了提成容易越线。
公司回应称，已经终止与涉事机构的合作，后续会将投诉量纳入考核。"""
#: Texts that have nothing in common.
OTHERS = (
    "收到法院传票不代表要坐牢，信用卡纠纷属于民事案件，开庭前都还有调解的机会，关键是要有人去谈。",
    "征信查询次数多也照样有办法，公积金、社保、车辆、保单都可以做，当天放款，欢迎各地朋友来咨询合作。",
    "债务优化师是近几年新兴的职业，入门门槛低，课程包含法律基础、银行政策、沟通技巧和获客渠道四大模块。",
    "白条被停用大多是因为风控，异地登录、更换手机都会触发系统的保护机制，保持账户活跃就能慢慢恢复。",
    "物业的阿姨在电梯里问我是不是被骗了，我当时真想找个地缝钻进去，这种事情怎么跟别人解释得清楚呢。",
    "墙角的碎纸机旁边还留着几张没有碎完的律师函，落款的律所根本不存在，楼下便利店的老板都认得他们。",
)


def farm(lender: str, number: int, **fields: Any) -> Document:
    """An article of a farm's template about a lender."""
    body = FARM.format(lender)
    named = (mention(body, lender, lender),)
    return document(
        number, **{"body": body, "lenders": (lender,), "lender_mentions": named, "voice": "guide", **fields}
    )


def advert(number: int, *contacts: str, **fields: Any) -> Document:
    """An advertisement like no other that tells how to reach its writer."""
    body = f"{OTHERS[number % len(OTHERS)]}{chr(0x4E00 + number) * 30}"
    site = f"www.site{number}.example"
    return document(number, **{"body": body, "voice": "promotion", "contacts": contacts, "site": site, **fields})


def later(days: float) -> Any:
    return FIRST + timedelta(days=days)


class Placed:
    """A data directory with state and store."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.store = open_store("embedded", folder / "index", writable=True)
        self.likeness = Likeness(self.state, self.store)

    def put(self, *documents: Document) -> None:
        """As the indexer does: placed, stored, and what became stale written again."""
        self.store.put(self.likeness.place(documents))
        while self.likeness.catch_up(20):
            pass

    def one_by_one(self, documents: Iterable[Document]) -> None:
        for it in documents:
            self.put(it)

    def __getitem__(self, it: Document) -> Document:
        return self.store.get([it.id])[it.id]

    def stories(self, *documents: Document) -> list[str]:
        return [self[it].story for it in documents]

    def campaigns(self, *documents: Document) -> list[str | None]:
        return [self[it].campaign for it in documents]

    def groups(self, documents: Sequence[Document]) -> dict[str, tuple[str, str | None, str | None]]:
        """All that was placed: id → story, first print, campaign."""
        found = self.store.get([it.id for it in documents])
        return {id: (it.story, it.reprint_of, it.campaign) for id, it in found.items()}


@contextmanager
def placed_in(folder: Path) -> Iterator[Placed]:
    placed = Placed(folder)
    try:
        yield placed
    finally:
        placed.store.close()
        placed.state.close()


@pytest.fixture
def placed(tmp_path: Path) -> Iterator[Placed]:
    with placed_in(tmp_path) as made:
        yield made
