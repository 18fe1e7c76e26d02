"""Takes a site's furniture off a repaired text, and reads what it says: headline, byline, editor, counters."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from indexer import configfile
from indexer.text.dates import parse_time
from indexer.text.filtered import CLOSE, OPEN

PATTERNS = Path(__file__).with_name("furniture.yaml")
SENTENCE = 40
"""Characters from which a line with a full stop is text and neither headline nor furniture."""
TOP = 4
"""Lines at the top among which a byline is looked for in its freer shapes."""
TAIL = 60
"""Characters up to which a line behind the end of an article is a link and no text."""

_EDITOR = re.compile(r"[(（\[]?(?:责任编辑|责编|编辑|主编|审核|校对)[:： ]+(?P<who>[^\s)）\]]{2,12})[)）\]]?")
_LABELLED = re.compile(
    r"(?P<label>作者|文|(?:本报|本网|本刊)?(?:实习|见习)?(?:记者|通讯员)|来源|发布者|发帖人|楼主)[:：/ ]+"
    r"(?P<who>[^\s:：]{2,20})"
)
_TIME = re.compile(
    r"(?:\d{4}|[12]\d{3}年?)[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T]*\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2}秒?)?)?"
    r"|(?:刚刚|半小时前|\d{1,3} ?(?:分钟|小时|天)前|(?:今|昨|前)天 ?\d{1,2}:\d{2}"
    r"|\d{1,2}-\d{1,2}(?: \d{1,2}:\d{2}|(?![\d-]))|\d{1,2}月\d{1,2}日(?: ?\d{1,2}:\d{2})?)"
)
_FULL_DATE = re.compile(r"(?<!\d)20\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: *\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)")
_BYLINE = re.compile(
    r"(?:(?:作者|文|来源|发布者|楼主)[:： ]*)?"
    r"(?P<who>(?!发[布表]|更新|时间|日期|楼主)[^\s\d,，。:：|][^\s,，。:：|]{1,15}?)?"
    r"[\s|·/，,]*(?:(?:(?:发布|更新|发表)(?:时间|于|日期)?|时间|日期|于)[:： ]*)?"
    rf"(?P<time>{_TIME.pattern})\s*(?P<rest>.{{0,40}})"
)
_NAME = r"(?!发[布表]|更新|时间|日期|楼主|只看|来[源自]|作者|编辑|阅读|浏览)[^\s\d,，。:：！？!?|]{2,10}\d{0,6}"
#: A time and who wrote it, before or behind; a line with words of _TELLS may tell what happened then instead.
_SIGNED = re.compile(
    rf"(?P<before>{_NAME}(?:[ |·/]+{_NAME})?[ |·/，,]+)?(?P<time>{_FULL_DATE.pattern})[ |·/，,]*"
    rf"(?P<behind>{_NAME}(?:[ |·/]+{_NAME}){{0,2}})?"
)
_TELLS = re.compile("[打骂说被了我他她收催]|还款|借款|上门|威胁|短信|电话")
_STATUS = re.compile(
    r"(?:^|(?P<who>(?!\S*\d{4}[-年])[^\s,，。:：|]{2,16}) )"
    "(?:已?(?:提交投诉|提交|回复|完成|处理|解决|分配商家|关闭|发布|发表|更新)|处理中|只看(?:该作者|楼主)|来自.{2,12})$"
)
_HEAT = re.compile(r"(?P<column>\S{2,10}) (?P<heat>\d{1,6}) ?(?:℃|°C|度)(?: (?P<replies>\d{1,6}))?")
_COUNTER = re.compile(
    r"(?P<what>阅读量?|浏览量?|点击量?|人气|评论|回复|跟帖|点赞|赞|转发|分享|热度)"
    r"[:： (（]*(?P<count>\d[\d,]{0,11})"
)
_COUNTED = {"阅": "views", "浏": "views", "点击": "views", "人": "views", "评": "replies", "回": "replies"}
_COUNTED |= {"跟": "replies", "点赞": "likes", "赞": "likes", "转": "shares", "分": "shares", "热": "heat"}
_CONTACT = re.compile(
    r"1[3-9]\d{9}|[\w.]+@[\w.]+|\d{3,4}-\d{7,8}"
    r"|(?:QQ|微信|电话|手机|联系方式|联系人|先生|女士)[:：]?|\W",
    re.I,
)
_MARKS = str.maketrans("", "", OPEN + CLOSE)


class _Patterns(BaseModel):
    model_config = ConfigDict(extra="forbid")

    anywhere: list[str]
    tail: list[str]
    notice: list[str]
    column: str


@dataclass(frozen=True)
class Cleaned:
    """An article without furniture.

    `removed` are the lines taken out (they hold contacts), `notices` those of them that say what the text is.
    author, editor, category, published_at and engagement are what bylines said; empty or None where none did.
    """

    title: str
    body: str
    author: str = ""
    editor: str = ""
    category: str = ""
    published_at: datetime | None = None
    engagement: dict[str, int] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@cache
def _compiled() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    patterns = configfile.load(PATTERNS, _Patterns)
    anywhere, tail, notice = ("|".join(group) for group in (patterns.anywhere, patterns.tail, patterns.notice))
    return re.compile(anywhere, re.I), re.compile(tail), re.compile(notice), re.compile(patterns.column)


def clean(title: str, text: str, *, timezone: str, now: datetime) -> Cleaned:
    """The article in a repaired text. `title` is kept if there is one, otherwise the headline is looked for.

    `timezone` is the IANA zone of times in the text, `now` the moment of the fetch that relative times count from.
    """
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    first, last = _extent(lines)
    facts: dict[str, str] = {}
    engagement: dict[str, int] = {}
    kept: list[tuple[int, str]] = []
    notices: list[str] = []
    removed: list[str] = []
    byline_at = None
    ended = False
    for place, line in enumerate(lines):
        bare = line.translate(_MARKS)
        ended = ended or (place > last and bool(_compiled()[1].fullmatch(bare)))
        if _compiled()[2].fullmatch(bare):
            notices.append(bare)
        elif found := _byline(bare, place < first or place > last, place < min(first, TOP)):
            facts |= {key: value for key, value in found.items() if key not in facts}
            byline_at = place if byline_at is None and "time" in found else byline_at
        elif counters := _counters(bare):
            engagement |= counters
            if heat := _HEAT.fullmatch(bare):
                facts.setdefault("category", heat["column"])
        elif not (ended or _compiled()[0].fullmatch(bare) or _compiled()[1].fullmatch(bare) or _only_contacts(bare)):
            kept.append((place, line))
            continue
        removed.append(bare)
    if "time" not in facts and (dated := _dated(lines[: min(first, TOP)])):
        facts["time"] = dated
    headline = title.strip() or _headline(kept, first, byline_at, lines)
    body = "\n".join(line for _, line in kept if line.translate(_MARKS) != headline.translate(_MARKS))
    if not title.strip():
        body = _without_crumbs(body, headline, kept, first)
    return Cleaned(
        title=headline,
        body=body,
        author=facts.get("author", ""),
        editor=facts.get("editor", ""),
        category=facts.get("category", ""),
        published_at=parse_time(facts["time"], timezone=timezone, now=now) if "time" in facts else None,
        engagement=engagement,
        notices=tuple(notices),
        removed=tuple(removed),
    )


def _extent(lines: list[str]) -> tuple[int, int]:
    """The places of the first and the last line that are text; furniture stands before, after and rarely between."""
    notice = _compiled()[2]
    places = [
        place
        for place, line in enumerate(lines)
        if len(line) >= SENTENCE and re.search("[。！？!?]", line) and not notice.fullmatch(line.translate(_MARKS))
    ]
    return (places[0], places[-1]) if places else (len(lines), -1)


def _byline(line: str, at_the_edge: bool, at_the_top: bool) -> dict[str, str]:
    """What a line says of author, column, editor and time, if it says nothing else."""
    if editor := _EDITOR.fullmatch(line):
        return {"editor": editor["who"]}
    if labelled := _LABELLED.fullmatch(line):
        return _who(labelled["who"])
    if at_the_edge and (status := _STATUS.fullmatch(line)):
        return _who(status["who"] or "") or {"status": line}
    signed = _SIGNED.fullmatch(line) if at_the_top else None
    if signed and ":" in signed["time"] and ("·" in line or "|" in line or not _TELLS.search(line)):
        names = re.split(r"[ |·/，,]+", f"{signed['before'] or ''} {signed['behind'] or ''}".strip())
        return {"time": signed["time"], **{key: who for name in reversed(names) for key, who in _who(name).items()}}
    if at_the_edge and len(line) <= TAIL and (byline := _BYLINE.fullmatch(line)):
        rest = byline["rest"] or ""
        if rest and not (
            rest.startswith(("字号", "字体", "【字", "[字"))
            or _STATUS.search(rest)
            or _COUNTER.search(rest)
            or _LABELLED.search(rest)
            or _EDITOR.search(rest)
        ):
            return {}
        editor = _EDITOR.search(rest)
        return {"time": byline["time"], **_who(byline["who"] or ""), **({"editor": editor["who"]} if editor else {})}
    return {}


def _dated(lines: list[str]) -> str:
    """The day that one of the short lines at the top names among other things: 2026年11月4日 第A04版."""
    for line in lines:
        if (
            len(line) <= TAIL
            and not re.search(f"[。！？!?，,]|{_TELLS.pattern}", line)
            and (match := _FULL_DATE.search(line))
        ):
            return match[0]
    return ""


def _who(name: str) -> dict[str, str]:
    if not name:
        return {}
    return {"category" if is_column(name) else "author": name}


def is_column(name: str) -> bool:
    """Whether a name in a byline is that of a column of the site and not of a person."""
    return bool(_compiled()[3].search(name))


def _counters(line: str) -> dict[str, int]:
    """Counters of a line that has nothing else: 平台逾期 18℃ 0, 阅读 1,234 评论 56."""
    if heat := _HEAT.fullmatch(line):
        return {"heat": int(heat["heat"]), **({"replies": int(heat["replies"])} if heat["replies"] else {})}
    if len(line) > TAIL or not _COUNTER.match(line) or re.sub(r"[\W_]", "", _COUNTER.sub("", line)):
        return {}
    found = {}
    for match in _COUNTER.finditer(line):
        key = next(key for start, key in _COUNTED.items() if match["what"].startswith(start))
        found[key] = int(match["count"].replace(",", ""))
    return found


def _only_contacts(line: str) -> bool:
    """Whether a line holds nothing but somebody's contacts: 陈先生:13800000000 x@y.com."""
    return bool(re.search(r"1[3-9]\d{9}|\w@\w", line)) and len(_CONTACT.sub("", line)) <= 4


def _headline(kept: list[tuple[int, str]], first: int, byline_at: int | None, lines: list[str]) -> str:
    """The headline of plain text: near the top, before the byline, taken up again by the text."""
    candidates = [(place, line) for place, line in kept if place < first and 4 <= len(line) <= 80][:8]
    if not candidates:
        return ""

    def worth(candidate: tuple[int, str]) -> float:
        place, line = candidate
        later = lines[place + 1 :]
        before_byline = byline_at is not None and place < byline_at and byline_at - place <= 2
        repeats = min(sum(line in other for other in later), 4)
        return 4 * before_byline + 0.5 * repeats + min(len(line), 24) / 8 - 0.3 * place - 2 * (line[-1] in "。；，")

    return max(candidates, key=worth)[1].translate(_MARKS)


def _without_crumbs(body: str, headline: str, kept: list[tuple[int, str]], first: int) -> str:
    """The body without the short lines (columns, breadcrumbs) that stood above the headline."""
    at = next((place for place, line in kept if line.translate(_MARKS) == headline), -1)
    crumbs = {line for place, line in kept if place < min(at, first) and len(line) < SENTENCE}
    return "\n".join(line for line in body.split("\n") if line not in crumbs)
