"""Forum threads, invented: what pages of several kinds of forum software show, and what a crawl must find."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
FIRST = datetime(2026, 10, 3, 8, 15, 20, tzinfo=CHINA)
AUTHORS = ("海边的石头", "逾期三个月", "老周讲信用", "不想再接电话", "小鱼干", "山城过客", "匿名")
OPENERS = (
    "招联消费金融的催收昨天给我妈打电话，张口就骂，我妈一夜没睡。我逾期才二十天，已经申请了三次协商，都被拒绝。",
    "马上消费金融一天打我六十多个电话，还冒充法院的人说要上门抓我，大家遇到过吗？",
    "中邮消费金融的客服这次帮我办了分期，态度很好，说一下过程给大家参考。",
)
REPLIES = (
    "我也是，通讯录里的人都被打了一遍，连前同事都知道我欠钱了。",
    "先录音，再去投诉，他们怕这个。",
    "对方说明天就派人到我单位去，我现在上班都提心吊胆。",
    "楼上说得对，协商还款要自己打官方客服，不要找中介。",
    "我是去年还清的，还清之后短信还发了两个月，真的很烦。",
)


@dataclass(frozen=True)
class Said:
    """A post of a thread; `quote` is the one that it quotes."""

    id: int
    floor: int
    author: str
    at: datetime
    text: str
    quote: "Said | None" = None

    @property
    def utc(self) -> datetime:
        return self.at.astimezone(UTC)


@dataclass(frozen=True)
class Thread:
    id: int
    title: str
    posts: tuple[Said, ...] = field(repr=False)

    def pages(self, size: int) -> list[tuple[Said, ...]]:
        return [self.posts[start : start + size] for start in range(0, len(self.posts), size)]


def threads(count: int = 5) -> list[Thread]:
    """That many threads; each has its own length, from one post to several pages of them."""
    lengths = (23, 1, 10, 11, 4, 20, 7)
    made = []
    for number in range(count):
        length = lengths[number % len(lengths)]
        title = f"{('招联', '马上', '中邮')[number % 3]}消费金融的催收，大家帮我看看（{number + 1}）"
        made.append(Thread(100 + number, title, tuple(_posts(number, length))))
    return made


def _posts(number: int, length: int) -> Iterator[Said]:
    earlier: list[Said] = []
    for place in range(length):
        quote = earlier[-2] if place % 4 == 3 else None
        text = OPENERS[number % 3] if not place else f"{REPLIES[(number + place) % 5]}（第{place + 1}条）"
        author = AUTHORS[(number * 3 + place * place) % len(AUTHORS)]
        at = FIRST + timedelta(days=number, minutes=37 * place, seconds=place)
        earlier.append(Said(1000 * (number + 1) + place * 3, place + 1, author, at, text, quote))
    return iter(earlier)
