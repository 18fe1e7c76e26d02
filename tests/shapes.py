"""Pages of many shapes and what they say: those of our own site, and its articles in other sites' HTML."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, meta

from crawler.charset import decode
from indexer.text.dates import parse_time
from indexer.text.repair import repair
from tests.site.pages import documents, pages

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ZONE = "Asia/Shanghai"
SHAPES = Path(__file__).parent / "data/pages"
SECOND, THIRD = SHAPES / "second", SHAPES / "third"


@dataclass(frozen=True)
class Case:
    """A page and what it says."""

    shape: str
    html: str
    title: str
    text: str
    time: datetime | None


def site() -> Iterator[Case]:
    """The pages of our own site."""
    served = pages("http://example.com")
    for kind in ("farm", "news", "board"):
        for it in documents(f"{kind}.yaml"):
            page = served[f"/{kind}/{it['id']}.html"]
            charset = page.type.partition("charset=")[2] or None
            yield Case(f"site {kind}", decode(page.body, charset), repair(it["title"]).text, _text(it), _time(it))


def shapes() -> Iterator[Case]:
    """Articles of the site in other sites' HTML, six in each shape."""
    environment = Environment(loader=FileSystemLoader(SHAPES), autoescape=True)
    articles = [*documents("news.yaml"), *(it for it in documents("farm.yaml") if not it.get("traditional"))]
    for number, name in enumerate(sorted(file.name for file in SHAPES.glob("*.html"))):
        for step in range(6):
            it = articles[(number * 5 + step * 3) % len(articles)]
            others = [other for other in articles if other is not it][:8]
            at = _time(it)
            shown = at.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M") if at else ""
            html = environment.get_template(name).render(**{**it, "at": at, "time": shown, "others": others})
            yield Case(name.removesuffix(".html"), html, it["title"], _text(it), _time(it))


def more(folder: Path) -> Iterator[Case]:
    """Other articles in other HTML, four in each shape of the folder."""
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    articles = documents(str(SHAPES / "articles.yaml"))
    for number, name in enumerate(sorted(file.stem for file in folder.glob("*.html"))):
        shown = [it for it in articles if it.get("only") == name] or [it for it in articles if "only" not in it]
        named = meta.find_undeclared_variables(environment.parse((folder / f"{name}.html").read_text("utf-8")))
        for step in range(min(4, len(shown))):
            it = shown[(number + step) % len(shown)]
            at = datetime.fromisoformat(it["time"]).astimezone(ZoneInfo(ZONE))
            words = {
                "iso": it["time"],
                "time": f"{at:%Y-%m-%d %H:%M}",
                "day": f"{at:%Y年%m月%d日}",
                "clock": f"{at:%H:%M}",
            }
            others = [other for other in articles if other is not it and "only" not in other]
            html = environment.get_template(f"{name}.html").render(**{**it, **words, "others": others})
            shows = at if named & {"iso", "time", "clock"} else at.replace(hour=0, minute=0)
            yield Case(name, html, it["title"], _text(it), shows)


def _text(it: dict[str, Any]) -> str:
    return "\n".join(repair(paragraph).text for paragraph in it["paragraphs"])


def _time(it: dict[str, Any]) -> datetime | None:
    written = str(it.get("time") or it.get("at") or "")
    return parse_time(written, timezone=ZONE, now=NOW) if written else None


def similarity(found: str, wanted: str) -> float:
    """F1 of character pairs, blanks and line ends aside."""
    a, b = (Counter(pairwise("".join(text.split()))) for text in (found, wanted))
    both = sum((a & b).values())
    return 2 * both / (sum(a.values()) + sum(b.values())) if both else 0.0
