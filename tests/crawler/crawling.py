"""Crawls in a process of its own, as dunwatch does, and looks at what was kept."""

import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crawler.crawl import crawl
from crawler.sources import Sources
from indexer.post import Post
from indexer.spool import Spool
from indexer.state import State
from tests.cli import forked

ROOT = Path(__file__).parents[2]
LIMITS = {"delay": 0, "timeout": 2}


def farm(site: str, **words: Any) -> dict[str, Any]:
    """The source of the content farm."""
    source = {"name": "farm", "kind": "articles", "start": [f"{site}/farm/"], "links": [r"/farm/\d+\.html$"]}
    return {**source, "next_page": "a.next", "loopback": True, "limits": LIMITS, **words}


def feed(site: str, *paths: str, **words: Any) -> dict[str, Any]:
    """A source that is a feed, or several."""
    start = [site + path for path in paths]
    return {"name": "feed", "kind": "feed", "start": start, "loopback": True, "limits": LIMITS, **words}


def preset(site: str, name: str, path: str, **words: Any) -> dict[str, Any]:
    """A source that is what a preset says."""
    source = {"name": name, "kind": "forum", "preset": name, "start": [site + path]}
    return {**source, "loopback": True, "limits": LIMITS, **words}


@dataclass(frozen=True)
class Told:
    """What a crawl said at its end."""

    ok: bool
    text: str
    counts: dict[str, dict[str, int]]
    log: str


def command(folder: Path, *sources: dict[str, Any]) -> list[str]:
    """The command line of a crawl that keeps its data in `folder`/data."""
    file = folder / "sources.yaml"
    with file.open("w", encoding="utf-8") as out:
        YAML().dump({"sources": [dict(source) for source in sources]}, out)
    return [sys.executable, "-m", "tests.crawler.crawling", str(file), str(folder / "data")]


def run(folder: Path, *sources: dict[str, Any]) -> Told:
    """Crawl to the end."""
    done = forked(main, command(folder, *sources)[3:])
    assert done.code == 0, done.err
    return Told(**done.json(), log=done.err)


def posts(folder: Path) -> list[Post]:
    """The newest version of every Post, by address."""
    with State(folder / "data") as state:
        ids = [row["id"] for row in state.db.execute("select distinct id from post")]
        newest = [list(Spool(state).versions(it))[-1].post for it in ids]
    return sorted(newest, key=lambda post: post.url)


def versions(folder: Path) -> int:
    with State(folder / "data") as state:
        (count,) = state.db.execute("select count(*) from post").fetchone()
    return int(count)


def deleted(folder: Path) -> set[str]:
    """Ids of the Posts that are there no more."""
    with State(folder / "data") as state:
        return {row["id"] for row in state.db.execute("select id from post where deleted_at is not null")}


def rejected(folder: Path) -> dict[str, tuple[str, str]]:
    """Stage and reason by the path that was refused."""
    with State(folder / "data") as state:
        rows = state.db.execute("select stage, url, reason from rejected order by seq").fetchall()
    return {"/" + row["url"].split("/", 3)[3]: (row["stage"], row["reason"]) for row in rows}


def let_time_pass(folder: Path, hours: float) -> None:
    """As if what was fetched had been fetched earlier."""
    with State(folder / "data") as state, state.transaction() as db:
        moved = "strftime('%Y-%m-%dT%H:%M:%f+00:00', {0}, ?)"
        columns = ", ".join(f"{it} = {moved.format(it)}" for it in ("fetched_at", "changed_at", "due_at"))
        db.execute(f"update page set {columns}", [f"{-hours:+} hours"] * 3)


def main(arguments: Sequence[str]) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    summary = crawl(Sources.read(Path(arguments[0])).named([]), Path(arguments[1]), contact="mail@example.com")
    counts = {run.source.name: run.counts for run in summary.runs}
    print(json.dumps({"ok": summary.ok, "text": str(summary), "counts": counts}))


if __name__ == "__main__":
    main(sys.argv[1:])
