"""Other ways of writing that the web makes of Chinese text: escapes, references without an end, forms and marks."""

import random
import re
import unicodedata
from collections.abc import Callable


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
