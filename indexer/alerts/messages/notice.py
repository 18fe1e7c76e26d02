"""Notice: what one message about an alert says, whichever way it is sent. Nothing in it is rendered yet."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Kind = Literal["opened", "grew", "eased", "closed", "escalated", "daily", "weekly", "drift", "test"]
Severity = Literal["low", "normal", "high"]
DIGESTS: frozenset[Kind] = frozenset(("daily", "weekly"))
SEVERITIES: tuple[Severity, ...] = ("low", "normal", "high")


class Verbatim:
    """Marks a string of a Notice that dunwatch made itself, such as a hash: the gate neither masks nor cuts it."""


class OwnAddress:
    """Marks an address of dunwatch's own web page: the gate lets it pass where it is http(s)."""


Id = Annotated[str, Verbatim(), Field(pattern=r"^[\w.:-]{1,120}$")]
Sha256 = Annotated[str, Verbatim(), Field(pattern=r"^([0-9a-f]{64})?$")]
Link = Annotated[str, OwnAddress(), Field(max_length=2048)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class About(_Frozen):
    """Ids of the lenders and practices that something is about, by which it reaches those who follow them."""

    lenders: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()


class Measure(_Frozen):
    """What was counted in a window, and what would have been ordinary."""

    series: str
    """In words: 「马上消费金融 · 爆通讯录」."""
    rule: str
    """Name of the rule that asked for the message."""
    unit: str = "条"
    start: AwareDatetime
    end: AwareDatetime
    observed: int = Field(ge=0)
    expected: float = Field(ge=0)
    upper: float | None = None
    """The most that is still ordinary; None where the rule knows no band."""
    rarity: str = ""
    """How unusual, in words: 「约每 2,000 小时才会偶然出现一次」."""
    documents: int = Field(default=0, ge=0)
    stories: int = Field(default=0, ge=0)
    """Documents with reprints of one story counted once."""
    peak: int = Field(default=0, ge=0)
    """Stories in its fullest hour, as last told; 0 where hours are not counted."""

    @property
    def ratio(self) -> float | None:
        """How many times the ordinary; None where nothing is ordinary."""
        return self.observed / self.expected if self.expected >= 0.05 else None


class Share(_Frozen):
    """One of those that drove it. `share` is its part of the observed, 0–1; `before` what was ordinary for it."""

    name: str
    count: int = Field(ge=0)
    share: float | None = Field(default=None, ge=0, le=1)
    before: float | None = None


class Driver(_Frozen):
    """What of one kind drove it, the strongest first."""

    kind: Literal["lender", "practice", "source", "story", "term"]
    shares: tuple[Share, ...]


class Quoted(About):
    """A representative post."""

    title: str
    quote: str
    source: str
    published_at: AwareDatetime | None = None
    sentiment: float = Field(ge=0, le=1)
    view: Link = ""
    """The document in dunwatch."""
    page: str = ""
    """The page itself: an address from the web."""
    sha256: Sha256 = ""
    warc: Annotated[str, Verbatim(), Field(pattern=r"^[\w.-]{0,200}$")] = ""
    """File of the evidence."""


class Change(_Frozen):
    """A mean, now and before (0–1)."""

    now: float
    before: float


class Campaign(_Frozen):
    """A campaign and its part of the observed, 0–1."""

    name: str
    share: float = Field(ge=0, le=1)


class Point(_Frozen):
    """One step of the series. `count` is None where the source was down; the band is None where there is none."""

    at: AwareDatetime
    count: int | None
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None


class Row(About):
    """A line of a digest's table."""

    name: str
    count: int = Field(ge=0)
    before: int | None = None
    """The same in the period before."""


class Table(_Frozen):
    """A table of a digest, such as the lenders with most complaints."""

    title: str
    rows: tuple[Row, ...]


class Listed(About):
    """An alert in a digest."""

    headline: str
    state: str
    """In words: 「进行中」, 「已结束」."""
    observed: int
    expected: float
    started_at: AwareDatetime
    view: Link = ""
    rule: str = ""
    severity: Severity = "normal"


class Digest(_Frozen):
    """A day or a week: its alerts and its tables."""

    start: AwareDatetime
    end: AwareDatetime
    alerts: tuple[Listed, ...] = ()
    tables: tuple[Table, ...] = ()


class Also(About):
    """Another series that is unusual by the same stories, in words."""

    name: str


class Notice(About):
    """What one message says. `id` is the alert's (or the digest's, such as daily-2026-11-03): messages with the same
    id thread together; `kind` and `number` tell them apart, so that none is ever sent twice."""

    id: Id
    kind: Kind
    number: int = Field(default=1, ge=1)
    """The how manyth message of this kind on this alert."""
    headline: str
    """What happened, at most 40 characters: 「马上消费金融 爆通讯录 投诉 18 条，平常 3 条」."""
    summary: str = ""
    """A sentence or two more; needed where there are no figures (source drift)."""
    also: tuple[Also, ...] = ()
    """What the summary names: each recipient's has only what they follow."""
    rule: str = ""
    """Id of the rule, by which recipients may choose."""
    severity: Severity = "normal"
    measure: Measure | None = None
    points: tuple[Point, ...] = Field(default=(), max_length=2000)
    drivers: tuple[Driver, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    sentiment: Change | None = None
    campaign: Campaign | None = None
    digest: Digest | None = None
    view: Link = ""
    """The alert (or the period of the digest) in dunwatch."""
    acknowledge: Link = ""
    """Signed one-time link."""
    owner: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """The same for the same message, however often it is made."""
        return f"{self.id}/{self.kind}/{self.number}"


def in_short(also: tuple[Also, ...]) -> str:
    """What else is unusual, as a summary says it."""
    return "同时异常：" + "、".join(dict.fromkeys(it.name for it in also)) if also else ""
