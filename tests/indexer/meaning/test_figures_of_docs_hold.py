"""On texts that nothing was tuned on, meaning is as good as docs/meaning.md says, which says what bench prints."""

from pathlib import Path

import pytest

from bench import meaning

DOCS = Path(__file__).parents[3] / "docs/meaning.md"


def figures(half: str) -> list[str]:
    """Cells of the table of docs/meaning.md for `half`, measured now."""
    (what, stance), (speaker, sample) = meaning.practices(half), meaning.voices(half)
    found = [f"{it.precision:.2f} / {it.recall:.2f} / {it.f1:.2f}" for it in (meaning.lenders(half), what)]
    lender = meaning.whose(half)
    return [
        *found,
        f"{stance.accuracy:.2f}",
        f"{lender.accuracy:.2f}",
        f"{speaker.macro_f1:.2f}",
        f"{sample.accuracy:.2f}",
    ]


@pytest.mark.parametrize("half", ["tune", "held"])
def test_the_table_is_what_is_measured(half: str) -> None:
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {half} ")]
    assert [[cell.strip() for cell in row.split("|")[2:-1]] for row in rows] == [figures(half)]


def test_the_held_half_stays_above_its_floors() -> None:
    practices, stance = meaning.practices("held")
    assert meaning.lenders("held").f1 >= 0.95
    assert practices.f1 >= 0.75
    assert stance.accuracy >= 0.80
    assert meaning.whose("held").accuracy >= 0.85
    assert meaning.voices("held")[0].macro_f1 >= 0.85


@pytest.mark.parametrize("name", ["lenders", "practices", "about", "voice"])
def test_no_text_is_in_both_halves(name: str) -> None:
    tune, held = ({row["text"] for row in meaning.labelled(name, half)} for half in ("tune", "held"))
    assert tune.isdisjoint(held)
    assert len(held) >= {"lenders": 50, "practices": 80, "about": 15, "voice": 40}[name]


def test_what_was_learned_of_voices_is_learned_from_the_tuning_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = meaning.LEARNED.read_text(encoding="utf-8")
    monkeypatch.setattr(meaning, "LEARNED", tmp_path / "voice.txt")
    meaning.train()
    assert (tmp_path / "voice.txt").read_text(encoding="utf-8") == shipped
