"""Weeks of complaints about some lenders: ordinary ones drawn by chance (seeded), and what a test adds to them."""

import hashlib
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from indexer.alerts.check import Watch
from indexer.alerts.messages.delivery import Mail
from indexer.alerts.messages.recipients import Recipient
from indexer.alerts.rules import Alerts, Spike
from indexer.document import Document
from indexer.post import Evidence, Post
from indexer.spool import Spool
from indexer.state import State, timestamp
from indexer.store.base import Store
from indexer.text.privacy import Masker
from tests.documents import document, practice

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 7, 40, tzinfo=UTC)
"""A Friday, 15:40 in Shanghai."""
LENDERS = ("招联消费金融", "马上消费金融", "借呗", "中原消费金融", "苏宁金融", "捷信消费金融")
PRACTICES = {
    "爆通讯录": ("unlawful", "他们把我通讯录里的人全打了一遍"),
    "骚扰": ("unlawful", "一天打几十个电话"),
    "威胁恐吓": ("unlawful", "说再不还就要我好看"),
    "电话催收": ("lawful", "客服来电提醒还款"),
}
_HOURS = (1, 1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 8, 9, 10, 10, 9, 8, 7, 8, 8, 6, 4, 2)
"""How busy each hour of the day is."""


def told(number: int, lender: str, practices: Iterable[str], at: datetime | None, **fields: object) -> Document:
    """A complaint about a lender that asserts these practices."""
    quotes = [PRACTICES[name][1] for name in practices]
    body = f"第{number}号借款人说，在{lender}借了钱。" + "".join(f"{quote}，编号{number}。" for quote in quotes)
    found = [
        practice(body, f"{quote}，编号{number}。", quote, name, "asserted", PRACTICES[name][0], lender=lender)
        for name, quote in zip(practices, quotes, strict=True)
    ]
    usual: dict[str, object] = {
        "body": body,
        "title": f"{lender}催收投诉 {number}",
        "source": ("board", "forum")[number % 2],
        "voice": "complaint",
        "lenders": (lender,),
        "practices": tuple(found),
        "sentiment": 0.2,
        "sentiment_label": "negative",
        "published_at": at,
        "first_seen_at": at or NOW,
        "fetched_at": at or NOW,
        "story": hashlib.sha256(body.encode()).hexdigest()[:16],
        "evidence": Evidence(warc="board-20261120.warc.gz", offset=number, sha256="ab" * 32),
    }
    return document(number, **{**usual, **fields})


def ordinary(days: int, until: datetime = NOW, seed: int = 1, a_day: float = 4.0) -> Iterator[Document]:
    """So many complaints a day about each lender, more by day than by night, fewer at weekends."""
    chance = random.Random(seed)
    number = 1
    start = (until - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    for hour in range(days * 24):
        at = start + timedelta(hours=hour)
        local = at.astimezone(ZONE)
        busy = _HOURS[local.hour] / sum(_HOURS) * (0.6 if local.weekday() >= 5 else 1.0)
        for lender in LENDERS:
            for _ in range(_poisson(chance, a_day * busy)):
                names = [chance.choices(list(PRACTICES), (1, 3, 1, 5))[0]]
                moment = at + timedelta(seconds=chance.randrange(3600))
                if moment < until:
                    yield told(number, lender, names, moment)
                number += 1


def storm(count: int, hours: float = 5, *, lender: str = "招联消费金融", names: Iterable[str] = ("爆通讯录",),
          until: datetime = NOW, first: int = 900_000) -> list[Document]:  # fmt: skip
    """So many more complaints about one lender in the hours before `until`."""
    chance = random.Random(first)
    return [
        told(first + number, lender, tuple(names), until - timedelta(seconds=chance.uniform(60, hours * 3600)))
        for number in range(count)
    ]


def watched_since(state: State, source: str, began: datetime, until: datetime, every: timedelta) -> None:
    """Crawls of a source that came to their end, one after another."""
    with state.transaction() as db:
        at = began
        while at <= until:
            db.execute(
                "insert into run (source, started_at, finished_at, outcome, counts) values (?, ?, ?, 'finished', ?)",
                (source, timestamp(at), timestamp(at), '{"pages": 9, "posts": 3, "unchanged": 1}'),
            )
            at += every


def watch(store: Store, state: State, **config: object) -> Watch:
    """A watch with the rules that ship, one recipient of everything, and a mail server that nobody asks."""
    usual: dict[str, object] = {
        "rules": (Spike(name="spike", kind="spike"),),
        "mail": Mail(host="localhost", port=2525, security="none", sender="dunwatch@example.com"),
        "recipients": (Recipient(name="team", mail="team@example.com"),),
        "base_url": "https://dunwatch.example.com",
    }
    return Watch(
        config=Alerts.model_validate({**usual, **config}),
        store=store,
        state=state,
        masker=Masker(b"key of the tests"),
        key=b"key of the tests",
        zone=ZONE,
        unlawful=frozenset(name for name, (severity, _) in PRACTICES.items() if severity == "unlawful"),
    )


def spooled(state: State, source: str, at: datetime) -> None:
    """A first Post of a source that is not crawled, so that it counts as watched since then."""
    post = Post(url=f"file:///{source}.txt", source=source, text="文", fetched_at=at)
    Spool(state).put([post])


def _poisson(chance: random.Random, mean: float) -> int:
    count, product = 0, chance.random()
    limit = 2.718281828459045**-mean
    while product > limit:
        count += 1
        product *= chance.random()
    return count
