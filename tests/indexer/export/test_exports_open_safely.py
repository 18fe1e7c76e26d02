"""An export opens in a spreadsheet as it was meant: whole, in flat memory, with nothing that could act."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunwatch import main
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.export import HEADINGS, csv_chunks, exported, write_xlsx
from indexer.handling import Change, Handling, Handlings
from indexer.people.audit import newest
from indexer.store import open_store
from tests.cli import ROOT
from tests.documents import complaint, document

ZONE = ZoneInfo("Asia/Shanghai")
FORMULAS = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", " =1+1", "＝1+1", "＠SUM(1)", "\n=1+1",
    '=HYPERLINK("x")', "%0A=1", "|calc",
]  # fmt: skip


def untouched(ids: object) -> dict[str, Handling]:
    return {it: Handling(it) for it in ids}  # type: ignore[attr-defined]


def as_csv(documents: list[Document]) -> list[dict[str, str]]:
    """What a program that reads CSV makes of it."""
    text = b"".join(csv_chunks(exported(documents, untouched, ZONE))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_xlsx(documents: list[Document], folder: Path) -> list[dict[str, object]]:
    """What openpyxl makes of the workbook; formulas would be told as such."""
    file = folder / "export.xlsx"
    with file.open("wb") as out:
        write_xlsx(exported(documents, untouched, ZONE), out, folder)
    rows = openpyxl.load_workbook(file).active.iter_rows()  # type: ignore[union-attr]
    assert tuple(cell.value for cell in next(rows)) == HEADINGS
    found = []
    for row in rows:
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in row)
        found.append({name: cell.value for name, cell in zip(HEADINGS, row, strict=True)})
    return found


def test_a_row_says_what_the_page_says(tmp_path: Path) -> None:
    it = complaint(1)
    for row in (as_csv([it])[0], as_xlsx([it], tmp_path)[0]):
        assert row["编号"] == it.id
        assert row["标题"] == it.title
        assert row["正文"] == it.body
        assert row["机构"] == "招联消费金融"
        assert (row["断言的行为"], row["可能的行为"]) == ("侮辱辱骂、爆通讯录", "上门催收")
        assert (row["最重程度"], row["谁在说"], row["投诉进度"]) == ("违法", "投诉", "已回复")
        assert float(str(row["涉诉金额"])) == 8000
        assert row["存证 SHA-256"] == "ab" * 32
        assert row["处理状态"] == "新"
    assert as_xlsx([it], tmp_path)[0]["发布时间"] == datetime(2026, 11, 2, 16, 0)
    assert as_csv([it])[0]["发布时间"] == "2026-11-02 16:00:00"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stays_a_text(tmp_path: Path, text: str) -> None:
    it = document(1, title=text, body=text, site=text, source="x", category=text)
    (row,) = as_csv([it])
    for name in ("标题", "正文", "网站"):
        assert row[name].startswith("'"), name
    (cells,) = as_xlsx([it], tmp_path)
    assert str(cells["标题"]).strip() == text.strip()


def test_what_is_hostile_breaks_no_cell(tmp_path: Path) -> None:
    hostile = [
        document(1, title="\u202e收催\x00\x1b[31m", body='"\r\n;,\t\'"\r\n=1'),
        document(2, title="<script>alert(1)</script>", body="_x000D_ ]]> &amp; <t>"),
        document(3, title="长", body="😀" * 40_000),
        document(4, title="", body="", published_at=None, url="javascript:alert(1)"),
    ]
    told = as_csv(hostile)
    assert [it["编号"] for it in told] == [it.id for it in hostile]
    assert not any(mark in it["标题"] for it in told for mark in "\u202e\x00\x1b")
    assert told[2]["正文"] == hostile[2].body, "CSV has no bound"
    cells = as_xlsx(hostile, tmp_path)
    assert cells[1]["标题"] == "<script>alert(1)</script>"
    assert str(cells[2]["正文"]).endswith("😀…")
    assert len(str(cells[2]["正文"]).encode("utf-16-le")) <= 2 * 32_767
    assert cells[3]["网址"] == "javascript:alert(1)"


@given(st.lists(st.text(max_size=60), min_size=3, max_size=3))
def test_any_text_comes_back_from_csv(texts: list[str]) -> None:
    title, body, site = texts
    (row,) = as_csv([document(1, title=title, body=body, site=site)])
    assert row["编号"] == document(1).id
    assert not row["标题"].startswith(("=", "+", "-", "@", "\t"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A data directory with forty documents, of which two are in hand."""
    data = DataDir(tmp_path / "data")
    store = open_store("embedded", data.index, writable=True)
    documents = [document(number) for number in range(39)] + [complaint(1)]
    store.put(documents)
    store.close()
    with data.state() as state:
        change = Change(state="in-hand", owner="王芳", note="=1+1")
        Handlings(state).change([documents[0].id, documents[-1].id], change, "李雷", datetime.now(UTC))
    yield data.path


def run(monkeypatch: pytest.MonkeyPatch, data: Path, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["dunwatch", *words, "--data", str(data), "--config", str(ROOT / "config")])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_the_command_writes_what_the_search_finds(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = place / "found.csv"
    assert run(monkeypatch, place, "export", "逾期", "--to", str(file), "--handling", "in-hand") == 0
    told = list(csv.DictReader(file.open(encoding="utf-8-sig", newline="")))
    assert len(told) == 2
    assert {(it["处理状态"], it["负责人"], it["处理备注"]) for it in told} == {("处理中", "王芳", "'=1+1")}
    assert run(monkeypatch, place, "export", "--to", str(place / "all.xlsx")) == 0
    sheet = openpyxl.load_workbook(place / "all.xlsx", read_only=True).active
    assert sum(1 for _ in sheet.iter_rows()) == 41  # type: ignore[union-attr]
    with DataDir(place).state() as state:
        (last, first) = newest(state, 10, action="export")
    assert (first.entry.target, first.entry.role) == (str(file), "cli")
    assert "逾期" in first.entry.detail
    assert last.entry.detail.startswith("40")
    assert run(monkeypatch, place, "export", "--to", str(place / "all.pdf")) == 2
    assert not list(place.glob(".export*"))


def test_a_large_export_takes_no_more_memory(tmp_path: Path) -> None:
    script = """
import resource, sys, tempfile
from pathlib import Path
from zoneinfo import ZoneInfo
from indexer.export import csv_chunks, exported, write_xlsx
from indexer.handling import Handling
from tests.documents import complaint
one, number = complaint(1), int(sys.argv[1])
def rows():
    documents = (one.model_copy(update={"id": f"{it:024x}"}) for it in range(number))
    return exported(documents, lambda ids: {it: Handling(it) for it in ids}, ZoneInfo("Asia/Shanghai"))
size = sum(map(len, csv_chunks(rows())))
with tempfile.TemporaryDirectory() as scratch, (Path(scratch) / "x.xlsx").open("wb") as out:
    write_xlsx(rows(), out, Path(scratch))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    used = [
        int(
            subprocess.run(
                [sys.executable, "-c", script, str(number)], capture_output=True, check=True, cwd=ROOT
            ).stdout
        )
        for number in (100, 4_000)
    ]
    assert used[1] - used[0] < 8_000, "kB"
