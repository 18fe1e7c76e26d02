"""How people write a name so that no search finds it: 微某贷, 借某呗, 招lian, 中Y消金. Readings by pypinyin."""

import re
from collections.abc import Iterator

from pypinyin import Style, pinyin

BLANKS = "某xX×○□"
"""What stands for a character that is left out."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_SURNAMES = frozenset(
    "安马任王李张刘陈杨赵黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)


def disguises(name: str) -> Iterator[str]:
    """Ways to write `name`, which has two Chinese characters or more and nothing else, that nobody else's name has.

    One character by its pinyin, by its initial where enough is left, or by a blank; a blank put between two.
    """
    if not _HAN.fullmatch(name):
        return
    for at, char in enumerate(name):
        before, behind = name[:at], name[at + 1 :]
        syllable = pinyin(char, style=Style.NORMAL, errors="ignore")[0][0]
        yield before + syllable + behind
        if len(name) >= 3:
            yield before + syllable[0] + behind
            if not (at == 1 and len(name) == 3 and name[0] in _SURNAMES):  # 「马某贷款十万」 is a person
                yield from (before + blank + behind for blank in BLANKS)
        if before:
            yield f"{before}某{char}{behind}"
