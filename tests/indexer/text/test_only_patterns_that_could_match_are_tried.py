"""A pattern is passed over only where it matches nothing: what it can't do without is read off it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from indexer.text.sieve import Sieve, atoms

VOICES = YAML(typ="safe").load(Path(__file__).parents[3] / "indexer/meaning/voice.yaml")["voices"].values()
CUES = [it["cue"] for voice in VOICES for it in voice["text"]]
ODD = [
    "催(?:收|款)员?|骂[我他]",
    "(?<=不)催收(?!公司)|还(?=钱)",
    "[^催]收{2,}|(?:催){3}",
    "(催)(收)?\\1",
    "(?:催|收)*还?钱?",
    "^还|钱$|[一-龥]",
    "\\d+元|[a-c]催",
    "(?i:a)催|(?i:Ab)",
    "(?:催收|催|)员",
    "(?>催收)+|还++",
    "(?P<x>催)(?(x)收|还)",
    "催.{0,3}?[收还]|\\u9a82",
]
PATTERNS = [re.compile(it, re.M) for it in (*ODD, *CUES)] + [re.compile("abc|催", re.I), re.compile("催收|还", re.I)]
SIEVE = Sieve(PATTERNS)
WORDS = sorted({atom for it in PATTERNS for atom in atoms(it) or ()})


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("催(?:收|款)员?", {"催收", "催款", "催收员", "催款员"}),
        ("我.{0,4}(?:催收|骂)", {"我"}),
        ("\\d+元钱|[0-9]{2}分", {"元钱", "分"}),
        ("催?收*", None),
        ("催收|\\d", None),
        ("(?i:a)", None),
    ],
)
def test_what_a_pattern_needs(pattern: str, words: set[str] | None) -> None:
    assert atoms(re.compile(pattern)) == words


def test_most_cues_are_passed_over() -> None:
    patterns = [re.compile(cue, re.M) for cue in CUES]
    assert all(map(atoms, patterns))
    assert len(Sieve(patterns).passed("昨天他们又打电话给我妈，张口就骂。")) < len(patterns) / 2


@given(st.lists(st.sampled_from(WORDS) | st.text("催收还钱员骂我不aAbB1元\n，", max_size=4), max_size=12).map("".join))
def test_nothing_that_matches_is_passed_over(text: str) -> None:
    passed = SIEVE.passed(text)
    assert [it.pattern for number, it in enumerate(PATTERNS) if it.search(text) and number not in passed] == []
