"""Which lenders a text names, and where. Who they are is declared in config/lenders.yaml."""

import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from indexer.configfile import load
from indexer.document import LenderMention, Where
from indexer.meaning.disguise import disguises
from indexer.text.words import Words

#: Names are compared without case, without the width of Latin letters and digits, and without what is put
#: between their characters to hide them (「借 呗」, 「微·粒·贷」).
_WIDE = str.maketrans({chr(ord(char) + 0xFEE0): char for char in string.ascii_letters + string.digits})
_NARROW = str.maketrans(dict(zip(string.ascii_uppercase, string.ascii_lowercase, strict=True)))
_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_HAN = "\u4e00-\u9fff"
_PADDING = re.compile(rf"(?<=[{_HAN}])[ \u3000·•・*＊.．_\-]{{1,2}}(?=\w)|(?<=\w)[ \u3000]{{1,2}}(?=[{_HAN}])")


def compilable(pattern: str) -> str:
    """`pattern`, once it is known to be a regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


Regex = Annotated[str, AfterValidator(compilable)]
Name = Annotated[str, Field(min_length=2, max_length=40)]


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Context(_Checked):
    """What must stand around an ambiguous name; one of the conditions is enough."""

    before: Regex | None = None
    """Ends right before the name."""
    after: Regex | None = None
    """Begins right behind the name."""
    near: Regex | None = None
    """Stands within `reach` characters of the name, or in the title."""
    reach: int = Field(default=40, ge=1, le=200)
    known: bool = False
    """Counts too where the post names the same lender unmistakably elsewhere."""
    carries: bool = False
    """Once such a name means the lender, it does so wherever the post has it."""
    unless_before: Regex | None = None
    """Ends right before the name and rules it out, whatever else stands there."""
    unless_after: Regex | None = None
    """Begins right behind the name and rules it out. With nothing but these the name counts wherever they don't."""


class Lender(_Checked):
    """A lender. `id` is its usual short name and counts as a name of it, unless it is among the ambiguous."""

    id: Name
    kind: Literal["consumer-finance", "platform", "bank-card"]
    name: Name
    short: tuple[Name, ...] = ()
    products: tuple[Name, ...] = ()
    former: tuple[Name, ...] = ()
    ambiguous: dict[Name, str] = Field(default_factory=dict)
    """Names that are also something else → the context in which they mean the lender."""
    not_in: tuple[Name, ...] = ()
    """Longer names that contain one of the lender's and are somebody else."""

    @property
    def sure(self) -> tuple[str, ...]:
        names = (self.id, self.name, *self.short, *self.products, *self.former)
        return tuple(name for name in names if name not in self.ambiguous)


class LendersFile(_Checked):
    """config/lenders.yaml."""

    not_followed_by: Regex | None = None
    """What makes any name the beginning of another's, such as 研究院."""
    contexts: dict[str, Context] = Field(default_factory=dict)
    lenders: tuple[Lender, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_clear(self) -> Self:
        owner: dict[str, str] = {}
        for lender in self.lenders:
            for name in dict.fromkeys(_fold(it) for it in (*lender.sure, *lender.ambiguous)):
                if name in owner:
                    raise ValueError(f"{name!r} is a name of both {owner[name]} and {lender.id}")
                owner[name] = lender.id
            for name, context in lender.ambiguous.items():
                if context not in self.contexts:
                    raise ValueError(f"{lender.id}: {name!r} asks for the context {context!r}, which is not declared")
        return self


class _Pattern(NamedTuple):
    name: str
    lender: str | None
    """None for a longer name that is somebody else's."""
    context: str | None


class Lenders:
    """Finds lenders in repaired, simplified text. Immutable; safe to share."""

    def __init__(self, declared: LendersFile) -> None:
        self.declared = declared.lenders
        patterns: dict[str, _Pattern] = {}
        for lender in declared.lenders:
            for name in lender.sure:
                patterns[_fold(name)] = _Pattern(name, lender.id, None)
            for name, context in lender.ambiguous.items():
                patterns[_fold(name)] = _Pattern(name, lender.id, context)
        _add_disguises(patterns)
        for lender in declared.lenders:
            for name in lender.not_in:
                patterns.setdefault(_fold(name), _Pattern(name, None, None))
        self._patterns = tuple(patterns.values())
        self._words = Words(list(patterns))
        self._contexts = {name: _Around(context) for name, context in declared.contexts.items()}
        self._not_followed_by = re.compile(declared.not_followed_by or r"(?!)")

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is a lender's, or somebody's who isn't a person."""
        return tuple(name for lender in self.declared for name in (*lender.sure, *lender.not_in))

    @classmethod
    def load(cls, path: Path) -> "Lenders":
        """Lenders as `path` declares them. Raises ConfigError for what is wrong in it."""
        return cls(load(path, LendersFile))

    def find(self, title: str, body: str) -> tuple[LenderMention, ...]:
        """Every place that names a lender: those of the title first, each field in order of place."""
        found: list[tuple[LenderMention, str | None]] = []
        fields: tuple[tuple[Where, str], ...] = (("title", title), ("body", body))
        for where, text in fields:
            for start, end, pattern in self._matches(text):
                if pattern.lender is None or self._not_followed_by.match(text, end):
                    continue
                alias = text[start:end]
                mention = LenderMention(lender=pattern.lender, alias=alias, where=where, start=start, end=end)
                found.append((mention, pattern.context))
        known = {mention.lender for mention, context in found if context is None}
        meant = [
            context is None
            or self._contexts[context].allows(title, title if mention.where == "title" else body, mention, known)
            for mention, context in found
        ]
        sure = {(mention.lender, mention.alias) for (mention, _), it in zip(found, meant, strict=True) if it}
        return tuple(
            mention
            for (mention, context), it in zip(found, meant, strict=True)
            if it or (context and (mention.lender, mention.alias) in sure and self._contexts[context].carries)
        )

    def rank(self, mentions: tuple[LenderMention, ...]) -> tuple[str, ...]:
        """Lender ids, each once: those of the title in its order, then by how often they are named."""
        titled = list(dict.fromkeys(mention.lender for mention in mentions if mention.where == "title"))
        often = [lender for lender, _ in Counter(mention.lender for mention in mentions).most_common()]
        return tuple(dict.fromkeys([*titled, *often]))

    def _matches(self, text: str) -> Iterator[tuple[int, int, _Pattern]]:
        folded, origin = _unpadded(_fold(text))
        for index, start, end in self._words.leftmost(folded):
            if origin:
                yield origin[start], origin[end - 1] + 1, self._patterns[index]
            else:
                yield start, end, self._patterns[index]


class _Around:
    """A Context, compiled."""

    def __init__(self, context: Context) -> None:
        self.known = context.known
        self.carries = context.carries
        self.reach = context.reach
        self.before = re.compile(f"(?:{context.before})$") if context.before else None
        self.after = re.compile(context.after) if context.after else None
        self.near = re.compile(context.near) if context.near else None
        self.unless_before = re.compile(f"(?:{context.unless_before})$") if context.unless_before else None
        self.unless_after = re.compile(context.unless_after) if context.unless_after else None
        self.anywhere = not (context.before or context.after or context.near or context.known)

    def allows(self, title: str, text: str, mention: LenderMention, known: set[str]) -> bool:
        left = text[max(0, mention.start - self.reach) : mention.start]
        right = text[mention.end : mention.end + self.reach]
        if (self.unless_before and self.unless_before.search(left)) or (
            self.unless_after and self.unless_after.match(right)
        ):
            return False
        if self.anywhere or (self.known and mention.lender in known):
            return True
        if (self.before and self.before.search(left)) or (self.after and self.after.match(right)):
            return True
        return bool(self.near and (self.near.search(left) or self.near.search(right) or self.near.search(title)))


def _add_disguises(patterns: dict[str, _Pattern]) -> None:
    """Adds the disguises of unmistakable names that are not a name, or a disguise, of another lender too."""
    found: dict[str, _Pattern | None] = {}
    for pattern in list(patterns.values()):
        if pattern.context is None:
            for name in map(_fold, disguises(pattern.name)):
                other = found.get(name, pattern)
                found[name] = pattern if other is not None and other.lender == pattern.lender else None
    for name, known in found.items():
        if known is not None:
            patterns.setdefault(name, known)


def _fold(name: str) -> str:
    if _FULL_WIDTH.search(name):
        name = name.translate(_WIDE)
    lower = name.lower()
    return lower if len(lower) == len(name) else name.translate(_NARROW)  # some letters' lower case is longer


def _unpadded(text: str) -> tuple[str, list[int]]:
    """`text` without padding between characters, and where each remaining one stood (empty: where it stands)."""
    if not _PADDING.search(text):
        return text, []
    keep = [True] * len(text)
    for match in _PADDING.finditer(text):
        keep[match.start() : match.end()] = [False] * (match.end() - match.start())
    origin = [at for at, kept in enumerate(keep) if kept]
    return "".join(text[at] for at in origin), origin
