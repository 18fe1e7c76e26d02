"""Data views: the indices that Kibana looks at, and how their fields are called, shown and linked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from indexer.kibana.records import ALERTS as ALERT_MAPPINGS
from indexer.kibana.records import RUNS as RUN_MAPPINGS
from indexer.store.elastic_fields import mappings
from indexer.web import labels

LENS_TYPES = {"keyword": "string", "text": "string", "date": "date", "boolean": "boolean"}
"""What Lens calls the types of Elasticsearch; all others that are shown are numbers."""


@dataclass(frozen=True)
class View:
    """A data view of the alias `PREFIX-name`, which is also its id.

    time: the field that the time filter looks at. types: field → Elasticsearch's type. labels: field → what it is
    called. words: field → its values → what they are called. links: field → the address that it leads to, in which
    {web} is the base address of dunwatch's web page and {{value}} the value; and the words shown for it.
    """

    name: str
    title: str
    time: str
    types: Mapping[str, str]
    labels: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def id(self, prefix: str) -> str:
        return f"{prefix}-{self.name}"

    def lens_type(self, name: str) -> str:
        return LENS_TYPES.get(self.types[name], "number")


def types(mapping: Mapping[str, Any], parent: str = "") -> dict[str, str]:
    """Field → type, with fields of objects by their dotted names; what isn't indexed as fields is left out."""
    found: dict[str, str] = {}
    for name, words in mapping["properties"].items():
        if "properties" in words:
            found |= types(words, f"{parent}{name}.")
        elif words.get("type") != "object":
            found[parent + name] = words["type"]
    return found


POSTS = View(
    name="posts",
    title="dunwatch 舆情",
    time="at",
    types=types(mappings()),
    labels={
        "at": "时间",
        "id": "文档",
        "url": "原文",
        "title": "标题",
        "body": "正文",
        "author": "作者（化名）",
        "source": "来源",
        "site": "网站",
        "category": "栏目",
        "kind": "类型",
        "voice": "谁在说",
        "published_at": "发布时间",
        "first_seen_at": "首次抓取",
        "fetched_at": "最近抓取",
        "lenders": "机构",
        "practices.id": "催收行为",
        "practices.phrase": "用语",
        "practices.quote": "原句",
        "practices.severity": "行为性质",
        "stance": "行为与语气",
        "asserted": "被断言的行为",
        "lender_practice": "机构与被指行为",
        "severity": "被断言的最重性质",
        "sentiment": "情感分",
        "sentiment_label": "情感",
        "worst_sentence.text": "最负面的一句",
        "story": "同一内容",
        "reprint": "转载",
        "reprint_of": "转载自",
        "campaign": "推广团伙",
        "contacts": "联系方式（散列）",
        "generated": "自称样例",
        "floor": "楼层",
        "complaint.status": "投诉进度",
        "complaint.said": "进度原文",
        "complaint.amount": "涉诉金额（元）",
        "complaint.demand": "诉求",
        "complaint.merchant": "投诉对象",
        "complaint.replied_at": "商家回复时间",
        "complaint.reply_hours": "回复用时（小时）",
        "complaint.completed_at": "完成时间",
        "complaint.reopened": "再次投诉",
    },
    words={
        "voice": labels.VOICE,
        "kind": labels.KIND,
        "sentiment_label": labels.SENTIMENT,
        "complaint.status": labels.STATUS,
        "severity": labels.SEVERITY,
        "practices.severity": labels.SEVERITY,
        "practices.stance": labels.STANCE,
    },
    links={
        "id": ("{web}/documents/{{value}}", "在 dunwatch 中打开"),
        "reprint_of": ("{web}/documents/{{value}}", "首发"),
        "url": ("{{rawValue}}", ""),
    },
)

RUNS = View(
    name="runs",
    title="dunwatch 抓取",
    time="started_at",
    types=types(RUN_MAPPINGS),
    labels={
        "source": "来源",
        "started_at": "开始",
        "finished_at": "结束",
        "outcome": "结果",
        "seconds": "用时（秒）",
        "error_kinds": "出错原因",
        **{name: labels.count(name) for name in ("pages", "posts", "unchanged", "rejected", "robots", "errors")},
    },
    words={"outcome": labels.OUTCOME},
)

ALERTS = View(
    name="alerts",
    title="dunwatch 预警",
    time="opened_at",
    types=types(ALERT_MAPPINGS),
    labels={
        "id": "编号",
        "rule": "规则",
        "series": "统计对象",
        "lender": "机构",
        "practice": "催收行为",
        "opened_at": "开始",
        "updated_at": "更新",
        "closed_at": "结束",
        "state": "状态",
        "observed": "实际",
        "expected": "预期",
        "ratio": "倍数",
        "headline": "概述",
        "url": "链接",
    },
    links={"url": ("{{rawValue}}", "查看")},
)

VIEWS = (POSTS, RUNS, ALERTS)
