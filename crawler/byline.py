"""Who wrote a page and when, by the lines around its text: below the headline, above it, behind the text."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bs4 import Tag
from pydantic import BaseModel, ConfigDict

from crawler.elements import Line, named
from crawler.metadata import Dated
from indexer import configfile
from indexer.text.dates import is_counted_back, parse_time
from indexer.text.furniture import is_column

LONGEST = 100
"""Characters of a line up to which it may be a byline."""
LONGEST_NAME = 20
_WITH_OFFICE = re.compile("[\u4e00-\u9fff]{1,9}[员者师家官编讯社报] [\u4e00-\u9fff]{2,4}")
_OFFICE = re.compile("(?:局|委员会|协会|办公室|中心|公司|法院|政府|总队|学会)$")
_CLOCK = r"(?:[ T　]*(?:[上下中]午|凌晨|晚上)? ?\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2}秒?)?)?"
_TIMES = (
    re.compile(rf"(?<!\d)20\d\d ?[-/.年] ?\d{{1,2}} ?[-/.月] ?\d{{1,2}}(?!\d)日?{_CLOCK}"),
    re.compile(r"(?<!\d)20\d\d \d{1,2} ?/ ?\d{1,2} \d{1,2}:\d\d(?::\d\d)?"),
    re.compile(r"(?<![\d-])\d{1,2}[-/月]\d{1,2}日? ?\d{1,2}:\d\d(?::\d\d)?"),
    re.compile(r"[今昨前][天日] ?\d{1,2}:\d\d|\d{1,3} ?(?:分钟|小时|天)前|半小时前|刚刚"),
    re.compile(r"(?<![\d-])\d{1,2}-\d{1,2}(?![\d-])|(?<!\d)\d{1,2}月\d{1,2}日"),
)
_WITH_CLOCK = re.compile(r"\d[:：时]\d|前$|刚刚")
_OTHER = r"[^\s:：|｜/,，。；;()（）]"


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    wrote: list[str]
    gave: list[str]
    person: list[str]
    no_name: list[str]


_WORDS = configfile.load(Path(__file__).with_name("byline.yaml"), _Words)
_LABELLED = re.compile(
    rf"(?:^|[\s|｜/·　,，】■▲●◆])(?:(?P<wrote>{'|'.join(_WORDS.wrote)})|(?P<gave>{'|'.join(_WORDS.gave)}))"
    r"(?:\s*[:：/|｜]\s*|(?<=记者)\s+|(?<=通讯员)\s+)"
    rf"(?P<who>{_OTHER}{{1,10}}[员者师家官编讯社报] [\u4e00-\u9fff]{{2,4}}(?=$|\s)|{_OTHER}{{2,20}})"
)
_LABEL = re.compile(rf"(?:{'|'.join((*_WORDS.wrote, *_WORDS.gave))}|由|By)\s*[:：/|｜]?", re.I)
_AUTHOR_CLASS = re.compile("|".join(_WORDS.person), re.I)
_PERSON = re.compile(r"/(?:u|user|people|member|profile|space|author|home)s?[/?-]|space-uid", re.I)
_NO_NAME = re.compile("|".join(_WORDS.no_name), re.I)
_ASIDE = re.compile(r"[\s|｜·・/、　,，:：()（）\[\]【】»>-]+")
_CONTACT = re.compile(r"\d{7}|\w@\w|微信|QQ|电话|热线|联系", re.I)


class Byline(NamedTuple):
    """What the lines say; `used` are those that say nothing else."""

    author: str
    dated: Dated | None
    used: frozenset[Line]


class Moment(NamedTuple):
    """A time in a line: as it is written there, empty where an attribute of one of its `pieces` says it."""

    line: Line
    written: str
    dated: Dated
    pieces: tuple[tuple[str, Tag], ...]


def byline(
    below: Sequence[Line], above: Sequence[Line], behind: Sequence[Line], *, title: str, timezone: str, now: datetime
) -> Byline:
    """The byline in the lines `below` the headline, `above` it and `behind` the text, the nearest first."""
    places = [
        [line for line in lines if len(line.text) <= LONGEST and line.text != title] for lines in (below, above, behind)
    ]
    found = [it for lines in places for it in moments(lines, timezone, now)]
    moment = next((it for it in found if not it.dated.to_the_day), next(iter(found), None))
    if moment and found[0].dated.to_the_day and found[0].dated.at.date() != moment.dated.at.date():
        moment = found[0]
    author, said_in = _author(places, moment, title)
    said = {id(moment.line)} if moment else set()
    said |= {id(said_in)} if said_in else set()
    used = {line for line in below[: _last(below, said) + 1] if len(line.text) <= LONGEST and not tells(line)}
    used |= {line for line in behind if id(line) in said and len(line.text) <= LONGEST and not tells(line)}
    return Byline(author, moment.dated if moment else None, frozenset(used))


def _last(lines: Sequence[Line], said: set[int]) -> int:
    return max((place for place, line in enumerate(lines) if id(line) in said), default=-1)


def tells(line: Line) -> bool:
    """Whether a line holds a sentence, or contacts, which are no byline's."""
    return bool(re.search("[。！？!?；;]", line.text) or _CONTACT.search(_spaced(line)))


def _spaced(line: Line) -> str:
    """Its pieces as words: a page may set them apart by style alone."""
    return " ".join(words for words, _ in line.pieces)


def moments(lines: Sequence[Line], timezone: str, now: datetime) -> Iterator[Moment]:
    """The times that lines say, by an attribute or in words."""
    for place, line in enumerate(lines):
        if _is_sentence(line.text):
            continue
        for _, tag in line.pieces:
            for value in _attributes(tag):
                if moment := parse_time(value, timezone=timezone, now=now):
                    yield Moment(line, "", Dated(moment, "text"), line.pieces)
        said = (_spaced(line), line.text)
        written = next((match[0] for form in _TIMES for it in said if (match := form.search(it))), "")
        if not written and len(line.text) <= 16:  # year, day and clock in lines of their own
            written = " ".join(it.text for it in lines[place : place + 3])
        if not (
            moment := parse_time(re.sub(r"(20\d\d) (\d{1,2}) ?/ ?", r"\1/\2/", written), timezone=timezone, now=now)
        ):
            continue
        following = lines[place + 1].text if place + 1 < len(lines) else ""
        if not _WITH_CLOCK.search(written) and re.fullmatch(r"\d{1,2}:\d\d(?::\d\d)?", following):
            moment = parse_time(f"{written} {following}", timezone=timezone, now=now) or moment
            written += following
        counted = is_counted_back(written)
        pieces = tuple(it for it in line.pieces if it[0] in written or written in it[0])
        yield Moment(
            line, written, Dated(moment, "ago" if counted else "text", not _WITH_CLOCK.search(written)), pieces
        )


def _attributes(tag: Tag) -> Iterator[str]:
    for name, value in tag.attrs.items():
        if name in ("title", "datetime", "date") or name.startswith("data-"):
            written = " ".join(value) if isinstance(value, list) else str(value)
            written = re.sub(r"^\D{0,8}(?=20\d\d-)", "", written)
            if re.match(r"1\d{9}(?:\d{3})?$|20\d\d[-/年]", written):
                yield re.sub(r"(?<=\d) (?=[+-]\d\d:\d\d$)", "", written)


def _is_sentence(text: str) -> bool:
    return len(text) > 30 and bool(re.search("[。！？!?]", text))


def _author(places: Sequence[Sequence[Line]], moment: Moment | None, title: str) -> tuple[str, Line | None]:
    """The author and the line that names them: who is said to have written it, who is marked up as a person, who stands
    beside the time, whom the text is said to come from."""
    lines = [line for place in (places[0], places[1][::-1], places[2]) for line in place]
    labelled = [(match, line) for line in lines for match in _LABELLED.finditer(_spaced(line))]
    labelled += [
        (match, line)
        for label, line in pairwise(lines)
        if _LABEL.fullmatch(label.text) and (match := _LABELLED.match(f"{label.text.rstrip(' :：')}:{line.text}"))
    ]
    for match, line in labelled:
        if match["wrote"] and (name := _name(match["who"])):
            return name, line
    for line in lines:
        for words, tag in line.pieces:
            if _is_person(tag) and (name := _name(words)) and words != title:
                return name, line
    if moment and (found := _beside(places, moment)):
        return found
    for match, line in labelled:
        if match["gave"] and (name := _name(match["who"])):
            return name, line
    return "", None


def _is_person(tag: Tag) -> bool:
    for it in (tag, tag.parent):
        if it is None or it.name in ("body", "article", "main"):
            return False
        if (
            it.get("itemprop") == "author"
            or "author" in (it.get("rel") or ())
            or _PERSON.search(str(it.get("href") or ""))
        ):
            return True
        if any(_AUTHOR_CLASS.search(name) for name in f"{named(it)} {it.get('data-testid') or ''}".split()):
            return True
    return False


def _beside(places: Sequence[Sequence[Line]], moment: Moment) -> tuple[str, Line] | None:
    """A name on the line of the time, or alone on the line before or behind it where they stand above the text."""
    said = _LABELLED.sub(" ", re.sub(r"来自\s*\S+", " ", _spaced(moment.line)))
    whole = [_LABELLED.sub(" ", words) for words, _ in moment.line.pieces]
    pieces = [said] if len(whole) == 1 else [words for words in whole if words in said]
    for words in pieces:
        rest = words.replace(moment.written, " ") if moment.written else words
        if _WITH_OFFICE.fullmatch(rest.strip()):
            return rest.strip(), moment.line
        for part in (rest, *_ASIDE.split(rest)):
            if (name := _name(part)) and (_OFFICE.search(name) or not is_column(name)):
                return name, moment.line
    for lines in places[:2]:
        for place, line in enumerate(lines):
            if line is moment.line:
                for near in (*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2]):
                    if (
                        len(near.pieces) <= 2
                        and (name := _name(near.text))
                        and (_WITH_OFFICE.fullmatch(name) or not is_column(name))
                    ):
                        return name, near
    return None


def _name(words: str) -> str:
    """The words without what stands around names, if they can be one; else nothing."""
    bare = re.sub(
        r"^(?:作者|文|记者|本报记者|由|By|from)\s*[:：/|｜]?\s*|\s*(?:[»:：]|说道：)$",
        "",
        words.strip(" ()（）·|｜/　■▲●"),
        flags=re.I,
    )
    bare = re.sub(r"的(?:博客|微博|主页|空间|小站|专栏)$", "", bare.strip(" :：·|｜/　■"))
    if (
        not 2 <= len(bare) <= LONGEST_NAME
        or _LABEL.fullmatch(bare)
        or _NO_NAME.search(bare)
        or any(it.search(bare) for it in _TIMES[:4])
    ):
        return ""
    return bare


def named_in(lines: Sequence[Line], moment: Moment | None) -> tuple[str, Tag | None]:
    """Who speaks in the lines of a post, and the element that names them."""
    lines = [line for line in lines if len(line.text) <= LONGEST]
    pieces = [(words, tag) for line in lines for words, tag in line.pieces]
    for line in lines:
        for match in _LABELLED.finditer(_spaced(line)):
            if match["wrote"] and (name := _name(match["who"])):
                return name, next((tag for words, tag in line.pieces if name in words), None)
    for words, tag in pieces:
        if _is_person(tag) and (name := _name(words)):
            return name, tag
    for words, tag in pieces[:4]:
        if name := _name(words):
            return name, tag
    return "", None
