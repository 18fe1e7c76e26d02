"""`dunwatch source add` guesses how a site is to be crawled, shows it and writes it; `source test` shows its Posts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.guess import lists
from crawler.newsource import append
from crawler.sources import Sources
from indexer.configfile import ConfigError
from tests.cli import ROOT, Outcome, dunwatch
from tests.site.pages import Page
from tests.site.server import Site

COMMENTED = """# Ours.
sources:
  # The first, which is off for now.
  - name: a-site            # as it was called
    kind: feed
    start: ["https://a.example/rss"]
    enabled: false          # until it is back
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config"


def add(site: Site, config: Path, path: str, *words: str) -> Outcome:
    return dunwatch(config.parent / "data", "source", "add", site.url + path, "--loopback", *words, config=config)


@pytest.mark.parametrize(
    ("path", "kind", "preset", "shown"),
    [
        ("/discuz/forum-2-1.html", "forum", "discuz", "#2 reply 2026-10-03 00:52 逾期三个月: 先录音"),
        ("/farm/", "articles", None, "article"),
    ],
)
def test_it_is_recognised_shown_and_written(
    site: Site, config: Path, path: str, kind: str, preset: str | None, shown: str
) -> None:
    done = add(site, config, path, "--name", "new-site")
    assert (done.code, shown in done.out) == (0, True), done.out + done.err
    (source,) = Sources.load(config).sources
    assert (source.name, source.kind, source.preset, source.start) == ("new-site", kind, preset, (site.url + path,))
    assert done.out.count("http://") >= 1 + 3  # its address, and the three pages
    if kind == "articles":
        assert (source.links, source.next_page) == ((r"/farm/\d+\.html$",), "a.next")


def test_a_forum_of_unknown_software_is_guessed_by_its_repeated_posts(site: Site, config: Path) -> None:
    for path, page in list(site.pages.items()):  # the same forum, without what tells its software
        if path.startswith("/phpbb/"):
            body = page.body.replace(b'id="phpbb"', b"").replace(b"phpbb.com", b"other.example")
            body = re.sub(rb"&amp;sid=\w+", b"", body.replace(b'"postbody"', b'"said"'))
            site.pages[path.replace("/phpbb/", "/other/").replace("?t=", "?f=2&t=")] = Page(body)
    done = add(site, config, "/other/viewforum.php?f=2", "--name", "other")
    (source,) = Sources.load(config).sources
    assert (source.kind, source.preset) == ("forum", None)
    assert source.page
    assert source.page.items.each == "div.post"
    assert "逾期三个月: " in done.out
    assert not re.search(r"\[no (?:text|time|title)\]", done.out)


def test_comments_and_what_was_there_stay(tmp_path: Path) -> None:
    shipped = (ROOT / "config/sources.yaml").read_text(encoding="utf-8")
    for number, text in enumerate((COMMENTED, shipped, "", None)):
        file = tmp_path / f"{number}.yaml"
        if text is not None:
            file.write_text(text, encoding="utf-8")
        append(file, {"name": "new", "kind": "feed", "start": ["https://b.example/rss"]})
        assert file.read_text(encoding="utf-8").startswith((text or "").partition("sources: []")[0])
        assert [it.name for it in Sources.read(file).sources] == ["a-site", "new"][text is not COMMENTED :]


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(COMMENTED, encoding="utf-8")
    with pytest.raises(ConfigError, match="two sources have the name a-site"):
        append(file, {"name": "a-site", "kind": "feed", "start": ["https://b.example/rss"]})
    assert file.read_text(encoding="utf-8") == COMMENTED
    assert list(tmp_path.iterdir()) == [file]


def test_robots_txt_private_addresses_and_pages_that_are_no_list_are_told(site: Site, config: Path) -> None:
    assert "forbidden by robots.txt" in add(site, config, "/private/list.html").err
    refused = dunwatch(config.parent / "data", "source", "add", site.url + "/farm/", config=config)
    assert (refused.code, "private network or of this machine" in refused.err) == (1, True)
    assert lists(site.pages["/about.html"].body.decode(), site.url) == {}
    assert not (config / "sources.yaml").exists()


def test_a_dry_run_writes_nothing_and_source_test_shows_what_was_missing(site: Site, config: Path) -> None:
    dry = add(site, config, "/phpbb/viewforum.php?f=2", "--name", "forum", "--dry-run")
    assert (dry.code, "preset: phpbb" in dry.out) == (0, True)
    assert not (config / "sources.yaml").exists()
    written = dry.out.partition("the list leads")[0]
    broken = f"sources:\n{written}    page: {{items: {{time: '.nothing'}}}}\n"
    (config / "sources.yaml").write_text(broken, encoding="utf-8")
    shown = dunwatch(config.parent / "data", "source", "test", "forum", config=config)
    assert shown.code == 0
    assert shown.out.count("[no time]") == 10
    as_json = dunwatch(config.parent / "data", "source", "test", "forum", "--json", config=config)
    assert [json.loads(line)["floor"] for line in as_json.out.splitlines()] == list(range(1, 11))


def test_a_file_that_is_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "shared" / "ours.yaml"
    real.parent.mkdir()
    real.write_text(COMMENTED, encoding="utf-8")
    link = tmp_path / "sources.yaml"
    link.symlink_to(Path("shared") / "ours.yaml")
    append(link, {"name": "new", "kind": "feed", "start": ["https://b.example/rss"]})
    assert link.is_symlink()
    assert [it.name for it in Sources.read(real).sources] == ["a-site", "new"]
    assert list(real.parent.iterdir()) == [real]
