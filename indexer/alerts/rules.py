"""config/alerts.yaml: what is an alert, how sensitive, and when it keeps quiet."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from indexer import configfile
from indexer.alerts.messages.delivery import Delivery
from indexer.alerts.messages.names import LenderName, PracticeName, declared
from indexer.alerts.messages.notice import Severity
from indexer.alerts.statistics.sensitivity import Sensitivity
from indexer.configfile import Duration
from indexer.store.base import FILTERS

Of = Literal["lender", "practice", "lender_practice", "source", "campaign"]
By = Literal["hour", "day"]

SAVED = "saved-search"
"""Name of the rule by which saved searches alert; it is not in the file."""
EVERY: tuple[Of, ...] = ("lender", "practice", "lender_practice", "source", "campaign")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Rule(_Section):
    """What all rules have."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    enabled: bool = True
    severity: Severity = "normal"
    where: Mapping[str, tuple[str, ...]] = {"voice": ("complaint", "news"), "generated": ("false",)}
    """Which documents count: filter → values, any of which is enough."""

    @model_validator(mode="after")
    def _filters_are_known(self) -> "_Rule":
        if unknown := [name for name in self.where if name not in FILTERS]:
            raise ValueError(f"where: no filter is called {unknown[0]}; there are: {', '.join(FILTERS)}")
        return self


class Spike(_Rule):
    """More than the season, the trend and chance explain: the statistical test of docs/alerts.md."""

    kind: Literal["spike"]
    of: tuple[Of, ...] = EVERY
    by: tuple[By, ...] = ("hour", "day")
    sensitivity: Sensitivity | None = None
    """That of the file where it is left out."""
    at_least: int = Field(default=5, ge=2)
    """Stories in a window below which nothing is said."""


class Peers(_Rule):
    """A lender whose part of all lenders' stories rises: the others are as ever, only it is not."""

    kind: Literal["peers"]
    window: Duration = timedelta(days=1)
    sensitivity: Sensitivity | None = None
    at_least: int = Field(default=8, ge=2)


class Threshold(_Rule):
    """So many stories within a window."""

    kind: Literal["threshold"]
    of: tuple[Of, ...] = ("lender",)
    window: Duration = timedelta(days=1)
    at_least: int = Field(ge=1)


class Ratio(_Rule):
    """So many times as many as in the window before: ElastAlert2's `spike`, with its words.

    `timeframe` is the length of both windows, `threshold_ref` and `threshold_cur` the least that either must hold
    (for `down` it is enough that the reference holds its own).
    """

    kind: Literal["ratio"]
    of: tuple[Of, ...] = ("lender",)
    timeframe: Duration = timedelta(days=1)
    spike_height: float = Field(default=3, gt=1)
    spike_type: Literal["up", "down", "both"] = "up"
    threshold_ref: int = Field(default=1, ge=1)
    threshold_cur: int = Field(default=5, ge=1)


class New(_Rule):
    """Something is named that was not for so long: a lender, a practice, a pair of them, a source, a campaign."""

    kind: Literal["new"]
    of: tuple[Of, ...] = ("lender",)
    window: Duration = timedelta(days=1)
    lookback: Duration = timedelta(days=30)
    at_least: int = Field(default=2, ge=1)


class NewTerm(_Rule):
    """A word that many stories of the window have and none of the time before: 「服务费」, a new app's name."""

    kind: Literal["new_term"]
    window: Duration = timedelta(days=1)
    lookback: Duration = timedelta(days=30)
    at_least: int = Field(default=5, ge=2)


class NegativeShare(_Rule):
    """The part of negative documents jumps, whether or not there are more of them."""

    kind: Literal["negative_share"]
    of: tuple[Of, ...] = ("lender",)
    window: Duration = timedelta(days=1)
    sensitivity: Sensitivity | None = None
    at_least: int = Field(default=10, ge=5)


class FirstUnlawful(_Rule):
    """A lender is said for the first time in so long to do something unlawful."""

    kind: Literal["first_unlawful"]
    window: Duration = timedelta(days=1)
    lookback: Duration = timedelta(days=90)
    at_least: int = Field(default=1, ge=1)


class Engagement(_Rule):
    """One post that very many see: any of its counters reaches what is given here."""

    kind: Literal["engagement"]
    counters: Mapping[str, int] = {"likes": 1_000, "replies": 500, "shares": 500, "views": 100_000, "heat": 100_000}
    window: Duration = timedelta(days=2)
    """How long after its publication it is looked at."""


Rule = Annotated[
    Spike | Peers | Threshold | Ratio | New | NewTerm | NegativeShare | FirstUnlawful | Engagement,
    Field(discriminator="kind"),
]


class Silence(_Section):
    """No new alert about this is mailed then; it is kept and shown all the same. Empty lists mean everything."""

    start: datetime | time
    end: datetime | time
    """Moments, or times of day for every day."""
    lenders: tuple[LenderName, ...] = ()
    practices: tuple[PracticeName, ...] = ()
    rules: tuple[str, ...] = ()
    why: str = ""

    @model_validator(mode="after")
    def _is_one_kind(self) -> "Silence":
        if isinstance(self.start, datetime) != isinstance(self.end, datetime):
            raise ValueError("expected two moments (2026-11-24 08:00) or two times of day (22:00)")
        return self

    def holds(self, now: datetime, zone: tzinfo) -> bool:
        local = now.astimezone(zone)
        if isinstance(self.start, datetime) and isinstance(self.end, datetime):
            start, end = (it if it.tzinfo else it.replace(tzinfo=zone) for it in (self.start, self.end))
            return start <= local < end
        assert isinstance(self.start, time) and isinstance(self.end, time)
        clock = local.time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


class Digests(_Section):
    """When the daily and the weekly digest are made; who gets them is said with each recipient."""

    at: time = time(9, 0)
    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"


class Alerts(Delivery):
    """The whole of config/alerts.yaml."""

    sensitivity: Sensitivity = "normal"
    every: Duration = timedelta(minutes=5)
    """How often `dunwatch run` looks."""
    baseline: Duration = timedelta(days=90)
    """How far back the ordinary is learned from."""
    cooldown: Duration = timedelta(hours=24)
    """After an alert was closed: no new one about the same, unless it is twice as large."""
    ease_after: Duration = timedelta(hours=6)
    close_after: Duration = timedelta(hours=24)
    """Since the last unusual window."""
    tell_closed: bool = True
    """Whether the end of an alert is told too, in the same thread."""
    escalate_after: Duration | None = None
    """Unacknowledged for so long, an alert goes to `escalate_to` too."""
    escalate_to: tuple[str, ...] = ()
    """Names of recipients."""
    owners: Mapping[LenderName, str] = {}
    """Lender → who looks after it; shown with its alerts."""
    silence: tuple[Silence, ...] = ()
    digests: Digests = Digests()
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> "Alerts":
        rules = [rule.name for rule in self.rules]
        if twice := sorted({name for name in rules if rules.count(name) > 1}):
            raise ValueError(f"two rules have the name {', '.join(twice)}")
        people = {recipient.name for recipient in self.recipients}
        if self.escalate_after and not self.escalate_to:
            raise ValueError("escalate_after: expected escalate_to, the names of recipients, beside it")
        if unknown := [name for name in self.escalate_to if name not in people]:
            raise ValueError(f"escalate_to: no recipient is named {unknown[0]}")
        for rule in self.rules:
            if isinstance(rule, New | FirstUnlawful) and rule.lookback > self.baseline:
                raise ValueError(f"rule {rule.name}: its lookback is longer than the baseline, so it would never speak")
        wanted = [name for recipient in self.recipients for name in recipient.rules]
        wanted += [name for silence in self.silence for name in silence.rules]
        if unknown := [name for name in wanted if name not in (*rules, SAVED)]:
            raise ValueError(f"no rule is named {unknown[0]}; there are: {', '.join(rules) or 'none'}")
        return self

    @classmethod
    def load(cls, config: Path) -> "Alerts":
        """The folder's alerts.yaml; without rules where there is none. Raises ConfigError."""
        file = config / "alerts.yaml"
        return configfile.load(file, cls, declared(config)) if file.exists() else cls()

    def silenced(
        self, rule: str, lenders: set[str], practices: set[str], now: datetime, zone: tzinfo
    ) -> Silence | None:
        """The silence that holds now for an alert of this rule about these lenders and practices."""
        for it in self.silence:
            meets = (
                (not it.rules or rule in it.rules)
                and (not it.lenders or lenders & set(it.lenders))
                and (not it.practices or practices & set(it.practices))
            )
            if meets and it.holds(now, zone):
                return it
        return None


def weekday(day: date) -> str:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
