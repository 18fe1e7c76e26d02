"""A megabyte made to be slow costs no more steps than a page does; an honest article keeps all of its search."""

import random

import pytest

from indexer.text import charsets, gbk_prices, gbk_shift
from indexer.text.gbk_shift import mend_shift
from indexer.text.repair import repair
from tests.damage import annotated
from tests.indexer.text.test_shifted_gbk_is_mended import SENTENCES

CHANCE = random.Random(1)
HOSTILE = {
    "private use": "".join(chr(CHANCE.randint(0xE000, 0xF8FF)) for _ in range(200_000)),
    "private use in lines": "\n".join("\ue0db\ue431绫┝Υ呤" for _ in range(30_000)),
    "rare characters": "".join(CHANCE.choice("拇呤帐侄危绫囗艴鳎齄龘靐") for _ in range(200_000)),
    "torn UTF-8": "å€" * 100_000,
    "anchors": "?(shù)" * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_with_the_budget(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gbk_shift, "BUDGET", 20_000)
    monkeypatch.setattr(charsets, "BUDGET", 200)
    steps = 0

    def counted(price: gbk_prices.Prices, before: str, char: str) -> float:
        nonlocal steps
        steps += 1
        return of(price, before, char)

    of = gbk_prices.Prices.of
    monkeypatch.setattr(gbk_prices.Prices, "of", counted)
    repair(HOSTILE[name])
    assert steps < 400_000


def test_a_long_article_damaged_in_every_line_is_mended_to_its_end() -> None:
    article = "\n".join(annotated(sentence, share=0.7, seed=seed) for seed, sentence in enumerate(SENTENCES * 40))
    mended, spots, _ = mend_shift(article)
    assert spots > 100
    assert mended.split("\n")[-8:] == mend_shift("\n".join(article.split("\n")[-8:]))[0].split("\n")
