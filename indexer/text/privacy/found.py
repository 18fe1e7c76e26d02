"""What a finder hands back."""

from typing import NamedTuple

MASKS = {
    "phone": "[电话]",
    "mail": "[邮箱]",
    "qq": "[QQ]",
    "wechat": "[微信]",
    "account": "[账号]",
    "id_card": "[身份证]",
    "bank_card": "[银行卡]",
    "plate": "[车牌]",
    "address": "[地址]",
    "name": "[姓名]",
}


class Found(NamedTuple):
    """Characters start..end of a text hold personal data of a `kind` (a key of MASKS).

    `contact` is the contact in its one normal spelling, with its kind before a colon (`phone:13800000000`), or empty
    where it is none that could tie two texts together.
    """

    start: int
    end: int
    kind: str
    contact: str = ""
