"""Traditional to simplified characters, by OpenCC, without touching text that is simplified already."""

import re
from functools import cache
from pathlib import Path

from opencc import OpenCC

NAMES = Path(__file__).with_name("japanese.txt")

# OpenCC keeps 著; simplified text writes 着 but in words of writing, fame and nativeness.
_ZHE = re.compile("(?<![显卓土编原名论专巨昭译拙遗合所])著(?![名作称者述书录])")
_UNUSED = re.compile("[\u3400-\u4dbf\U00020000-\U0003ffff]")
"""Simplified by analogy only: 劏房 has no other form in use."""
_KANA = re.compile("[\u3041-\u30fa\u31f0-\u31ff]")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def single() -> dict[str, str]:
    """Each character that has a simplified form, with it, one by one and without context."""
    chars = [chr(code) for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))]
    simple = _converter().convert("\n".join(chars)).split("\n")
    return {char: other for char, other in zip(chars, simple, strict=True) if char != other}


def simple(char: str) -> str:
    """The simplified form of one character, itself where there is none."""
    return single().get(char, char)


@cache
def _traditional_only() -> re.Pattern[str]:
    """Characters that simplified text never has: those with a simplified form that GB 2312 lacks.

    乾 (乾坤), 瞭 (瞭望), 藉 (狼藉), 徵 (宫商角徵羽) … have one and are in GB 2312: they prove nothing. Nor do
    those whose simplified form nobody writes (鯥, 訑, 劏).
    """
    proving = (char for char, other in single().items() if not in_gb2312(char) and not _UNUSED.match(other))
    return re.compile(f"[{''.join(proving)}]")


def in_gb2312(char: str) -> bool:
    """Whether the charset of common simplified characters has it."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def is_traditional(text: str) -> bool:
    """Whether the text has a character that simplified Chinese doesn't use."""
    return bool(_traditional_only().search(text))


def _is_japanese(line: str) -> bool:
    if _KANA.search(line):
        return True
    rest, names = _names().subn("", line)
    return bool(names) and not is_traditional(rest)


@cache
def _names() -> re.Pattern[str]:
    """Japanese family names with a given name, and companies."""
    names = " ".join(line for line in NAMES.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    longest_first = sorted(names.split(), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(longest_first)})[\u4e00-\u9fff]{{1,3}}|株式[会會]社[\u4e00-\u9fff]{{2,6}}")


def simplify(text: str) -> tuple[str, int]:
    """The text in simplified characters, and how many characters changed.

    A text without a traditional character stays as it is (乾隆, 瞭望), and so do lines in Japanese, and simplified
    ones that name a Japanese as he writes himself (宮崎駿).
    """
    if not is_traditional(text):
        return text, 0
    lines = text.split("\n")
    mended = [line if _is_japanese(line) else _ZHE.sub("着", _converted(line)) for line in lines]
    changed = sum(sum(a != b for a, b in zip(old, new, strict=False)) for old, new in zip(lines, mended, strict=True))
    return "\n".join(mended), changed


def _converted(line: str) -> str:
    simple: str = _converter().convert(line)
    if len(simple) != len(line) or not _UNUSED.search(simple):
        return simple
    return "".join(old if _UNUSED.match(new) else new for old, new in zip(line, simple, strict=True))
