"""presets.yaml: what is the same on every site of one software, so that a source need not say it."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from crawler.reading.shape import Css, Rewrite
from indexer import configfile

PRESETS = Path(__file__).with_name("presets.yaml")


class Preset(BaseModel):
    """What is said of a preset beside the keys of a source that it stands for."""

    model_config = ConfigDict(frozen=True, extra="allow")

    says: str
    recognised_by: tuple[Css, ...] = ()
    """CSS; a page that one of them finds something in is of this software."""
    addresses: tuple[Rewrite, ...] = ()
    """What makes the address of a list in JSON of that of the list for people."""
    kind: str = Field(pattern="^(forum|board|social)$")

    @property
    def keys(self) -> Mapping[str, Any]:
        """The keys of a source."""
        return {"kind": self.kind, **(self.model_extra or {})}

    def start(self, url: str) -> str:
        """The address to begin at for somebody who gives `url`."""
        plain = url.partition("?")[0].partition("#")[0].rstrip("/")
        return next((re.sub(it.find, it.put, plain) for it in self.addresses if re.search(it.find, plain)), url)


class _Presets(RootModel[dict[str, Preset]]):
    pass


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by its name."""
    return configfile.load(PRESETS, _Presets).root


def completed(source: Any) -> Any:
    """The keys of a source with those of its preset behind them; raises ValueError for an unknown preset.

    Objects are completed key by key, anything else is the source's own where it says it.
    """
    if not isinstance(source, dict) or not isinstance(name := source.get("preset"), str):
        return source
    if name not in presets():
        raise ValueError(f"no preset is named {name}; there are: {', '.join(sorted(presets()))}")
    return _over(source, presets()[name].keys)


def _over(upper: Mapping[str, Any], lower: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**lower, **upper}
    for key in upper.keys() & lower.keys():
        if isinstance(upper[key], dict) and isinstance(lower[key], dict):
            merged[key] = _over(upper[key], lower[key])
    return merged
