"""config/sources.yaml is checked with file, line and key; the schedule says what is due, and knows the demo."""

import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.schedule import LONGEST, SHORTEST, due, wait, watched
from crawler.sources import Sources
from indexer.configfile import ConfigError
from indexer.state import State, timestamp

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


def test_what_is_due(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(GOOD + "    every: 2h\n", encoding="utf-8")
    now = datetime(2026, 11, 13, 12, tzinfo=UTC)
    with State(tmp_path / "data") as state, watched(tmp_path, tmp_path / "data") as them:
        assert them.file == tmp_path / "sources.yaml"
        assert (due(them, state, now), wait(them, state, now)) == (["example-news"], SHORTEST)
        _run(state, now - timedelta(hours=1), finished=True)
        assert (due(them, state, now), wait(them, state, now)) == ([], LONGEST)
        assert wait(them, state, now + timedelta(minutes=59, seconds=30)) == 30
        assert due(them, state, now + timedelta(hours=1)) == ["example-news"]
        _run(state, now, finished=False)
        assert due(them, state, now) == ["example-news"]


def test_with_nothing_configured_our_own_site_is_watched(tmp_path: Path) -> None:
    with watched(tmp_path, tmp_path / "data") as them:
        assert [source.name for source in them.sources] == ["farm", "news", "board"]
        assert them.file.parent == tmp_path / "data"
        (address,) = them.sources[0].start
        assert "逾期频道" in urllib.request.urlopen(address).read().decode("gb18030")
    with pytest.raises(OSError):
        urllib.request.urlopen(address)


def test_without_that_site_it_is_told_that_nothing_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.schedule.SITE", tmp_path / "not-there")
    with pytest.raises(ConfigError, match=r"sources.yaml: there are no sources"), watched(tmp_path, tmp_path / "data"):
        pass
    assert not (tmp_path / "data").exists()


def _run(state: State, at: datetime, *, finished: bool) -> None:
    with state.transaction() as db:
        end = timestamp(at) if finished else None
        db.execute(
            "insert into run (source, started_at, finished_at) values ('example-news', ?, ?)", (timestamp(at), end)
        )
