"""Damages clean text as the web does, byte for byte, so that tests know what repair must give back."""

import random
import re
import unicodedata
from collections.abc import Callable
from difflib import SequenceMatcher
from html import escape

from opencc import OpenCC
from pypinyin import Style, pinyin

Damage = Callable[[str, random.Random], str]

_TRADITIONAL, _SIMPLE = OpenCC("s2t"), OpenCC("t2s")


def traditional(text: str) -> str:
    return _TRADITIONAL.convert(text)


def annotated(text: str, *, share: float, seed: int, swallow: bool = False) -> str:
    """Traditional text with pinyin put behind characters by a site that searches GBK bytes, borders or not.

    A match across a border tears two characters apart; `swallow` is a decoder that takes the parenthesis with the
    torn byte (iconv and PHP do), otherwise it shows `?` and keeps it (browsers do).
    """
    chance = random.Random(seed)
    raw = traditional(text).encode("gb18030")
    out, at = b"", 0
    while at < len(raw):
        shown = raw[at : at + 2].decode("gb18030", "ignore")
        if len(shown) == 1 and _SIMPLE.convert(shown) != shown and chance.random() < share:
            syllable = pinyin(shown, style=Style.TONE)[0][0]
            out, at = out + raw[at : at + 2] + f"({syllable})".encode("gb18030"), at + 2
        else:
            out, at = out + raw[at : at + 1], at + 1
    shown = out.decode("gb18030", "replace")
    return shown.replace("\ufffd(", "?") if swallow else shown.replace("\ufffd", "?")


def shifted(text: str) -> str:
    """GBK whose first byte was lost: every character is made of the halves of two."""
    return text.encode("gb18030")[1:].decode("gb18030", "replace").replace("\ufffd", "?")


# Each damage of KINDS takes clean simplified text and a source of chance, and hits random places of it.

ENTITIES = {"“": "ldquo", "”": "rdquo", "‘": "lsquo", "’": "rsquo", "—": "mdash", "…": "hellip", "·": "middot"}
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
DISGUISES = {
    "催收": ("催*收", "催.收", "催 收", "催/收", "崔收", "摧收", "cui收", "催shou", "亻崔收", "忄崔收"),
    "暴力": ("暴li", "bao力", "暴*力", "暴 力", "爆力"),
    "通讯录": ("通讯绿", "通xun录", "通讯lu", "通*讯*录", "通讠卂录"),
    "威胁": ("威xie", "威*胁", "威月办", "微胁"),
    "骚扰": ("骚rao", "骚·扰", "马蚤扰", "搔扰"),
    "恐吓": ("恐he", "恐-吓", "恐口下"),
    "逾期": ("yu期", "逾_期", "逾其月"),
    "贷款": ("dai款", "贷|款", "代贝款", "贷宽"),
    "电话": ("dian话", "电*话", "电讠舌"),
    "起诉": ("起su", "起讠斥", "起*诉"),
    "上门": ("上men", "上*门"),
    "网贷": ("网dai", "网代贝", "网*贷"),
    "还款": ("还kuan", "还*款"),
    "借款": ("jie款", "借·款"),
    "骗": ("马扁",),
}


def part(text: str, chance: random.Random) -> tuple[int, int]:
    """A random stretch of the text, or all of it."""
    if len(text) < 12 or chance.random() < 0.5:
        return 0, len(text)
    start = chance.randrange(len(text) - 8)
    return start, chance.randrange(start + 8, len(text) + 1)


def within(damage: Callable[[str, random.Random], str]) -> Damage:
    """The damage on a random stretch."""

    def damaged(text: str, chance: random.Random) -> str:
        start, end = part(text, chance)
        return text[:start] + damage(text[start:end], chance) + text[end:]

    return damaged


def misread(text: str, *codecs: str, errors: str = "replace") -> str:
    """UTF-8 read in each of the codecs, one after the other, and saved as UTF-8 again."""
    for codec in codecs:
        text = text.encode().decode(codec, errors)
    return text


def glued(text: str, chance: random.Random) -> str:
    """Pinyin behind some simplified characters, in half- or full-width parentheses."""
    left, right = chance.choice(("()", "（）"))
    readings = pinyin(list(text), style=Style.TONE)
    return "".join(
        f"{char}{left}{reading[0]}{right}" if "\u4e00" <= char <= "\u9fff" and chance.random() < 0.2 else char
        for char, reading in zip(text, readings, strict=True)
    )


def byte_lost(text: str, chance: random.Random) -> str:
    """GB18030 without one byte somewhere."""
    raw = text.encode("gb18030")
    lost = chance.randrange(len(raw))
    return (raw[:lost] + raw[lost + 1 :]).decode("gb18030", "replace").replace("\ufffd", "?")


def escaped_twice(text: str, chance: random.Random) -> str:
    numbers = chance.random() < 0.5
    pieces = []
    for char in text:
        if char in ENTITIES:
            pieces.append(f"&amp;{ENTITIES[char]};")
        elif numbers and char > "\x7f" and chance.random() < 0.5:
            pieces.append(f"&amp;#{ord(char)};" if chance.random() < 0.5 else f"&amp;#x{ord(char):x};")
        else:
            pieces.append(escape(escape(char)) if char in "\"'" else char)
    return "".join(pieces)


def fullwidth(text: str, chance: random.Random) -> str:
    return re.sub("[0-9A-Za-z@%.:/+-]", lambda match: chr(ord(match[0]) + 0xFEE0), text)


def zero_width(text: str, chance: random.Random) -> str:
    return "".join(char + (chance.choice(ZERO_WIDTH) if chance.random() < 0.2 else "") for char in text)


def disguised(text: str, chance: random.Random) -> str:
    def disguise(match: re.Match[str]) -> str:
        return chance.choice(DISGUISES[match[0]]) if chance.random() < 0.7 else match[0]

    return re.sub("|".join(DISGUISES), disguise, text)


def torn(text: str, chance: random.Random) -> str:
    """Traditional, annotated byte by byte: `?` and shifted stretches."""
    return annotated(
        text, share=chance.choice((0.3, 0.6, 1.0)), seed=chance.randrange(10**6), swallow=chance.random() < 0.5
    )


def unterminated(text: str, chance: random.Random) -> str:
    """Character references that lack the semicolon; a number ends where no digit follows."""
    form = chance.choice(("&#{:d}", "&#x{:x}", "&amp;#{:d}"))
    return re.sub("[\u4e00-\u9fff“”—…](?![0-9A-Fa-f])", lambda match: form.format(ord(match[0])), text)


def percent_encoded(text: str, chance: random.Random) -> str:
    """Chinese as an address writes it, in UTF-8 or GBK; or as quoted-printable."""
    codec, sign = chance.choice((("utf-8", "%"), ("utf-8", "="), ("gb18030", "%")))
    return _han(lambda match: "".join(f"{sign}{byte:02X}" for byte in match[0].encode(codec)), text)


def escaped(text: str, chance: random.Random) -> str:
    """Chinese as JSON or JavaScript writes it; the backslash is lost where a database took it."""
    sign = chance.choice(("\\u", "\\\\u", "%u", "u"))
    return _han(lambda match: "".join(f"{sign}{ord(char):04x}" for char in match[0]), text)


def _han(replacement: Callable[[re.Match[str]], str], text: str) -> str:
    return re.sub("[\u4e00-\u9fff，。、；：？！“”（）]{3,}", replacement, text)


def quotes_misread(text: str, chance: random.Random) -> str:
    """Punctuation that the charsets of the West have as well, UTF-8 read as Windows-1252."""
    return re.sub("[“”‘’—…·]", lambda match: match[0].encode().decode("cp1252", "ignore"), text)


def bytes_lost(text: str, chance: random.Random) -> str:
    """GB18030 without two bytes, far from each other or not."""
    return byte_lost(byte_lost(text, chance), chance)


def byte_order_marks(text: str, chance: random.Random) -> str:
    """Byte order marks of files that were put together, read as Windows-1252 or not at all."""
    mark = chance.choice(("\ufeff", "ï»¿"))
    return "\n".join(mark + line for line in text.split("\n"))


def struck(text: str, chance: random.Random) -> str:
    """Combining marks and variation selectors behind characters."""
    marks = chance.choice(("\u0336", "\u0489", "\u20dd", "\ufe0f", "\U000e0100", "\u1ab2", "\u0e47", "\u0305\u0332"))
    return re.sub("[\u4e00-\u9fff]", lambda match: match[0] + marks * (chance.random() < 0.4), text)


FORMS = dict(
    zip(
        "，、；：？！（）《》",
        ("﹐︐", "﹑︑", "﹔︔", "﹕︓", "﹖︖", "﹗︕", "﹙︵", "﹚︶", "︽", "︾"),
        strict=True,
    )
)
RADICALS = {char: chr(code) for code in range(0x2F00, 0x2FD6) if (char := unicodedata.normalize("NFKC", chr(code)))}
RADICALS |= dict(zip("民见长车马门页风食齐龙", "⺠⻅⻓⻋⻢⻔⻚⻛⻝⻬⻰", strict=True))


def vertical(text: str, chance: random.Random) -> str:
    """Small or vertical forms of punctuation, as Big5 has them."""
    place = chance.randrange(2)
    return "".join(FORMS[char][min(place, len(FORMS[char]) - 1)] if char in FORMS else char for char in text)


def of_a_pdf(text: str, chance: random.Random) -> str:
    """Radicals for the characters that look like them, as text copied from a PDF has them."""
    return "".join(RADICALS.get(char, char) for char in text)


def spaced(text: str, chance: random.Random) -> str:
    """A blank behind every Chinese character."""
    return re.sub("(?<=[\u4e00-\u9fff，。、；：？！])(?=[\u4e00-\u9fff，。、；：？！])", " ", text)


def no_more_bytes(text: str, chance: random.Random) -> str:
    """Between sentences, what replacement characters become when they are read as GBK."""
    return text.replace("。", "。锟斤拷锟斤拷")


def bracketed(text: str, chance: random.Random) -> str:
    """Pinyin behind some characters, in other brackets."""
    left, right = chance.choice(("[]", "【】", "{}", "<>", "〔〕"))
    return glued(text, chance).replace("(", left).replace("（", left).replace(")", right).replace("）", right)


LETTERS = {
    "circled": "".join(chr(0x24D0 + place) for place in range(26)),
    "bold": "".join(chr(0x1D41A + place) for place in range(26)),
    "in parentheses": "".join(chr(0x249C + place) for place in range(26)),
    "squared": "".join(chr(0x1F130 + place) for place in range(26)),
    "white on black": "".join(chr(0x1F150 + place) for place in range(26)),
    "small capitals": "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ",
    "apart": "".join(map(chr, range(97, 123))),
    "Cyrillic": "аbсdеfghіjklmnорqrѕtuvwхуz",
}
SOUNDS = {"催收": ("cui收", "催shou"), "暴力": ("bao力", "暴li"), "通讯录": ("通讯lu", "tongxun录")}
SOUNDS |= {
    "逾期": ("yu期", "逾qi"),
    "贷款": ("dai款", "贷kuan"),
    "骚扰": ("sao扰",),
    "网贷": ("网dai",),
    "威胁": ("wei胁",),
}
OTHERWISE = {
    "催收": (
        "催🈲收",
        "催❌收",
        "摧收",
        "催収",
        "催—收",
        "催(收)",
        "【催】【收】",
        "催=收",
        "C收",
        "c收",
        "催s",
        "催、收",
    ),
    "暴力": ("暴l", "报力", "暴💢力", "暴'力"),
    "通讯录": ("通讯l", "通讯📖录", "通讯路"),
    "微信": ("微✉", "薇信", "微💬信"),
    "信用卡": ("信用💳", "信y卡", "信用咔"),
    "银行卡": ("银行💳",),
    "上门": ("上🚪", "尚门"),
    "欠钱": ("欠💰", "歉钱"),
    "还钱": ("还💰",),
    "骗子": ("🐴扁子", "骗紫"),
    "网贷": ("网d", "网黛", "w贷"),
    "逾期": ("愉期", "逾q", "y期"),
    "轰炸": ("轰💣", "轰榨"),
    "贷款": ("黛款", "代款"),
    "起诉": ("起s", "启诉"),
    "骚扰": ("s扰", "搔扰"),
    "电话": ("电📞话", "电話"),
}


def _written(words: dict[str, tuple[str, ...]], dress: Damage) -> Damage:
    def hidden(text: str, chance: random.Random) -> str:
        def hide(match: re.Match[str]) -> str:
            return dress(chance.choice(words[match[0]]), chance) if chance.random() < 0.7 else match[0]

        return re.sub("|".join(sorted(words, key=len, reverse=True)), hide, text)

    return hidden


def _dressed(shown: str, chance: random.Random) -> str:
    name = chance.choice(list(LETTERS))
    gap = " " * (name == "apart")
    return re.sub("[a-z]", lambda match: LETTERS[name][ord(match[0]) - 97] + gap, shown)


KINDS: dict[str, Damage] = {
    "traditional characters": within(lambda text, _: traditional(text)),
    "pinyin behind simplified characters": glued,
    "pinyin behind traditional characters, glued by bytes": torn,
    "GBK, a byte lost": byte_lost,
    "UTF-8 read as GB18030": within(lambda text, _: misread(text, "gb18030")),
    "UTF-8 read as GBK, bytes lost": within(lambda text, _: misread(text, "gbk")),
    "UTF-8 read as Latin-1": within(lambda text, _: misread(text, "latin-1")),
    "UTF-8 read as Windows-1252, bytes lost": within(lambda text, _: misread(text, "cp1252")),
    "GBK read as Latin-1": within(lambda text, _: text.encode("gb18030").decode("latin-1")),
    "UTF-8 read as Latin-1 twice": within(lambda text, _: misread(text, "latin-1", "latin-1")),
    "UTF-8 read as GB18030 twice": within(lambda text, _: misread(text, "gb18030", "gb18030")),
    "UTF-8 read as Latin-1, then as GB18030": within(lambda text, _: misread(text, "latin-1", "gb18030")),
    "entities twice": escaped_twice,
    "full-width forms": fullwidth,
    "zero-width characters": zero_width,
    "disguised words": disguised,
    "words in dressed letters": _written(SOUNDS, _dressed),
    "words disguised otherwise": _written(OTHERWISE, lambda shown, _: shown),
    "entities without an end": within(unterminated),
    "percent-encoded": within(percent_encoded),
    "Unicode escapes": within(escaped),
    "punctuation read as Windows-1252": quotes_misread,
    "Big5 read as GBK": within(
        lambda text, _: traditional(text).encode("big5hkscs", "ignore").decode("gbk", "replace")
    ),
    "GBK read as Big5": within(lambda text, _: text.encode("gb18030").decode("big5hkscs", "replace")),
    "UTF-8 read as Big5": within(lambda text, _: misread(text, "big5hkscs")),
    "GBK, two bytes lost": bytes_lost,
    "byte order marks": byte_order_marks,
    "combining marks": struck,
    "small and vertical forms": vertical,
    "radicals for characters": of_a_pdf,
    "blanks between characters": within(spaced),
    "replacement characters read as GBK": no_more_bytes,
    "pinyin in other brackets": bracketed,
}
STACKED: dict[str, tuple[str, ...]] = {
    " + ".join(names): names
    for names in (
        ("disguised words", "zero-width characters"),
        ("disguised words", "traditional characters", "zero-width characters"),
        ("disguised words", "full-width forms", "entities twice"),
        ("disguised words", "pinyin behind simplified characters"),
        ("disguised words", "pinyin behind traditional characters, glued by bytes"),
        ("full-width forms", "pinyin behind traditional characters, glued by bytes", "zero-width characters"),
        ("traditional characters", "GBK, a byte lost"),
        ("traditional characters", "UTF-8 read as GB18030"),
        ("disguised words", "UTF-8 read as Latin-1"),
        ("pinyin behind traditional characters, glued by bytes", "UTF-8 read as Latin-1"),
        ("pinyin behind traditional characters, glued by bytes", "UTF-8 read as GB18030"),
        ("UTF-8 read as GB18030", "entities twice"),
        ("entities twice", "zero-width characters", "traditional characters"),
    )
}


def damaged(kind: str, text: str, chance: random.Random) -> str:
    """The text with a damage of KINDS or STACKED."""
    for name in STACKED.get(kind, (kind,)):
        text = KINDS[name](text, chance)
    return text


def given_back(meant: str, mended: str) -> float:
    """How many characters of `meant` are in `mended`, less what is in excess."""
    same = sum(block.size for block in SequenceMatcher(None, meant, mended, autojunk=False).get_matching_blocks())
    return max(0, same - max(0, len(mended) - len(meant)))
