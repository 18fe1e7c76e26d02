"""A complaint board: lists in JSON, a page and a JSON answer for each complaint. Everything in it is invented."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.site.threads import CHINA

A_LIST = 4
FIRST = datetime(2026, 11, 2, 9, 30, 5, tzinfo=CHINA)
MERCHANTS = ("招联消费金融", "马上消费金融", "中邮消费金融")
TEXTS = (
    "催收人员给我的紧急联系人打电话，说我是老赖，还辱骂我的父亲，要求立即停止并道歉。",
    "逾期十天，一天接到七十多个电话，还收到自称法院的短信，要求出具合规的还款方案。",
    "罚息算不清楚，要求给出明细，多收的费用退给我。",
)
ANSWERS = ("您好，已安排专员与您联系，为您登记协商还款。", "经核实，合作机构存在不规范行为，已要求整改。")


@dataclass(frozen=True)
class Step:
    who: str
    does: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Filed:
    """A complaint as the board has it."""

    id: int
    title: str
    author: str
    at: datetime
    merchant: str
    demand: str
    amount: int
    status: str
    steps: tuple[Step, ...]


def complaints(count: int = 10) -> list[Filed]:
    """Every third waits, every third is answered, every third done; each later than the one before."""
    return [_complaint(number) for number in range(count)]


def board(url: str, render: Callable[..., str]) -> Iterator[tuple[str, str, bytes]]:
    """Path, type and body of every page."""
    filed = complaints()
    amount = -(-len(filed) // A_LIST)
    for page in range(1, amount + 1):
        some = filed[(page - 1) * A_LIST : page * A_LIST]
        lists = [{"main": _listed(it, url), "author": {"title": it.author}} for it in some]
        pager = {"current": page, "next": page + 1 if page < amount else 0, "page_amount": amount}
        named = ("complaints", "lists")[page % 2]  # as for one firm, and for all
        answer = {"result": {"status": {"code": 0}, "data": {named: lists, "pager": pager}}}
        yield f"/tousu/api/index/feed?page={page}&type=1", "application/json", json.dumps(answer).encode()
    for it in filed:
        yield f"/tousu/complaint/view/{it.id}/", "text/html; charset=utf-8", render("tousu.html", it=it).encode()
        yield f"/tousu/api/complaint/{it.id}", "application/json", json.dumps(detail(it)).encode()


def detail(it: Filed) -> dict[str, Any]:
    """A complaint as the board's JSON answers."""
    steps = [
        {"who": s.who, "type": s.does, "time": int(s.at.timestamp()), "html": f"<p>{s.text}</p>"} for s in it.steps
    ]
    return {
        "data": {
            "sn": it.id,
            "title": it.title,
            "user": {"name": it.author},
            "company": {"name": it.merchant},
            "appeal": it.demand.split("，"),
            "cost": f"{it.amount:,}",
            "status": it.status,
            "steps": steps,
            "created": it.at.strftime("%Y-%m-%d %H:%M:%S"),
        }
    }


def _complaint(number: int) -> Filed:
    at = FIRST + timedelta(hours=5 * number, seconds=number)
    author, merchant = f"匿名用户{number + 11}", MERCHANTS[number % 3]
    status = ("处理中", "已回复", "已完成")[number % 3]
    steps = [Step(author, "发起投诉", at, TEXTS[number % 3] + f"（编号{number}）")]
    if number % 3:
        steps.append(Step(merchant, "回复投诉", at + timedelta(hours=3 + number), ANSWERS[number % 2]))
        steps.append(Step(merchant, "回复投诉", at + timedelta(hours=30 + number), "已与您取得联系，感谢理解。"))
    if number % 3 == 2:
        steps.append(Step(author, "确认完成投诉", at + timedelta(hours=50 + number), "问题已解决。"))
    title = f"{merchant}催收骚扰家人（第{number + 1}件）"
    return Filed(
        17000 + number, title, author, at, merchant, "停止催收，道歉", 1200 + 350 * number, status, tuple(steps)
    )


def _listed(it: Filed, url: str) -> dict[str, Any]:
    return {
        "sn": str(it.id),
        "title": it.title,
        "appeal": it.demand,
        "cost": it.amount,
        "status": it.status,
        "timestamp": int(it.at.timestamp()),
        "url": f"{url.removeprefix('http:')}/tousu/complaint/view/{it.id}/",
    }
