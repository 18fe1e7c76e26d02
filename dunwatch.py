"""The command line: all that dunwatch does, one command each.

What takes seconds to import (Scrapy, snownlp) is imported by the commands that need it: a search needs neither.
"""

import json
import logging
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands import source
from crawler.scheduling.commands import alive, run, schedule, sharing, worker
from indexer import console, doctor
from indexer.alerts.commands import alerts
from indexer.alerts.rules import Alerts
from indexer.commands import Failure, Place, as_json_option, command, index_waiting
from indexer.configfile import ConfigError
from indexer.export.commands import export
from indexer.handling import HandlingError
from indexer.health_commands import rejected, status
from indexer.kibana.commands import kibana
from indexer.labels.commands import label, labels, train
from indexer.people.commands import users
from indexer.people.token_commands import tokens
from indexer.people.users import PeopleError
from indexer.period import PeriodError
from indexer.post import Post
from indexer.spool import Spool
from indexer.state import StateError
from indexer.store.base import StoreError
from indexer.store.commands import migrate, retention, search, trends
from indexer.store.query import QueryError
from indexer.web.commands import serve

if TYPE_CHECKING:
    from crawler.files import Refused
    from indexer.analyse import Analyser

log = logging.getLogger("dunwatch")


@command
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--source", "given", hidden=True, help="A source as JSON, by a worker.")
def crawl(place: Place, names: tuple[str, ...], given: str | None) -> None:
    """Crawl now: every source that is enabled, or those named."""
    from crawler.crawl import crawl as crawl_sources
    from crawler.sources import Source, Sources

    sources = (Source.model_validate_json(given),) if given else Sources.load(place.config).named(names)
    contact = place.settings.contact
    summary = crawl_sources(sources, place.data.path, contact=contact, sharing=sharing(place.settings))
    click.echo(str(summary))
    if not summary.ok:
        raise Failure("not every source could be crawled")


@command
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json_option
def ingest(place: Place, paths: tuple[Path, ...], as_json: bool) -> None:
    """Index files: .html, .txt, .warc(.gz), .jsonl of Posts, and folders of them."""
    from crawler.files import Refused

    told = {"read": 0, "new": 0, "refused": 0}
    with place.data.state() as state:
        spool = Spool(state)
        last = spool.last_seq()
        for post in _read(paths, place):
            if isinstance(post, Refused):
                told["refused"] += 1
                state.reject(stage="ingest", source="ingest", url=post.path, reason=post.reason, sample=post.sample)
            else:
                told["read"] += 1
                told["new"] += spool.put([post])
        index_waiting(place, state)
        rejected = spool.rejected(after=last)
    click.echo(console.counts({**told, "indexed": told["new"] - rejected, "rejected": rejected}, as_json))
    if told["refused"] and not told["read"]:
        raise Failure("nothing could be read: see `dunwatch rejected`")


@command
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@as_json_option
def analyse(place: Place, files: tuple[Path, ...], as_json: bool) -> None:
    """What the analysis makes of files, in order; nothing is kept. `-` is a JSONL stream of Posts."""
    from crawler.files import Refused

    analyser = _analyser(place)
    refused = 0
    for post in _read(files, place):
        if isinstance(post, Refused):
            refused += 1
            log.error("%s: %s", post.path, post.reason)
        else:
            try:
                document = analyser.document(post, post.fetched_at)
            except Exception as error:  # as when indexing: whatever a hostile text does to us, the others follow
                refused += 1
                log.error("%s: %s: %s", post.url, type(error).__name__, analyser.masker.mask(str(error)).text)
                continue
            click.echo(document.model_dump_json() if as_json else console.document(document, place.settings.zone))
    if refused:
        raise Failure(f"{refused} could not be read")


@command
def reindex(place: Place) -> None:
    """Analyse everything kept once more, after a change of configuration or model; nothing is crawled."""
    from indexer.likeness.placing import forget_all

    with place.data.state() as state:
        spool = Spool(state)
        with state.transaction():
            queued = spool.requeue()
            forget_all(state)
        log.info("%d posts to analyse", queued)
        index_waiting(place, state)
        rejected = spool.rejected()
    click.echo(console.counts({"indexed": queued - rejected, "rejected": rejected}, False))


@command
@as_json_option
def doctor_(place: Place, as_json: bool) -> None:
    """What is misconfigured, in words."""
    from crawler.sources import Sources

    checks = {
        "config/sources.yaml": lambda: f"{len(Sources.load(place.config).enabled())} sources enabled",
        "config/lenders.yaml, practices.yaml": lambda: f"analysis {_analyser(place).version}",
        "config/alerts.yaml": lambda: _alerting(place),
        "disk": lambda: doctor.disk(place.data),
        "state": lambda: doctor.state(place.data),
        "index": lambda: _documents(place),
        "workers": lambda: alive(place),
    }
    bad = False
    for finding in chain(doctor.examine(checks), doctor.cluster(place.settings.backend)):
        click.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else finding)
        bad |= finding.bad
    if bad:
        raise Failure("something is wrong")


def _read(paths: Iterable[Path], place: Place) -> "Iterator[Post | Refused]":
    from crawler.files import posts_in, posts_of

    now = datetime.now(UTC)
    for path in paths:
        if str(path) == "-":
            yield from posts_in(sys.stdin.buffer, "standard input")
        else:
            yield from posts_of(path, now=now, timezone=place.settings.timezone)


def _analyser(place: Place) -> "Analyser":
    from indexer.analyse import Analyser

    return Analyser(place.config, place.settings, place.data.key(create=False), place.data.sentiment)


def _alerting(place: Place) -> str:
    config = Alerts.load(place.config)
    return f"{sum(rule.enabled for rule in config.rules)} rules, {len(config.recipients)} recipients"


def _documents(place: Place) -> str:
    with place.reading() as store:
        return f"{store.count()} documents"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("dunwatch"))
def cli() -> None:
    """Watches public complaints about lenders' debt collection (催收) in China."""


COMMANDS = (run, crawl, source, schedule, worker, ingest, analyse, search, trends, export, reindex, label, labels,
            train, alerts, serve, users, tokens, migrate, retention, kibana, status, rejected, doctor_)  # fmt: skip
for each in COMMANDS:
    cli.add_command(each)


def main() -> None:
    """Run a command; every foreseen error is one clear line, without a traceback."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (ConfigError, QueryError, PeriodError, HandlingError) as error:
        click.echo(f"dunwatch: {error}", err=True)
        sys.exit(2)
    except (PeopleError, StateError, StoreError, OSError, sqlite3.Error) as error:
        click.echo(f"dunwatch: {error}", err=True)
        sys.exit(1)
    except click.Abort:
        sys.exit(130)


if __name__ == "__main__":
    main()
