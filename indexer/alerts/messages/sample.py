"""A Notice with everything in it, invented, to see how a message looks and whether it arrives."""

from datetime import datetime, timedelta
from math import cos, pi

from indexer.alerts.messages.notice import Campaign, Change, Driver, Measure, Notice, Point, Quoted, Share

_HOURS = 7 * 24
_RISE = (3, 4, 6, 5, 7, 6)


def sample(now: datetime, view: str = "") -> Notice:
    """An alert of the last six hours; names no lender that exists. `view` is where its links lead."""
    end = now.replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(hours=len(_RISE))
    return Notice(
        id=f"test-{now:%Y%m%d%H%M%S%f}",
        kind="test",
        headline="示例消费金融 爆通讯录 投诉 31 条，平常 5 条",
        summary="这是一封测试邮件，内容是虚构的。能看到它，说明预警可以送达。",
        severity="high",
        lenders=("示例消费金融",),
        practices=("爆通讯录",),
        measure=Measure(
            series="示例消费金融 · 爆通讯录",
            rule="机构的催收行为激增",
            start=start,
            end=end,
            observed=31,
            expected=5.2,
            upper=12,
            rarity="约每 2,000 小时才会偶然出现一次",
            documents=31,
            stories=27,
        ),
        points=tuple(_point(end - timedelta(hours=_HOURS - place), place) for place in range(_HOURS)),
        drivers=(
            Driver(kind="source", shares=(Share(name="示例投诉平台", count=24, share=0.77, before=3.1),)),
            Driver(
                kind="term",
                shares=(
                    Share(name="通讯录", count=22, share=0.71, before=2.0),
                    Share(name="发给同事", count=11, share=0.35, before=0.2),
                    Share(name="紧急联系人", count=9, share=0.29, before=0.6),
                ),
            ),
        ),
        quotes=(
            _quoted("逾期三天就爆我通讯录", "他们把欠款截图发给了我单位的同事和以前的房东。", 0.04, start, view),
            _quoted("请求停止骚扰家人", "一上午给我父母打了十几个电话，张口就骂。", 0.08, start, view),
            _quoted("协商无果，联系人被轰炸", "客服说没有政策，当天就开始联系我的紧急联系人。", 0.15, start, view),
        ),
        sentiment=Change(now=0.11, before=0.29),
        campaign=Campaign(name="同一模板的帖子", share=0.13),
        view=view,
    )


def _point(at: datetime, place: int) -> Point:
    """An hour: more by day than by night, the rise in the last hours, and two hours in which the source was down."""
    day = max(0.2, 1 - cos(2 * pi * (at.hour - 4) / 24))
    rise = place - (_HOURS - len(_RISE))
    ordinary = round(day * (0.4 + (place * 7 % 5) / 5))
    count = None if place in (60, 61) else _RISE[rise] if rise >= 0 else ordinary
    return Point(at=at, count=count, expected=day * 0.8, lower=0, upper=1.2 + day * 1.4)


def _quoted(title: str, quote: str, sentiment: float, at: datetime, view: str) -> Quoted:
    return Quoted(
        title=title,
        quote=quote,
        source="示例投诉平台",
        published_at=at + timedelta(minutes=47),
        sentiment=sentiment,
        view=view,
        page="https://tousu.example.org/1000",
        sha256="ab" * 32,
        warc="sample.warc.gz",
    )
