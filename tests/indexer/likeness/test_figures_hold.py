"""Reprints, templates and campaigns stay good on the half that nothing is tuned on."""

import pytest

from bench.likeness import Found, half


@pytest.mark.parametrize("what", ["reprints", "templates", "campaigns"])
def test_pairs_of_the_held_half(what: str) -> None:
    found: Found = getattr(half("held"), what)()
    assert found.both > 20
    assert found.f1 >= 0.95, [half("held").name(pair) for pair in (*found.only_told, *found.only_labelled)]
