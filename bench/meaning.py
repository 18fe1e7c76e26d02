"""Lenders, practices with stance and lender, and voice against labelled texts: the half tuned on, and the held one.

`python -m bench.meaning [tune|held]` prints the figures and each failure; `python -m bench.meaning train` learns voices
from the tuning half once more. A lender or a practice counts once a text. A stance is right where all stances found for
a practice are those of the label; a label such as `denied/possible` is of what careful readers take either way. `also`
in the data names practices that may be found or not: the text speaks of them, though it isn't about them. `set` tells
the texts that were held back at different times apart.
"""

import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from indexer.meaning.lenders import Lenders
from indexer.meaning.pieces import PIECES
from indexer.meaning.practices import Practices
from indexer.meaning.voice import VOICES, plain, voice
from indexer.text.repair import repair

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests/data/meaning"
LENDERS = Lenders.load(ROOT / "config/lenders.yaml")
PRACTICES = Practices.load(ROOT / "config/practices.yaml")
LEARNED = ROOT / "indexer/meaning/voice.txt"


class Found(NamedTuple):
    """How often what was found is what the labels say."""

    both: int
    only_found: int
    only_labelled: int
    failures: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.both / (self.both + self.only_found)

    @property
    def recall(self) -> float:
        return self.both / (self.both + self.only_labelled)

    @property
    def f1(self) -> float:
        return 2 * self.both / (2 * self.both + self.only_found + self.only_labelled)


class Told(NamedTuple):
    """How often what was told of a thing is what its label says: a row is the label, a column what was told."""

    confusion: Counter[tuple[str, str]]
    failures: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        return sum(count for (label, told), count in self.confusion.items() if label == told) / self.confusion.total()

    @property
    def macro_f1(self) -> float:
        scores = []
        for voice_ in VOICES:
            labelled = sum(count for (label, _), count in self.confusion.items() if label == voice_)
            told = sum(count for (_, it), count in self.confusion.items() if it == voice_)
            scores.append(2 * self.confusion[voice_, voice_] / (labelled + told))
        return sum(scores) / len(scores)


def labelled(name: str, half: str) -> list[dict[str, Any]]:
    lines = (DATA / f"{name}-{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def lenders(half: str) -> Found:
    rows = labelled("lenders", half)
    pairs = [(row["text"], set(row["lenders"]), {it.lender for it in LENDERS.find("", row["text"])}) for row in rows]
    return _found(pairs)


def practices(half: str, only: str | None = None) -> tuple[Found, Told]:
    """The practices themselves, and the stance of those that were found where they are; of one `set`, if named."""
    pairs, confusion, failures = [], Counter[tuple[str, str]](), []
    for row in labelled("practices", half):
        if only not in (None, row.get("set")):
            continue
        text = row["text"]
        wanted, told = _joined(row["practices"]), _joined(_practices(repair(text).text))
        pairs.append((text, set(wanted), set(told) - set(row.get("also", ()))))
        for practice in sorted(set(wanted) & set(told)):
            first, *others = wanted[practice].split("/")
            right = told[practice] if told[practice] in others else first
            confusion[right, told[practice]] += 1
            if right != told[practice]:
                failures.append(f"{practice} is {wanted[practice]}, told {told[practice]}: {text}")
    return _found(pairs), Told(confusion, tuple(failures))


def whose(half: str) -> Told:
    """Of which lenders a practice that was found is said, in texts that name several. Joined, as stances are."""
    confusion, failures = Counter[tuple[str, str]](), []
    for row in labelled("about", half):
        text = row["text"]
        wanted = _joined(row["about"])
        told = _joined([(it.id, it.lender or "") for it in PRACTICES.find("", text, LENDERS.find("", text))])
        for practice in sorted(set(wanted) & set(told)):
            confusion[wanted[practice], told[practice]] += 1
            if wanted[practice] != told[practice]:
                failures.append(f"{practice} is of {wanted[practice]}, told {told[practice]}: {text}")
    return Told(confusion, tuple(failures))


def voices(half: str) -> tuple[Told, Told]:
    """Who speaks, and whether the text says that it is a sample."""
    speaker, sample = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    spoken, sampled = [], []
    for row in labelled("voice", half):
        title, text = row["title"], row["text"]
        found = PRACTICES.find(title, text, LENDERS.find(title, text))
        told, generated = voice(title, text, found, kind=row["kind"])
        speaker[row["voice"], told] += 1
        sample[str(row["generated"]), str(generated)] += 1
        if told != row["voice"]:
            spoken.append(f"{row['voice']}, told {told}: {title} {text}")
        if generated != row["generated"]:
            sampled.append(f"generated {row['generated']}, told {generated}: {title} {text}")
    return Told(speaker, tuple(spoken)), Told(sample, tuple(sampled))


def _practices(text: str) -> list[tuple[str, str]]:
    return [(it.id, it.stance) for it in PRACTICES.find("", text, LENDERS.find("", text))]


def _joined(pairs: list[Any]) -> dict[str, str]:
    """Practice → what the text says of it, such as its stances, joined."""
    said: dict[str, set[str]] = {}
    for practice, it in pairs:
        said.setdefault(practice, set()).add(it)
    return {practice: "+".join(sorted(told)) for practice, told in said.items()}


def _found(pairs: list[tuple[str, set[str], set[str]]]) -> Found:
    failures = []
    for text, wanted, told in pairs:
        if wrong := [f"+{it}" for it in sorted(told - wanted)] + [f"-{it}" for it in sorted(wanted - told)]:
            failures.append(f"{' '.join(wrong)}: {text}")
    return Found(
        sum(len(wanted & told) for _, wanted, told in pairs),
        sum(len(told - wanted) for _, wanted, told in pairs),
        sum(len(wanted - told) for _, wanted, told in pairs),
        tuple(failures),
    )


def _pieces(text: str) -> set[str]:
    """The pieces that are learned: those within a line."""
    sizes = range(1, PIECES + 1)
    return {
        line[at : at + size]
        for line in plain(text).splitlines()
        for size in sizes
        for at in range(len(line) - size + 1)
    }


def train() -> None:
    """Learns voices from the tuning half: of each piece that two texts hold, how much likelier each voice makes it."""
    texts: dict[str, Counter[str]] = {speaker: Counter() for speaker in VOICES}
    total: Counter[str] = Counter()
    for row in labelled("voice", "tune"):
        text = f"{row['title']}\n{row['text']}"
        for mention in LENDERS.find("", text)[::-1]:  # who is spoken of must not tell who speaks
            text = f"{text[: mention.start]}\n{text[mention.end :]}"
        texts[row["voice"]].update(_pieces(text))
        total[row["voice"]] += 1
    held_by = sum(texts.values(), Counter[str]())
    lines = [f"# Learned by python -m bench.meaning train: piece, then hundredths of log-odds for {', '.join(VOICES)}."]
    for piece in sorted(piece for piece, count in held_by.items() if count > 1):
        logs = [math.log((texts[speaker][piece] + 0.3) / (total[speaker] + 1.5)) for speaker in VOICES]
        mean = sum(logs) / len(logs)
        lines.append("\t".join([piece, *(str(round(100 * (it - mean))) for it in logs)]))
    LEARNED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def cells(found: Found) -> str:
    return f"precision {found.precision:.3f}, recall {found.recall:.3f}, F1 {found.f1:.3f}"


def report(half: str) -> None:
    who = lenders(half)
    what, stance = practices(half)
    lender = whose(half)
    speaker, sample = voices(half)
    for name, found in (("lenders", who), ("practices", what)):
        print(f"{half} {name}: {cells(found)}")
    for name in dict.fromkeys(row["set"] for row in labelled("practices", half) if "set" in row):
        found, told = practices(half, name)
        print(f"    {name} set: {cells(found)}, stance {told.accuracy:.3f} of {told.confusion.total()}")
    print(f"{half} stance: accuracy {stance.accuracy:.3f} of {stance.confusion.total()} {dict(stance.confusion)}")
    print(f"{half} whose: accuracy {lender.accuracy:.3f} of {lender.confusion.total()}")
    print(f"{half} voice: macro-F1 {speaker.macro_f1:.3f}, accuracy {speaker.accuracy:.3f}")
    print(f"    {'':10}" + "".join(f"{told:>11}" for told in VOICES))
    for label in VOICES:
        print(f"    {label:10}" + "".join(f"{speaker.confusion[label, told]:11}" for told in VOICES))
    print(f"{half} generated: accuracy {sample.accuracy:.3f}")
    for name, failures in (
        ("lenders", who.failures),
        ("practices", what.failures),
        ("stance", stance.failures),
        ("whose", lender.failures),
        ("voice", speaker.failures),
        ("generated", sample.failures),
    ):
        for failure in failures:
            print(f"    {half} {name}: {failure}")


if __name__ == "__main__":
    if sys.argv[1:] == ["train"]:
        train()
    else:
        for half in sys.argv[1:] or ("tune", "held"):
            report(half)
