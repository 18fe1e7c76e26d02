"""Files on disk become Posts, in order, whatever some of them are."""

import gzip
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.files import Refused, posts_in, posts_of
from indexer.post import Post

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TEXT = "昨天他们的催收给我妈打电话，张口就骂，说再不还就带人上门。"
PAGE = f"<html><head><title>投诉</title></head><body><h1>投诉</h1><p>{TEXT}</p></body></html>"


def read(path: Path) -> list[Post | Refused]:
    return list(posts_of(path, now=NOW, timezone="Asia/Shanghai"))


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/2.html").write_text(PAGE, encoding="gb18030")
    (tmp_path / "a.txt").write_text(f"{TEXT}\r\n{TEXT}", encoding="utf-8")
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    (tmp_path / ".hidden.txt").write_text(TEXT, encoding="utf-8")
    first, second, third = read(tmp_path)
    assert isinstance(first, Post) and isinstance(second, Post) and isinstance(third, Refused)
    assert first.text == f"{TEXT}\n{TEXT}"
    assert (second.title, second.text.splitlines()[-1]) == ("投诉", TEXT)
    assert first.url.startswith("file:///")
    assert third.path.endswith("c.pdf")


def archive(*records: tuple[str, str], packed: bool = False) -> bytes:
    """Responses with the page, each of a type and a date."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for number, (kind, date) in enumerate(records):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                f"https://example.com/{number}?utm_source=x",
                "response",
                payload=io.BytesIO(PAGE.encode("gb18030")),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": date},
            )
        )
    return out.getvalue()


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_gives_its_pages_with_address_and_time(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("kept.warc.gz" if packed else "kept.warc")
    records = [(kind, "2026-10-05T01:02:03Z") for kind in ("Text/HTML; charset=gbk", "image/png", "text/html")]
    path.write_bytes(archive(*records, packed=packed))
    found = read(path)
    assert [it.url for it in found if isinstance(it, Post)] == ["https://example.com/0", "https://example.com/2"]
    assert {it.fetched_at for it in found if isinstance(it, Post)} == {datetime(2026, 10, 5, 1, 2, 3, tzinfo=UTC)}
    path.write_bytes(path.read_bytes()[:-40])
    whole, cut = read(path)
    assert isinstance(whole, Post) and isinstance(cut, Refused)


def test_a_broken_record_costs_itself_and_broken_bytes_what_is_behind_them(tmp_path: Path) -> None:
    path = tmp_path / "kept.warc.gz"
    path.write_bytes(archive(*[("text/html", date) for date in ("2026-10-05", "yesterday", "2026-10-05")], packed=True))
    assert [type(it) for it in read(path)] == [Post, Refused, Post]
    good = archive(("text/html", "2026-10-05"))
    for broken in (good.replace(b"WARC-Target-URI", b"WARC-Nothing-At"), b"\0" * 500, os.urandom(500)):
        path.write_bytes(gzip.compress(good) + gzip.compress(broken))
        assert isinstance(read(path)[0], Post)
        assert isinstance(read(path)[-1], Refused)


def test_a_stream_of_posts_loses_only_its_bad_lines() -> None:
    good = {"url": "https://example.com/1", "source": "s", "text": TEXT, "fetched_at": "2026-11-02T00:00:00Z"}
    bad = [{**good, "fetched_at": "2026-11-02T00:00:00"}, {**good, "colour": 1}, {**good, "text": 5}, []]
    lines = [json.dumps(it).encode() for it in (good, *bad, good)] + [b"{", b"", b"\xff\xfe"]
    found = list(posts_in(io.BytesIO(b"\n".join(lines)), "posts.jsonl"))
    assert [type(it) for it in found] == [Post, *[Refused] * 4, Post, Refused, Refused]
    assert next(it.path for it in found if isinstance(it, Refused)) == "posts.jsonl line 2"


@pytest.mark.parametrize(
    "odd",
    [
        {"published_at": "0001-01-01T00:00:00+14:00"},
        {"published_at": "9999-12-31T23:59:59Z"},
        {"timezone": "Mars/Base"},
        {"url": "javascript:alert(1)"},
        {"url": "http://[::1"},
    ],
)
def test_values_that_no_post_can_have_are_refused(odd: dict[str, str]) -> None:
    post = {"url": "https://example.com/1", "source": "s", "text": TEXT, "fetched_at": "2026-11-02T00:00:00Z", **odd}
    (found,) = posts_in(io.BytesIO(json.dumps(post).encode()), "posts.jsonl")
    assert isinstance(found, Refused)
    assert next(iter(odd)) in found.reason


def test_odd_names_and_broken_links(tmp_path: Path) -> None:
    (tmp_path / "投诉\n😀.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    found = read(tmp_path)
    assert len([it for it in found if isinstance(it, Post)]) == 1
    assert "no such file" in next(it.reason for it in found if isinstance(it, Refused) and it.path.endswith("gone.txt"))
    assert "no regular file" in next(it.reason for it in found if isinstance(it, Refused) and "pipe" in it.path)


def test_names_in_gbk_are_read(tmp_path: Path) -> None:
    for name, content in (("投诉.txt", TEXT), ("投诉.html", PAGE)):
        path = tmp_path / os.fsdecode(name.encode("gbk"))
        path.write_text(content, encoding="utf-8")
    assert [type(it) for it in read(tmp_path)] == [Post, Post]


def test_a_folder_that_must_not_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.txt").write_text(TEXT, encoding="utf-8")
    above = takewhile(lambda folder: folder != Path(gettempdir()), tmp_path.parents)
    for folder in (tmp_path, *above):
        folder.chmod(0o755)
    (tmp_path / "closed").chmod(0)
    with no_longer_root():
        closed, read_one = read(tmp_path)
    assert isinstance(closed, Refused) and isinstance(read_one, Post)
    assert "Permission denied" in closed.reason


def test_a_mark_before_the_first_line_is_no_part_of_it() -> None:
    line = {"url": "https://example.com/1", "source": "s", "text": TEXT, "fetched_at": "2026-11-02T00:00:00Z"}
    (found,) = posts_in(io.BytesIO(b"\xef\xbb\xbf" + json.dumps(line).encode() + b"\r\n"), "posts.jsonl")
    assert isinstance(found, Post)


@contextmanager
def no_longer_root() -> Iterator[None]:
    """Whoever runs the tests, file modes hold for them."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)
