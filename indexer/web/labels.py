"""What ids and names of fields are called on the page, in Chinese."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

NAVIGATION = (
    ("overview", "/", "概览"),
    ("search", "/search", "搜索"),
    ("lenders", "/lenders", "机构"),
    ("practices", "/practices", "行为"),
    ("stories", "/stories", "话题"),
    ("alerts", "/alerts", "预警"),
    ("sources", "/sources", "来源健康"),
    ("settings", "/settings", "设置"),
)
"""What leads to the pages: the name that a page calls itself by, its address, its label."""

LANGUAGE = (
    ("暴力催收", "含有这几个字，连在一起；一个字也可以；繁体与简体、大小写、全角半角相通"),
    ("招联 通讯录", "空格隔开：两个词都有，与 招联 AND 通讯录 相同"),
    ("上门 OR 外访", "有其中一个即可"),
    ("催收 NOT 律师函", "有前者而没有后者；也可写作 催收 -律师函"),
    ("(辱骂 OR 威胁) AND 家人", "括号：先算括号里的；NOT 最先，其次 AND，最后 OR"),
    ("「debt collection」", '引号：一字不差的短语，里面可以有空格；"…"、“…” 也行'),
)
"""The language of queries by example."""

VOICE = {"complaint": "投诉", "news": "新闻", "promotion": "推广", "guide": "攻略", "statement": "声明"}
STANCE = {"asserted": "断言", "possible": "可能", "denied": "否认"}
SEVERITY = {"lawful": "合法", "aggressive": "激进", "unlawful": "违法"}
SENTIMENT = {"negative": "负面", "neutral": "中性", "positive": "正面"}
KIND = {"article": "文章", "post": "帖子", "reply": "回复", "complaint": "投诉单"}
STATUS = {"processing": "处理中", "replied": "已回复", "completed": "已完成", "closed": "已关闭"}
LENDER = {"consumer-finance": "消费金融公司", "platform": "互联网平台", "bank-card": "银行信用卡"}
HANDLING = {"new": "新", "in-hand": "处理中", "answered": "已答复", "not-ours": "与我无关"}
STAGE = {"fetch": "抓取", "extract": "读取", "ingest": "导入", "analyse": "分析", "store": "入库"}
ROLE = {"viewer": "查看", "analyst": "分析", "admin": "管理", "cli": "命令行"}
SORT = {"relevance": "相关度", "time": "最新", "sentiment": "最负面"}

FILTER = {
    "lender": "机构",
    "practice": "催收行为",
    "stance": "行为与语气",
    "voice": "谁在说",
    "status": "投诉进度",
    "sentiment_label": "情感",
    "deleted": "原文已删除",
    "source": "来源",
    "site": "网站",
    "kind": "类型",
    "author": "作者（化名）",
    "story": "同稿",
    "campaign": "同一推手",
    "contact": "联系方式（散列）",
    "category": "栏目",
    "lender_practice": "机构与行为",
    "reprint": "转载",
    "generated": "自称样本",
    "handling": "处理状态",
}

ALERT = {"open": "进行中", "eased": "趋缓", "closed": "已结束"}
EVENT = {
    "opened": "发现",
    "silenced": "静默，未发送",
    "grew": "扩大",
    "again": "再次升高",
    "eased": "趋缓",
    "closed": "结束",
    "escalated": "无人处理，升级通知",
    "acknowledged": "确认处理",
    "noted": "备注",
}
DRIVER = {"lender": "机构", "practice": "催收行为", "source": "来源", "story": "转载最多", "term": "突出词语"}
GRAVITY = {"low": "低", "normal": "中", "high": "高"}
RULE = {
    "spike": "突增检验",
    "peers": "与同业相比",
    "threshold": "件数阈值",
    "ratio": "倍数",
    "new": "首次出现",
    "new_term": "新词",
    "negative_share": "负面占比",
    "first_unlawful": "首次指称违法",
    "engagement": "单篇热度",
}
CHECK = {
    "config/sources.yaml": "来源 config/sources.yaml",
    "config/lenders.yaml, practices.yaml": "机构与行为 lenders.yaml、practices.yaml",
    "config/alerts.yaml": "预警 config/alerts.yaml",
    "disk": "磁盘",
    "state": "状态文件",
    "index": "索引",
    "workers": "抓取进程",
}
SEEN = (
    (r"(\d+) sources enabled", r"启用了 \1 个来源"),
    (r"analysis (\w+)", r"分析版本 \1"),
    (r"(\d+) rules, (\d+) recipients", r"\1 条规则，\2 个收件人"),
    (r"(\d+) GB free", r"剩余 \1 GB"),
    (r"only (\d+) MB free", r"只剩 \1 MB"),
    (r"whole", "完好"),
    (r"(\d+) documents", r"\1 篇文档"),
    (r"one machine: no Redis is configured", "单机运行，没有配置 Redis"),
)
"""What `dunwatch doctor` says when all is well, and how it is put here. Errors name files and keys as they are."""
TRUTH = {"true": "是", "false": "否"}

DATED_BY = {
    "meta": "网页元数据",
    "json-ld": "结构化数据",
    "time": "时间标签",
    "css": "页面日期栏",
    "ago": "页面日期栏（距今）",
    "feed": "订阅源",
    "url": "网址",
    "text": "正文署名",
}

REPAIR = {
    "entity": "多重转义",
    "invisible": "隐形字符",
    "fullwidth": "全角字符",
    "gbk_shift": "错位乱码",
    "pinyin": "夹带拼音",
    "traditional": "繁体字",
    "restored": "补回被屏蔽的词",
    "unsure": "未能修复",
}

ENGAGEMENT = {"replies": "回复", "likes": "点赞", "views": "浏览", "heat": "热度", "shares": "分享"}

OUTCOME = {"finished": "完成", "stopped": "中途停止", "failed": "失败", "busy": "另一进程在抓"}

COUNT = {
    "pages": "网页",
    "posts": "新内容",
    "unchanged": "未变",
    "rejected": "拒收",
    "robots": "robots 禁止",
    "errors": "出错",
    "edited": "有修改",
    "deleted": "已删除",
}

ERROR = {
    "timeout": "超时",
    "too large": "页面过大",
    "cut off": "传输中断",
    "unknown host": "域名无法解析",
    "connection refused": "连接被拒",
    "refused": "地址不许访问",
    "no robots.txt": "读不到 robots.txt",
    "later": "稍后再试",
}
"""Why pages could not be fetched; any other kind stays."""
REASON = (
    (r"http (\d+)", r"HTTP \1"),
    (r"no text on the page", "网页上没有正文"),
    (r"no posts on the page", "网页上没有帖子"),
    (r"empty page", "网页是空的"),
    (r"not a page of text but binary data", "不是文字，是二进制数据"),
    (r"not a page of text(?:: (.+))?", r"不是文字网页 \1"),
    (r"neither RSS nor Atom nor a sitemap", "不是 RSS、Atom 或网站地图"),
    (r"not XML(?:: (.+))?", r"不是 XML \1"),
    (r"refused: (.+)", r"地址不许访问 \1"),
)
"""Why things were refused; what a parser or a server said stays as it is."""

CORRECTED = {"sentiment": "情感", "voice": "谁在说", "practice": "行为", "lender": "机构"}
"""What readers correct."""
_CORRECTED = {"practice": {**STANCE, "none": "文中没有"}, "lender": {"named": "涉及", "none": "不涉及"}}

_VALUES: Mapping[str, Mapping[str, str]] = {
    "voice": VOICE,
    "sentiment_label": SENTIMENT,
    "kind": KIND,
    "status": STATUS,
    "reprint": TRUTH,
    "generated": TRUTH,
    "deleted": TRUTH,
    "handling": HANDLING,
}
SHOWN_OF_HASH = 10
"""Characters of a hash that are enough to tell it from others."""


def is_shown(name: str) -> bool:
    """Whether a counter of a crawl has a name for people."""
    return name in COUNT or name.startswith("errors.")


def count(name: str) -> str:
    """What a counter of a crawl is called; `errors.…` tell why pages could not be fetched."""
    return COUNT[name] if name in COUNT else f"出错：{error(name.removeprefix('errors.'))}"


def error(kind: str) -> str:
    """What a kind of failure of a crawl is called."""
    return ERROR.get(kind, kind.replace("http ", "HTTP "))


def reason(said: str) -> str:
    """Why something was refused, in Chinese where there are words for it."""
    return ERROR.get(said) or _translated(REASON, said).rstrip()


def seen(said: str) -> str:
    """What doctor saw, in Chinese where there are words for it."""
    return _translated(SEEN, said)


def _translated(phrases: Sequence[tuple[str, str]], said: str) -> str:
    """By the first pattern that is all of it."""
    return next((found.expand(put) for pattern, put in phrases if (found := re.fullmatch(pattern, said))), said)


def value(name: str, written: str) -> str:
    """How a value of the filter `name` is shown; one that is a word already stays."""
    if name == "stance":
        practice, _, stance = written.rpartition(":")
        return f"{practice} · {STANCE.get(stance, stance)}"
    if name == "lender_practice":
        return written.replace("|", " · ")
    if name in ("author", "story", "campaign", "contact"):
        return written[:SHOWN_OF_HASH]
    return _VALUES.get(name, {}).get(written, written)


def corrected(field: str, value: str) -> str:
    """How the value of a correction is shown."""
    named = {"sentiment": SENTIMENT, "voice": VOICE, **_CORRECTED}[field]
    return named.get(value, value)


def heat(share: float) -> str:
    """The class that colours a cell by a share from 0 to 1."""
    return f"h{min(4, int(share * 8))}" if share >= 0.125 else ""


def after(distance: timedelta | None) -> str:
    """How long after the first print: 「+3 小时」."""
    if distance is None:
        return ""
    minutes = int(distance.total_seconds() // 60)
    if minutes < 60:
        return f"+{minutes} 分钟"
    return f"+{minutes // 60} 小时" if minutes < 48 * 60 else f"+{minutes // 1440} 天"
