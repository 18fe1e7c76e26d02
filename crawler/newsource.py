"""A new source from an address: looked at, guessed, tried out, and written behind those that are there."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from scrapy.http import Response

from crawler import guess
from crawler.keeping import charset_of
from crawler.page import decode
from crawler.presets import Preset, presets
from crawler.run import Run
from crawler.sources import Source, Sources
from crawler.trial import Trial, try_out
from crawler.visit import Fetch, NoPage, visit
from indexer.commands import Place, WrongUse

DELAY = 2.0
LOOPBACK_DELAY = 0.1
"""Seconds between two requests to a site on this machine."""


def look_at(
    url: str, place: Place, *, name: str | None, preset: str | None, loopback: bool, pages: int
) -> tuple[dict[str, Any], Trial]:
    """The keys of a source that begins at `url`, and what it would collect. Raises NoPage, WrongUse, ConfigError."""
    taken = [it.name for it in Sources.load(place.config).sources]
    if preset is not None and preset not in presets():
        raise WrongUse(f"no preset is named {preset}; there are: {', '.join(sorted(presets()))}")
    if name in taken:
        raise WrongUse(f"there is a source named {name} already")
    keys: dict[str, Any] = {"name": name or _name(url, taken), "kind": "feed", "start": [url]}
    if loopback:
        keys |= {"loopback": True, "limits": {"delay": LOOPBACK_DELAY}}
    visitor = _source(keys)

    async def look(fetch: Fetch, run: Run) -> tuple[dict[str, Any], Trial]:
        first = await fetch(url)
        return await _guessed({**keys}, first, fetch, run, preset=preset, pages=pages)

    return visit(visitor, place.settings.contact, look)


async def _guessed(
    keys: dict[str, Any], first: Response, fetch: Fetch, run: Run, *, preset: str | None, pages: int
) -> tuple[dict[str, Any], Trial]:
    text, url = decode(first.body, charset_of(first)), keys["start"][0]
    known = presets()[preset] if preset else guess.software(text)
    if known:
        keys |= {"kind": known.kind, "preset": _name_of(known), "start": [known.start(url)]}
        return keys, await try_out(
            _source(keys), fetch, run, most=pages, first=first if keys["start"] == [url] else None
        )
    if guess.is_feed(text):
        return keys, await try_out(_source(keys), fetch, run, most=pages, first=first)
    if text.lstrip()[:1] in ("{", "["):
        raise NoPage(f"{url}: JSON of a shape that no preset knows: give --preset, or write it by hand")
    if not (links := guess.lists(text, first.url)):
        raise NoPage(
            f"{url}: no {guess.FEWEST} links of one pattern: give the address of a list of articles or threads"
        )
    keys |= {"kind": "articles", **links}
    trial = await try_out(_source(keys), fetch, run, most=pages, first=first)
    shapes = [await _shape(page.url, fetch) for page in trial.pages]
    if shape := max(filter(None, shapes), key=lambda it: len(it), default=None):
        keys |= {"kind": "forum", "page": shape}
        trial = await try_out(_source(keys), fetch, run, most=pages, first=first)
    return keys, trial


async def _shape(url: str, fetch: Fetch) -> dict[str, Any] | None:
    """How the posts of a page are found, where several people speak on it."""
    try:
        response = await fetch(url)
    except NoPage:
        return None
    text = decode(response.body, charset_of(response))
    return guess.thread(text, response.url, timezone="Asia/Shanghai", now=datetime.now(UTC))


def as_yaml(keys: Mapping[str, Any]) -> str:
    """The source as config/sources.yaml has it."""
    out = StringIO()
    _yaml().dump([_written(keys)], out)
    return out.getvalue()


def append(file: Path, keys: Mapping[str, Any]) -> None:
    """Add the source to the file, which keeps its comments; nothing is written that couldn't be read again.

    Raises ConfigError or OSError, and then the file is as it was.
    """
    yaml, file = _yaml(), file.resolve()  # a link stays one
    tree = yaml.load(file.read_text(encoding="utf-8")) if file.exists() else None
    tree = tree if tree is not None else CommentedMap()
    if not tree.get("sources"):
        comments = tree.ca.items.get("sources")
        tree["sources"] = CommentedSeq()
        if comments:
            tree.ca.items["sources"] = comments
    tree["sources"].append(_written(keys))
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    try:
        with new.open("w", encoding="utf-8") as out:
            yaml.dump(tree, out)
            out.flush()
            os.fsync(out.fileno())
        Sources.read(new)
        if file.exists():
            new.chmod(file.stat().st_mode & 0o777)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 120
    yaml.preserve_quotes = True
    return yaml


def _written(keys: Mapping[str, Any]) -> CommentedMap:
    """With lists of addresses and small objects on one line, as people write them."""
    made = CommentedMap()
    for key, value in keys.items():
        if isinstance(value, list):
            made[key] = CommentedSeq(value)
            made[key].fa.set_flow_style()
        elif isinstance(value, Mapping):
            made[key] = _written(value)
            if key == "limits":
                made[key].fa.set_flow_style()
        else:
            made[key] = value
    return made


def _source(keys: Mapping[str, Any]) -> Source:
    try:
        return Source.model_validate({key: dict(it) if isinstance(it, Mapping) else it for key, it in keys.items()})
    except ValidationError as error:
        first = error.errors()[0]
        raise WrongUse(f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}") from None


def _name(url: str, taken: list[str]) -> str:
    host = (
        re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "").lower().removeprefix("www.")).strip("-")[:50]
        or "site"
    )
    names = [host, *(f"{host}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _name_of(preset: Preset) -> str:
    return next(name for name, it in presets().items() if it is preset)
