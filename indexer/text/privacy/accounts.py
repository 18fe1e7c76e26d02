"""Finds mailboxes, QQ numbers, WeChat ids and accounts elsewhere in a shadow."""

import re
from collections.abc import Iterator

from indexer.text.privacy.found import Found
from indexer.text.privacy.shadow import CJK, Shadow
from indexer.text.privacy.words import SIGN, any_of, spaced, words

_HOSTS = "(?:vip[.])?(?:qq|163|126|139|189|yeah|sina|sohu|foxmail|gmail|outlook|hotmail|aliyun|icloud|yahoo|live)"
_DOT = r"\s?(?:[.。．]|[，,](?=\s?(?:com|cn|net))|点|[(\[【]?dot[)\]】]?)\s?"
_LOCAL = r"(?<![A-Za-z0-9._%+\-])(?P<local>[A-Za-z0-9][A-Za-z0-9._%+\-]*+)"
_HASH = "#(?=(?:qq|163|126|139|189|gmail|foxmail|sina|outlook)[.。．点，,])"
_SAID = "艾特|爱特|圈a"
_AT = rf"\s{{0,2}}(?:@{{1,2}}|[⊙◎ⓐ⊕©®]|{_HASH}|[(\[【{{#]\s?(?:at|a|@|{_SAID})\s?[)\]】}}#]|{_SAID})\s{{0,2}}"
_MAIL = re.compile(
    rf"{_LOCAL}{_AT}(?P<host>[A-Za-z0-9\-]{{1,63}}(?:{_DOT}[A-Za-z0-9\-]{{2,24}}){{0,2}}{_DOT}[A-Za-z]{{2,24}}|{_HOSTS})(?![A-Za-z0-9])",
    re.I,
)
_SPOKEN = re.compile(
    rf"{_LOCAL}\s{{1,2}}at\s{{1,2}}(?P<host>{_HOSTS}{_DOT}(?:com|cn|net)(?:[.]cn)?)(?![A-Za-z0-9])", re.I
)

_GAP = (
    r"(?:号码?|群号?|联系|咨询|添加|加我?|搜索?|搜一搜|同号|同名|是|为|[一二三1-9]群|账号|我|来|找|叫|名|都|也"
    r"""|[:：\s\-—=>→➡👉⬇()（）【】\[\]〔〕「」"“”'*·.,，~\ufe0f\ufdd0\ufdd1❤♥丨｜|]){0,6}"""
)
_BEFORE = "(?<![A-Za-z0-9])"
_DOUBLED = f"[{words().qq_doubled}]"
_QQ_CUE = f"(?:{_DOUBLED}{SIGN}{_DOUBLED}|{spaced(words().qq)})"
_NUMBER = r"[1-9](?:[ \-.·*_]{0,2}[0-9]){4,10}"
_QQ = re.compile(rf"{_BEFORE}(?P<cue>{_QQ_CUE}){_GAP}(?P<n>{_NUMBER})(?![0-9])", re.I)
_MORE = re.compile(r"(?:\s{0,2}[/、,，或和及]|[（(][^）)\n]{1,6}[）)])\s{0,2}(?P<n>[1-9][0-9]{4,10})(?![0-9])")
_DATED = re.compile("20[0-3][0-9](?:0[1-9]|1[0-2])[0-3][0-9]")
_COUNTED = re.compile(rf"\s?(?:{any_of(words().units)}|[月日号\-/年][0-9]|\.[0-9])")

_HALVES = f"{spaced(words().wechat_heads)}{SIGN}{any_of(words().wechat_tails)}{SIGN}(?:[信星心芯]|x(?![A-Za-z]))?"
_CLEAR = f"(?:{_HALVES}|{spaced(words().wechat)})"
_FAINT = any_of(words().wechat_faint)
_NAMED = r"[A-Za-z][\-_A-Za-z0-9]{5,19}(?![\-_A-Za-z0-9@.])"
_ID = rf"(?:{_NAMED}|(?=[0-9]{{1,12}}[A-Za-z_])[0-9][\-_A-Za-z0-9]{{5,19}}|[1-9][0-9]{{4,11}}(?![0-9]))"
_ID_GAP = _GAP.replace("账号", "账号|id")
_WECHAT = re.compile(rf"{_BEFORE}(?P<cue>{_CLEAR})(?P<gap>{_ID_GAP})(?P<n>{_ID})", re.I)
# The same, letter by letter: k.k.0.0.9.1
_SPREAD = "[A-Za-z](?:(?: [A-Za-z0-9_]){5,19}|(?:[.][A-Za-z0-9_]){5,19})(?![A-Za-z0-9])"
_WECHAT_SPREAD = re.compile(rf"{_BEFORE}(?P<cue>{_CLEAR})(?P<gap>{_ID_GAP})(?P<n>{_SPREAD})", re.I)
_WECHAT_FAINT = re.compile(rf"{_BEFORE}(?P<cue>{_FAINT})(?P<gap>[:：\s]{{1,3}})(?P<n>{_ID})", re.I)
_MORE_NAMED = re.compile(rf"\s{{0,2}}[/、,，或和及]\s{{0,2}}(?P<n>(?!qq)(?=[A-Za-z\-]{{1,19}}[0-9_]){_NAMED})", re.I)
_WXID = re.compile(r"(?<![A-Za-z0-9])(?P<n>(?:wxid|wx|vx)_[a-z0-9_]{5,20})(?![A-Za-z0-9])")
# An account before its cue: 200300400（QQ）, laoge_88，这是我微信.
_IS = r"[ ]{0,2}[（(【\[，,、。]{0,2}(?:这?个?(?:就?是|为))?(?:加?我的?|他的?|本人|咨询|联系|加)?"
_NO_MORE = f"(?:号码?|群号?|账号|同号)?(?=[^A-Za-z0-9{CJK}]|$|加|备注|联系)(?![^{CJK}\n]{{0,4}}[A-Za-z0-9])"
_QQ_BEHIND = re.compile(
    rf"(?<![A-Za-z0-9.])(?P<n>[1-9](?:[0-9]{{5,10}}|(?: [0-9]){{5,10}})){_IS}{_QQ_CUE}{_NO_MORE}", re.I
)
_WECHAT_BEHIND = re.compile(
    rf"(?<![A-Za-z0-9@.\-_/])(?P<n>(?=[A-Za-z\-]{{0,19}}[0-9_]){_NAMED}|{_SPREAD}){_IS}(?:{_CLEAR}){_NO_MORE}", re.I
)
_APPS = f"(?<![A-Za-z]){any_of(words().apps)}(?!(?!id)[A-Za-z])"
_ELSEWHERE = re.compile(
    rf"{_APPS}\ufe0f?(?P<gap>(?:号码?|群|账号|帐号|id|上|搜索?|联系|昵称|名|加|我|是|为|[:：\s@（(]){{0,4}})"
    r"(?P<n>@?(?!https?:|www[.])(?:t[.]me/)?(?:[A-Za-z][A-Za-z0-9_.\-]{4,31}|[0-9]{5,12}[A-Za-z0-9_]{0,10}))(?![A-Za-z0-9@])",
    re.I,
)
_LETTERS = re.compile("[A-Za-z][-_A-Za-z0-9]{5}|[0-9][A-Za-z_]")
_LONG = re.compile("[-_A-Za-z0-9]{5}")
_APART = re.compile("[A-Za-z]([ .])[A-Za-z0-9]\\1[A-Za-z0-9]\\1[A-Za-z0-9]")
_SOME = re.compile("[0-9](?:[ \\-.·*_]{0,2}[0-9]){4}")
_MOBILE = re.compile("(?:vx|wx|v|qq|tel)?(1[3-9][0-9]{9})", re.I)


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
        for match in _QQ.finditer(text) if _SOME.search(text) else ():
            number = re.sub("[^0-9]", "", match["n"])
            group = match["cue"] in ("群", "裙")
            short = len(number) < 6 and (group or match["cue"].lower() in ("q", "扣"))
            short = short or (group and _DATED.fullmatch(number) is not None)
            if short or _COUNTED.match(shadow.plain, match.end()):
                continue
            yield Found(*match.span("n"), "qq", f"qq:{number}")
            end = match.end()
            while more := _MORE.match(text, end):
                end = more.end()
                if not _COUNTED.match(shadow.plain, end):
                    yield Found(*more.span("n"), "qq", f"qq:{more['n']}")
    for match in _QQ_BEHIND.finditer(shadow.plain):
        yield Found(*match.span("n"), "qq", f"qq:{match['n'].replace(' ', '')}")


def named_wechats(shadow: Shadow) -> Iterator[Found]:
    """WeChat ids that begin with a letter: they go before phones, which they may hold."""
    if not _LETTERS.search(shadow.plain):
        return iter(())
    return (it for it in wechats(shadow) if not it.contact[len("wechat:")].isdigit())


def wechats(shadow: Shadow) -> Iterator[Found]:
    if not (_LONG.search(shadow.plain) or _APART.search(shadow.plain)):
        return
    for match in _WXID.finditer(shadow.plain):
        yield Found(*match.span("n"), "wechat", f"wechat:{match['n'].lower()}")
    for pattern in (_WECHAT, _WECHAT_FAINT):
        for match in pattern.finditer(shadow.plain):
            if not _is_account(match, shadow) or _MOBILE.fullmatch(match["n"]):
                continue
            yield Found(*match.span("n"), "wechat", f"wechat:{match['n'].lower()}")
            if more := _MORE_NAMED.match(shadow.plain, match.end()):
                yield Found(*more.span("n"), "wechat", f"wechat:{more['n'].lower()}")
    for pattern in (_WECHAT_BEHIND, _WECHAT_SPREAD):
        for match in pattern.finditer(shadow.plain):
            if not shadow.in_url(match.start()) and not _MOBILE.fullmatch(match["n"]):
                yield Found(*match.span("n"), "wechat", f"wechat:{re.sub('[ .]', '', match['n'].lower())}")


def elsewhere(shadow: Shadow) -> Iterator[Found]:
    """Accounts on other platforms: Telegram, Douyin, Alipay and the like."""
    if not _LONG.search(shadow.plain):
        return
    for match in _ELSEWHERE.finditer(shadow.plain):
        own, gap = match["n"], match["gap"]
        told = "@" in gap + own or re.search("[号:：搜名]|id", gap, re.I)
        if own.isdigit() and not told:
            continue
        if own.lstrip("@")[0].isdigit() and _COUNTED.match(shadow.plain, match.end()):
            continue
        if told or re.search("[0-9_]|t[.]me/", own):
            yield Found(*match.span("n"), "account", f"account:{own.lstrip('@').lower()}")


def _is_account(match: re.Match[str], shadow: Shadow) -> bool:
    """微信iPhone版 has no id: letters alone are one only where something says so."""
    if shadow.in_url(match.start()):
        return False
    if match["n"][0].isdigit():
        return not _COUNTED.match(shadow.plain, match.end())
    named = re.search("[:：号加是为搜]", match["gap"]) or "加" in match["cue"]
    return bool(named or re.search("[0-9_-]", match["n"]))
