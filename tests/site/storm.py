"""Complaints put together by chance (seeded) for any day, and the pages of the board that shows them."""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ruamel.yaml import YAML

from tests.site.pages import HERE, Page, feed_of

PARTS: dict[str, Any] = YAML(typ="safe").load((HERE / "storm.yaml").read_text(encoding="utf-8"))


def complaint(number: int, lender: str, act: str, at: datetime, chance: random.Random) -> dict[str, Any]:
    """A complaint about a lender that does `act` (one of those in storm.yaml), as the board shows it."""

    def said(choices: Sequence[str]) -> str:
        return chance.choice(choices).format(lender=lender, n=chance.randrange(2, 98))

    first, second = chance.sample(PARTS["middles"], 2)
    lines = [PARTS["begins"], PARTS["acts"][act], [first], [second], PARTS["ends"]]
    paragraphs = [said(choices) for choices in lines]
    title = f"{lender}{act}，投诉编号{number}"
    return {"id": number, "title": title, "author": f"匿名用户{number}", "shown": f"{at:%Y-%m-%d %H:%M}",
            "paragraphs": paragraphs, "views": number}  # fmt: skip


def days(
    first: datetime, until: datetime, each_day: Iterable[tuple[str, str, float]], *, number: int = 10_000, seed: int = 1
) -> Iterator[dict[str, Any]]:
    """Complaints from `first` up to `until`: of each lender and act about so many a day, at any time of the day."""
    chance = random.Random(seed)
    wanted = list(each_day)
    at = first
    while at < until:
        for lender, act, a_day in wanted:
            for _ in range(sum(chance.random() < a_day / 24 / 12 for _ in range(12))):
                yield complaint(number, lender, act, at + timedelta(minutes=chance.randrange(60)), chance)
                number += 1
        at += timedelta(hours=1)


def board(url: str, posts: Sequence[dict[str, Any]]) -> dict[str, Page]:
    """The pages of these complaints, and a feed of them at /board/complaints.xml."""
    return feed_of(url, "/board/complaints.xml", posts)
