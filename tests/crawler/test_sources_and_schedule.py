"""config/sources.yaml is checked with file, line and key; what is watched follows it, and is a site of ours without."""

import os
import urllib.request
from pathlib import Path

import pytest

from crawler.schedule import watched
from crawler.sources import Source, Sources
from indexer.configfile import ConfigError

ROOT = Path(__file__).parents[2]
GOOD = """sources:
  - name: example-news
    kind: articles
    start: ["https://news.example.com/finance/"]
    links: ['/finance/\\d{4}/.+\\.html$']
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("    colour: red", ":6: sources[0].colour: unknown key"),
        ("    every: often", ":6: sources[0].every: expected a time such as 30m, 2h or 1d, found 'often'"),
        ("    next_page: 'a['", ":6: sources[0].next_page: not a valid CSS selector"),
        ("    cron: '0 8 * *'", ":6: sources[0].cron: expected five fields as cron has them"),
        ("    cron: '0 0 30 2 *'", ":6: sources[0].cron: expected five fields as cron has them"),
        ("    cron: '0 8 * * * *'", ":6: sources[0].cron: expected five fields as cron has them"),
        ("    every: 2h\n    cron: '0 8 * * *'", "sources[0]: expected either `every` or `cron`"),
        ("    quiet: '23:00'", ":6: sources[0].quiet: expected hours such as"),
        ("    quiet: '7:00-07:00'", ":6: sources[0].quiet: expected hours such as"),
        ("    quiet: '24:00-07:00'", ":6: sources[0].quiet: expected hours such as"),
        (
            "    terms: forbidden",
            ":6: sources[0].terms: the site's terms forbid to crawl it: expected `enabled: false`",
        ),
        ("    timezone: Mars/North", ":6: sources[0].timezone: expected an IANA time zone"),
        ("    limits: { delay: -1 }", ":6: sources[0].limits.delay: "),
        ("    css: { title: '(' }", ":6: sources[0].css.title: not a valid CSS selector"),
        (
            "  - {name: example-news, kind: feed, start: ['http://a.example/']}",
            "two sources have the name example",
        ),
        (
            "  - {name: b, kind: articles, start: ['http://a.example/']}",
            ":6: sources[1]: expected `links` or",
        ),
        ("  - {name: b, kind: feed, start: ['ftp://a.example/']}", ":6: sources[1].start[0]: expected an address"),
        ("  - {name: b, kind: feed, start: ['http://a.example:x/']}", ":6: sources[1].start[0]: "),
        ("  - {name: b, kind: feed, start: ['http://a.example/'], links: ['(']}", "not a valid regular expression"),
        ("  - {name: b, kind: forum, start: ['http://a.example/']}", ":6: sources[1]: expected `links` or"),
        (
            "  - {name: b, preset: vbb, start: ['http://a.example/']}",
            ":6: sources[1]: no preset is named vbb",
        ),
        (
            "  - {name: b, preset: discuz, start: ['http://a.example/'], page: {items: {each: 'a['}}}",
            "sources[1].page: items.each: not a valid CSS selector",
        ),
        (
            "  - {name: b, preset: nodebb, start: ['http://a.example/'], page: {items: {text: 'a['}}}",
            "sources[1].page: items.text: not a valid JMESPath expression",
        ),
        ("  - {name: B_1, kind: feed, start: ['http://a.example/']}", ":6: sources[1].name: "),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "sources.yaml").write_text(GOOD + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        Sources.load(tmp_path)
    assert str(tmp_path / "sources.yaml") in str(told.value)
    assert said in str(told.value)


def test_the_example_in_the_comments_and_that_of_the_readme_are_valid(tmp_path: Path) -> None:
    comments = (ROOT / "config/sources.yaml").read_text(encoding="utf-8").splitlines()
    example = [line[4:] for line in comments if line.startswith("#   ")]
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    for text in ("\n".join(example), readme):
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        source, *others = Sources.load(tmp_path).sources
        assert source.name == "example-news"
        assert source.limits.delay == 5
        assert [it.kind for it in others] == (["forum", "forum", "board"] if text is not readme else [])
    assert Sources.load(ROOT / "config").sources == ()


def test_sources_by_name(tmp_path: Path) -> None:
    text = GOOD + "    enabled: false\n  - {name: b, kind: feed, start: ['http://b.example/']}\n"
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    sources = Sources.load(tmp_path)
    assert [source.name for source in sources.named([])] == ["b"]
    assert [source.name for source in sources.named(["example-news", "b", "b"])] == ["example-news", "b"]
    with pytest.raises(ConfigError, match="no source is named c; there are: example-news, b"):
        sources.named(["c"])
    assert Sources.load(tmp_path / "nowhere").sources == ()


def test_a_source_whose_terms_forbid_it_is_not_crawled_by_name_either(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(GOOD + "    enabled: false\n    terms: forbidden\n", encoding="utf-8")
    sources = Sources.load(tmp_path)
    assert sources.named([]) == ()
    with pytest.raises(ConfigError, match="example-news: `terms: forbidden`: the site's terms forbid to crawl it"):
        sources.named(["example-news"])


def test_a_changed_file_is_followed_and_a_broken_one_is_not(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(GOOD, encoding="utf-8")
    with watched(tmp_path, tmp_path / "data") as them:
        _write(file, GOOD + "  - {name: b, kind: feed, start: ['http://b.example/']}\n")
        assert [source.name for source in them.now()] == ["example-news", "b"]
        _write(file, GOOD + "    colour: red\n")
        assert [source.name for source in them.now()] == ["example-news", "b"]
        assert f"{file}:6: sources[0].colour: unknown key; the schedule goes on as before" in caplog.text
        file.unlink()
        assert [source.name for source in them.now()] == ["example-news", "b"]


@pytest.mark.parametrize("preset", ["discuz", "phpbb", "nodebb", "flarum", "mastodon", "tousu"])
def test_a_source_reaches_another_process_as_it_is(preset: str) -> None:
    source = Source.model_validate(
        {"name": "a", "preset": preset, "start": ["http://a.example/"], "cron": "0 8 * * 1-5", "jitter": "90m",
         "quiet": "23:00-7:30", "limits": {"max_pages_a_day": 7}}
    )  # fmt: skip
    assert Source.model_validate_json(source.as_json()) == source


def test_with_nothing_configured_our_own_site_is_watched(tmp_path: Path) -> None:
    with watched(tmp_path, tmp_path / "data") as them:
        assert [source.name for source in them.now()] == ["farm", "news", "board"]
        (address,) = them.now()[0].start
        assert "逾期频道" in urllib.request.urlopen(address).read().decode("gb18030")
    with pytest.raises(OSError):
        urllib.request.urlopen(address)


def test_without_that_site_it_is_told_that_nothing_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.schedule.SITE", tmp_path / "not-there")
    with pytest.raises(ConfigError, match=r"sources.yaml: there are no sources"), watched(tmp_path, tmp_path / "data"):
        pass
    assert not (tmp_path / "data").exists()


def _write(file: Path, text: str) -> None:
    """As at another time than that of the file."""
    before = file.stat().st_mtime_ns
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 1_000_000_000, before + 1_000_000_000))
