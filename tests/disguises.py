"""Disguises that posts use to get past a filter, on words of the field."""

import random
import re
from collections.abc import Callable

Damage = Callable[[str, random.Random], str]

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


def disguised(text: str, chance: random.Random) -> str:
    def disguise(match: re.Match[str]) -> str:
        return chance.choice(DISGUISES[match[0]]) if chance.random() < 0.7 else match[0]

    return re.sub("|".join(DISGUISES), disguise, text)


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


def written(words: dict[str, tuple[str, ...]], dress: Damage) -> Damage:
    def hidden(text: str, chance: random.Random) -> str:
        def hide(match: re.Match[str]) -> str:
            return dress(chance.choice(words[match[0]]), chance) if chance.random() < 0.7 else match[0]

        return re.sub("|".join(sorted(words, key=len, reverse=True)), hide, text)

    return hidden


def dressed(shown: str, chance: random.Random) -> str:
    name = chance.choice(list(LETTERS))
    gap = " " * (name == "apart")
    return re.sub("[a-z]", lambda match: LETTERS[name][ord(match[0]) - 97] + gap, shown)
