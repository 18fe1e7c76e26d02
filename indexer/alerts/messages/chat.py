"""Renders a Notice as the short markdown that group robots take, and as plain JSON."""

import json
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from indexer.alerts.messages import words
from indexer.alerts.messages.delivery import Platform
from indexer.alerts.messages.notice import Notice

LONGEST = 3800
"""Bytes of markdown: 企业微信 takes 4,096, the others more; a group reads a few lines anyway."""
VERSION = 1
"""Of the plain JSON: rises when a field changes its meaning or goes."""
_COLOURS = {"red": "red", "green": "green", "blue": "blue", "amber": "orange"}
# None of the platforms lets every sign be escaped, so what markdown or a mention is made of becomes full-width.
_HARMLESS = str.maketrans(dict(zip("[]()<>*_`#~|\\@!", "［］（）＜＞＊＿｀＃～｜＼＠！", strict=True)))


def body(notice: Notice, platform: Platform, zone: tzinfo) -> bytes:
    """The JSON to post, of a notice that has passed the gate."""
    said = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu, "json": _plain}[platform](notice, zone)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _wecom(notice: Notice, zone: tzinfo) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": f"**{_title(notice)}**\n{_text(notice, zone)}"}}


def _dingtalk(notice: Notice, zone: tzinfo) -> dict[str, Any]:
    title = _title(notice)
    text = f"#### {title}\n\n" + _text(notice, zone).replace("\n", "\n\n")
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def _feishu(notice: Notice, zone: tzinfo) -> dict[str, Any]:
    colour = _COLOURS[words.TONE.get(notice.kind, "red")]
    header = {"title": {"tag": "plain_text", "content": _title(notice)}, "template": colour}
    return {
        "msg_type": "interactive",
        "card": {"header": header, "elements": [{"tag": "markdown", "content": _text(notice, zone)}]},
    }


def _plain(notice: Notice, zone: tzinfo) -> dict[str, Any]:
    return {
        "version": VERSION,
        "key": notice.key,
        "title": f"【{words.kind(notice)}】{notice.headline}",
        "text": _text(notice, zone),
        "notice": notice.model_dump(mode="json"),
    }


def _title(notice: Notice) -> str:
    return f"【{words.kind(notice)}】{_harmless(notice.headline)}"


def _text(notice: Notice, zone: tzinfo) -> str:
    """As many lines as there is room for; the links always."""
    links = _links(notice)
    room = LONGEST - len(links.encode())
    kept = []
    for line in _lines(notice, zone):
        room -= len(line.encode()) + 2
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, *filter(None, [links])])


def _lines(notice: Notice, zone: tzinfo) -> Iterator[str]:
    """What there is to say, the most important first."""
    say = words.saying(zone)
    if notice.summary:
        yield _harmless(notice.summary)
    if measure := notice.measure:
        upper = "" if measure.upper is None else f"（上限 {words.number(measure.upper)}）"
        unit = _harmless(measure.unit)
        yield (
            f"**{words.number(measure.observed)}** {unit}，平常 {words.number(measure.expected)} {unit}{upper}，"
            f"{words.ratio(measure)}"
        )
        rarity = [_harmless(measure.rarity), words.documents(measure) if measure.documents else ""]
        yield "，".join(filter(None, rarity))
        yield f"{_harmless(measure.series)}　{say['window'](measure)}"
    for driver in notice.drivers:
        shares = "、".join(f"{_harmless(it.name)}（{words.share(it)}）" for it in driver.shares)
        yield f"{say['driver_name'](driver)}：{shares}"
    if notice.campaign:
        yield f"推广团伙：{_harmless(words.campaign(notice.campaign))}"
    if notice.owner:
        yield f"负责人：{_harmless(notice.owner)}"
    for post in notice.quotes:
        yield f"> {_harmless(post.quote or post.title)}（{_harmless(post.source)}，{say['when'](post)}）"
    if notice.digest:
        yield say["period"](notice.digest)
        for alert in notice.digest.alerts:
            yield f"- {_harmless(alert.headline)}（{_harmless(alert.state)}）"
        for table in notice.digest.tables:
            rows = "、".join(f"{_harmless(row.name)} {row.count:,}（{words.change(row)}）" for row in table.rows[:5])
            yield f"{_harmless(table.title)}：{rows}"


def _links(notice: Notice) -> str:
    links = (("在 dunwatch 中查看", notice.view), ("我来处理", notice.acknowledge))
    return "　".join(f"[{said}]({url.replace(')', '%29')})" for said, url in links if url)


def _harmless(text: str) -> str:
    return text.translate(_HARMLESS)
