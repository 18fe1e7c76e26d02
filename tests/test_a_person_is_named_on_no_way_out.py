"""One person's data of every kind stand on a page: they are in the evidence, and on no way out of dunwatch."""

import gzip
import io
import json
import re
import sqlite3
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from indexer.datadir import DataDir
from indexer.state import State, timestamp
from indexer.store import open_store
from indexer.store.base import Search
from tests.cli import ROOT, dunwatch
from tests.indexer.alerts.messages.mailserver import MailServer
from tests.indexer.web.conftest import served
from tests.site.pages import Page
from tests.site.server import Site

PERSONAL = {
    "name": "邬晓琪",
    "relative": "田桂芝",
    "colleague": "小崔",
    "writer": "匿名的小鹿2026",
    "phone": "13800001234",
    "landline": "0755-86000012",
    "mail": "wuxiaoqi88@foxmail.com",
    "qq": "2200330044",
    "wechat": "wuxq_8899",
    "id": "430104198503021230",
    "card": "6222020000123456782",
    "account": "yuqi_banglian77",
    "plate": "粤B12K34",
    "address": "翠苑小区7幢2单元303",
}
SAID = """我叫{name}，身份证{id}，在招联消费金融借了两万元，逾期以后他们天天打电话骂我。催收张口就骂我是骗子，
还打给我妈{relative}和同事{colleague}，座机{landline}，我的手机{phone}被打爆了。他们爆我通讯录，把我的银行卡{card}发到群里。
我家住{address}，车牌{plate}，他们都知道，还说要上门。联系我：微信{wechat}，QQ{qq}，电报@{account}，邮箱{mail}。
求求你们管管，我已经快崩溃了，孩子还小，他们昨天半夜还在威胁我全家。"""
PAGE = """<html><head><title>{title}</title></head><body><h1>{title}</h1>
<p>作者：{writer} {at}</p><article>{body}</article></body></html>"""
MOST_PAGES = 80
STARTS = (
    "/", "/search", "/report", "/lenders", "/practices", "/stories", "/campaigns", "/alerts", "/searches", "/settings",
    "/status", "/sources", "/metrics", "/healthz", "/api/docs", "/api/search", "/api/trends", "/export.csv",
    "/export.xlsx",
)  # fmt: skip
"""Pages of the web server that are looked at, and those that they link to."""
COMMANDS = (
    "search --json", "search 催收", "trends --json", "status --json", "rejected", "rejected --json",
    "alerts list --json", "labels export",
)  # fmt: skip
WATCHED_DAYS = 30
SECRETS = {kind: re.compile(re.escape(it)) for kind, it in PERSONAL.items()}


@pytest.fixture(scope="module")
def hook() -> Iterator[tuple[str, list[str]]]:
    """Where a webhook posts to, and what it posted."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            posted.append(json.dumps(told, ensure_ascii=False))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", posted
        server.shutdown()


@pytest.fixture(scope="module")
def ways_out(tmp_path_factory: pytest.TempPathFactory, hook: tuple[str, list[str]]) -> dict[str, str]:
    """What came out of each way after a crawl of the page, an alert on it, and a file that could not be read."""
    folder = tmp_path_factory.mktemp("planted")
    data, config = folder / "data", folder / "config"
    out: dict[str, str] = {}
    mails = MailServer(folder, auth=False)
    with Site() as site, mails, pytest.MonkeyPatch.context() as environment:
        environment.setenv("DUNWATCH_TEST_HOOK", hook[0])
        _plant(site)
        _configure(config, site, mails)
        crawled = dunwatch(data, "crawl", config=config)
        assert crawled.code == 0, crawled.err
        out["log of the crawl"] = crawled.out + crawled.err
        _watched_for_weeks(data)
        (folder / "broken.jsonl").write_text(json.dumps({"title": "", "text": SAID.format(**PERSONAL)}), "utf-8")
        refused = dunwatch(data, "ingest", folder / "broken.jsonl", config=config)
        out["log of what was refused"] = refused.out + refused.err
        checked = dunwatch(data, "alerts", "check", config=config)
        out["log of the alert"] = checked.out + checked.err
    out["mail"] = "\n".join(
        part.get_content()
        for mail in mails.received
        for part in mail.message.walk()
        if part.get_content_maintype() == "text"
    ) + "\n".join(str(mail.message) for mail in mails.received)
    out["webhook"] = "\n".join(hook[1])
    (folder / "page.html").write_text(_page(), "utf-8")
    labelled = dunwatch(data, "label", _document(data), "--voice", "complaint", config=config)
    assert labelled.code == 0, labelled.err
    exports = [f"export --to {folder / name}" for name in ("posts.csv", "posts.xlsx")]
    for words in (*COMMANDS, *exports, f"analyse {folder / 'page.html'} --json"):
        said = dunwatch(data, *words.split(" "), config=config)
        assert said.code == 0, said.err
        out[words] = said.out + said.err
    out["posts.csv"] = (folder / "posts.csv").read_text("utf-8-sig")
    out["posts.xlsx"] = _cells((folder / "posts.xlsx").read_bytes())
    out["state"] = _state(data)
    out |= _web(data)
    records = (gzip.decompress(file.read_bytes()) for file in (data / "warc").rglob("*.gz"))
    out["evidence"] = b"".join(records).decode("utf-8", "replace")
    return out


def _page() -> str:
    body = "".join(f"<p>{line}</p>" for line in SAID.format(**PERSONAL).splitlines())
    at = (datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M")
    title = "{name}投诉招联消费金融暴力催收，电话{phone}".format(**PERSONAL)
    return PAGE.format(**PERSONAL, title=title, body=body, at=at)


def _plant(site: Site) -> None:
    site.pages["/planted/"] = Page(b'<a href="/planted/1.html">1</a>')
    site.pages["/planted/1.html"] = Page(_page().encode())


def _configure(config: Path, site: Site, mails: MailServer) -> None:
    config.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        (config / file.name).write_bytes(file.read_bytes())
    pages = {"start": [f"{site.url}/planted/"], "links": [r"/planted/\d+\.html$"], "limits": {"delay": 0}}
    sources = {"sources": [{"name": "planted", "kind": "articles", "loopback": True, **pages}]}
    alerts = {
        "mail": mails.config(),
        "webhooks": {"group": {"platform": "json", "url": {"env": "DUNWATCH_TEST_HOOK"}}},
        "recipients": [{"name": "team", "mail": "team@example.com"}, {"name": "duty", "webhook": "group"}],
        "rules": [{"name": "many", "kind": "threshold", "of": ["lender"], "window": "1d", "at_least": 1}],
    }
    for name, said in (("sources", sources), ("alerts", alerts)):
        with (config / f"{name}.yaml").open("w", encoding="utf-8") as file:
            YAML().dump(said, file)


def _watched_for_weeks(data: Path) -> None:
    """Alerts tell of times only in which a source was watched for long enough: it was crawled every day."""
    columns = "source, started_at, finished_at, outcome, counts"
    now = datetime.now(UTC)
    with State(data) as state, state.transaction() as db:
        db.execute("update run set seq = 1000")
        for day in range(WATCHED_DAYS):
            then = timestamp(now - timedelta(days=WATCHED_DAYS - day))
            db.execute(
                f"insert into run (seq, {columns}) select ?, source, ?, ?, outcome, counts from run where seq = 1000",
                (day + 1, then, then),
            )


def _state(data: Path) -> str:
    """All rows but those of the spool and of what was refused, which hold pages as they were."""
    with sqlite3.connect(data / "state.sqlite") as db:
        tables = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
        return "\n".join(str(row) for table in tables if table not in ("post", "rejected") for row in
                         db.execute(f"select * from {table}"))  # fmt: skip


def _cells(book: bytes) -> str:
    """All that a spreadsheet holds, as XML."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def _document(data: Path) -> str:
    """The id of the one document."""
    store = open_store("embedded", DataDir(data).index, writable=False)
    (hit,) = store.search(Search(), limit=2).hits
    store.close()
    return hit.document.id


def _web(data: Path) -> dict[str, str]:
    """Every page that can be reached from the first one, and the same in JSON."""
    store = open_store("embedded", DataDir(data).index, writable=False)
    one = f"documents/{_document(data)}"
    told: dict[str, str] = {}
    with served(store, data=data) as url:
        waiting = [urljoin(url, path) for path in (*STARTS, f"/{one}", f"/{one}/versions", f"/api/{one}")]
        while waiting and len(told) < MOST_PAGES:
            address = urldefrag(waiting.pop(0)).url
            if address in told or not address.startswith(url):
                continue
            try:
                with urllib.request.urlopen(address, timeout=20) as answer:
                    body = answer.read()
                told[address] = _cells(body) if ".xlsx" in address else body.decode("utf-8", "replace")
            except urllib.error.HTTPError as error:
                told[address] = error.read().decode("utf-8", "replace")
            waiting += [urljoin(address, link) for link in re.findall(r'(?:href|src)="([^"]+)"', told[address])]
    store.close()
    return {f"web page /{address.removeprefix(url).lstrip('/')}": text for address, text in told.items()}


def test_the_evidence_has_it_all(ways_out: dict[str, str]) -> None:
    assert all(secret.search(ways_out["evidence"]) for secret in SECRETS.values())


def test_no_way_out_has_any_of_it(ways_out: dict[str, str]) -> None:
    found = [(way, kind) for way, text in ways_out.items() if way != "evidence" for kind, secret in SECRETS.items()
             if secret.search(text)]  # fmt: skip
    assert found == []


def test_every_way_out_was_looked_at(ways_out: dict[str, str]) -> None:
    """Each tells of the complaint, masked: none was empty."""
    shown = [way for way, text in ways_out.items() if "[姓名]" in text or "[电话]" in text]
    commands = ("search --json", "rejected --json", "labels export", "posts.csv", "posts.xlsx")
    pages = ("web page /", "web page /api/search", "web page /export.csv", "web page /export.xlsx")
    for way in (*commands, *pages):
        assert way in shown
    assert any(way.startswith("analyse ") for way in shown)
    assert any(way.startswith("web page /documents/") for way in shown)
    assert any(way.startswith("web page /documents/") and way.endswith("/versions") for way in ways_out)
    assert "招联消费金融" in ways_out["mail"]
    assert "招联消费金融" in ways_out["webhook"]
