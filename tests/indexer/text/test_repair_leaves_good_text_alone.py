"""Undamaged text of every sort passes through repair as it is, and repairing twice changes nothing."""

import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.text.repair import repair
from tests.damage import KINDS, STACKED, annotated, damaged
from tests.indexer.text.test_shifted_gbk_is_mended import SENTENCES

GOOD = [
    "Debt collectors may not call before 8 a.m. (local time) or after 9 p.m.",
    "服务费用(fee)按月收取，年化利率(APR)不超过24%。",
    "行(xíng)人与银行(háng)的行字读音不同。",
    "妈(mā) 麻(má) 马(mǎ) 骂(mà)",
    "学(xué)习(xí)汉(hàn)语(yǔ)",
    "田中さんは東京で働いています。",
    "ヨーロッパの歴史を勉強する",
    "대출 상환 안내",
    "def repair(text: str) -> str: return text.strip('?')",
    "乾隆年间，瞭望塔下一片狼藉，宫商角徵羽。",
    "他(她)可能不知道；请联系张某某(男)。",
    "你还了吗?(没还)",
    "真的吗？(shì)的",
    "郑州市中原区、璟瑄、龘靐齉、彧赟、堃",
    "第1条 (a) 项；x<y && y>z；&lt;b&gt; 是标签；AT&T。",
    "😀👨‍👩‍👧 今天心情不错",
    "《著名案例》由某某著，编著者不详。",
    "http://example.com/?q=%E5%82%AC&page=(1)",
]


@pytest.mark.parametrize("text", [*GOOD, *SENTENCES])
def test_good_text_is_unchanged(text: str) -> None:
    mended = repair(text)
    assert mended.text == text
    assert not mended.repairs


@given(st.text(alphabet=st.characters(codec="gb2312"), max_size=80))
@example("?拇呤帐侄")
def test_repairing_twice_is_repairing_once(text: str) -> None:
    once = repair(text).text
    assert repair(once).text == once


@given(st.sampled_from(SENTENCES), st.floats(0, 1), st.integers(0, 99), st.booleans())
def test_repairing_damaged_text_twice_is_repairing_it_once(text: str, share: float, seed: int, swallow: bool) -> None:
    once = repair(annotated(text, share=share, seed=seed, swallow=swallow)).text
    assert repair(once).text == once


@given(st.text(max_size=300))
def test_any_text_is_survived_without_controls_or_private_use(text: str) -> None:
    mended = repair(text).text
    assert not any("\ue000" <= char <= "\uf8ff" or char in "\x00\x1b\u202e\ufeff\ufffd" for char in mended)


@given(st.sampled_from([*KINDS, *STACKED]), st.sampled_from(SENTENCES), st.integers(0, 10**6))
def test_what_any_damage_left_is_not_changed_again(kind: str, text: str, seed: int) -> None:
    once = repair(damaged(kind, text, random.Random(seed))).text
    assert repair(once).text == once


@pytest.mark.parametrize("name", ["clean.txt", "clean-more.txt", "clean-further.txt"])
def test_lines_of_every_sort_are_unchanged(name: str) -> None:
    lines = (Path(__file__).parents[2] / "data/repair" / name).read_text(encoding="utf-8").splitlines()
    changed = [line for line in lines if repair(line).repairs or repair(line).text != line]
    assert not changed
    assert len(lines) > 80
