"""Finds mailboxes, QQ numbers and WeChat ids in a shadow."""

import re
from collections.abc import Iterator

from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import Shadow
from indexer.text.privacy.words import any_of, words

_HOSTS = "(?:vip[.])?(?:qq|163|126|139|189|yeah|sina|sohu|foxmail|gmail|outlook|hotmail|aliyun|icloud|yahoo|live)"
_DOT = r"\s?(?:[.。．]|点|[(\[【]?dot[)\]】]?)\s?"
_LOCAL = r"(?<![A-Za-z0-9._%+\-])(?P<local>[A-Za-z0-9][A-Za-z0-9._%+\-]*+)"
_HASH = "#(?=(?:qq|163|126|139|189|gmail|foxmail|sina|outlook)[.。．点])"
_AT = rf"\s{{0,2}}(?:@|{_HASH}|[(\[【{{#]\s?(?:at|@|艾特)\s?[)\]】}}#]|艾特)\s{{0,2}}"
_MAIL = re.compile(
    rf"{_LOCAL}{_AT}(?P<host>[A-Za-z0-9\-]{{1,63}}(?:{_DOT}[A-Za-z0-9\-]{{2,24}}){{0,2}}{_DOT}[A-Za-z]{{2,24}}|{_HOSTS})(?![A-Za-z0-9])",
    re.I,
)
_SPOKEN = re.compile(
    rf"{_LOCAL}\s{{1,2}}at\s{{1,2}}(?P<host>{_HOSTS}{_DOT}(?:com|cn|net)(?:[.]cn)?)(?![A-Za-z0-9])", re.I
)

_GAP = (
    r"(?:号码?|群号?|联系|咨询|添加|加我?|搜索?|同号|是|为|[一二三1-9]群|账号"
    r"""|[:：\s\-—=>→()（）【】"“”'*·.,，~\ufdd0\ufdd1]){0,6}"""
)
_BEFORE = "(?<![A-Za-z0-9])"
_QQ = re.compile(
    rf"{_BEFORE}(?P<cue>{any_of(words().qq)}){_GAP}(?P<n>[1-9](?:[ \-.·*_]{{0,2}}[0-9]){{4,10}})(?![0-9])", re.I
)
_MORE = re.compile(r"\s{0,2}[/、,，或和及]\s{0,2}(?P<n>[1-9][0-9]{4,10})(?![0-9])")
_COUNTED = re.compile(rf"\s?(?:{any_of(words().units)}|[月日号\-/年][0-9]|\.[0-9])")
_CLEAR = any_of(word for word in words().wechat if len(word) > 1)
_FAINT = any_of(word for word in words().wechat if len(word) == 1)
_ID = r"(?:[A-Za-z][\-_A-Za-z0-9]{5,19}(?![\-_A-Za-z0-9@.])|[1-9][0-9]{4,11}(?![0-9]))"
_ID_GAP = _GAP.replace("账号", "账号|id")
_WECHAT = re.compile(rf"{_BEFORE}(?P<cue>{_CLEAR})(?P<gap>{_ID_GAP})(?P<n>{_ID})", re.I)
_WECHAT_FAINT = re.compile(rf"{_BEFORE}(?P<cue>{_FAINT})(?P<gap>[:：\s]{{1,3}})(?P<n>{_ID})", re.I)
_WXID = re.compile(r"(?<![A-Za-z0-9])(?P<n>wxid_[a-z0-9]{6,20})(?![A-Za-z0-9])")


def mails(shadow: Shadow) -> Iterator[Found]:
    for pattern in (_MAIL, _SPOKEN):
        for match in pattern.finditer(shadow.plain):
            host = re.sub(r"\s|[()\[\]【】]", "", re.sub(_DOT, ".", match["host"].lower(), flags=re.I))
            host = host if "." in host else f"{host}.com"
            local = match["local"].lower()
            qq = host in ("qq.com", "vip.qq.com") and re.fullmatch("[1-9][0-9]{4,10}", local)
            yield Found(*match.span(), "mail", f"qq:{local}" if qq else f"mail:{local}@{host}")


def qqs(shadow: Shadow) -> Iterator[Found]:
    for text in (shadow.plain, shadow.spelled):
        for match in _QQ.finditer(text):
            number = re.sub("[^0-9]", "", match["n"])
            short = len(number) < 6 and match["cue"].lower() in ("q", "扣")
            if short or _COUNTED.match(shadow.plain, match.end()):
                continue
            yield Found(*match.span("n"), "qq", f"qq:{number}")
            end = match.end()
            while more := _MORE.match(text, end):
                end = more.end()
                if not _COUNTED.match(shadow.plain, end):
                    yield Found(*more.span("n"), "qq", f"qq:{more['n']}")
        if shadow.spelled == shadow.plain:
            break


def wechats(shadow: Shadow) -> Iterator[Found]:
    for pattern in (_WECHAT, _WECHAT_FAINT):
        for match in pattern.finditer(shadow.plain):
            if _is_account(match, shadow):
                yield Found(*match.span("n"), "wechat", f"wechat:{match['n'].lower()}")
    for match in _WXID.finditer(shadow.plain):
        yield Found(*match.span("n"), "wechat", f"wechat:{match['n'].lower()}")


def _is_account(match: re.Match[str], shadow: Shadow) -> bool:
    """微信iPhone版 has no id: letters alone are one only where something says so."""
    if shadow.in_url(match.start()):
        return False
    if match["n"][0].isdigit():
        return not _COUNTED.match(shadow.plain, match.end())
    named = re.search("[:：号加是为搜]", match["gap"]) or "加" in match["cue"]
    return bool(named or re.search("[0-9_]", match["n"]))
