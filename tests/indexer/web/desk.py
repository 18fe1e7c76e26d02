"""What a team that has watched for two months has on its desk, some of it hostile; lenders' names are real, all else
is invented. Times count back from now, as the pages do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from scrapy.http import HtmlResponse, Request

from crawler.archive import Archive
from indexer.alerts.alert import Alert, Alerts
from indexer.alerts.messages.notice import Notice
from indexer.datadir import DataDir
from indexer.document import Document
from indexer.post import Evidence, Post, document_id
from indexer.saved import SavedSearch, SavedSearches
from indexer.spool import Spool
from tests.documents import complaint, document
from tests.indexer.alerts.world import told

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZHAOLIAN, MASHANG, ZHONGYUAN = "招联消费金融", "马上消费金融", "中原消费金融"
STORY, OLD_HAND, NEW_HAND = "5700" * 4, "cd" * 8, "ab" * 8
THREAD = "https://forum.example.org/thread-7-1-1.html"
CONTACT = "phone:abcdefghijklmnop"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>催收"
BIDI = "\u202e收催力暴\u2066 abc\u202c"
LONG = "催" + "a" * 1_000_000
PHONE_NUMBER = "13812345678"
PAGE = f"""<!doctype html><html><head><meta http-equiv="refresh" content="0; url=https://evil.example/">
<base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/a.css">
<style>body {{ background: url(https://evil.example/b.png) }}</style>
<script>parent.document.title = "owned"; alert(1)</script></head><body onload="alert(2)"><h1>催收打电话骂我妈</h1>
<p>对方的号码是 {PHONE_NUMBER}</p><img src="https://evil.example/c.png" onerror="alert(3)"><svg onload="alert(4)"></svg>
<a href="javascript:alert(5)">点我</a><a href="https://evil.example/">点我</a><iframe src="https://evil.example/"></iframe>
<form action="https://evil.example/"><input name="x"><button>提交</button></form></body></html>""".encode()
SEEN = complaint(5001, published_at=NOW - 3 * HOUR)
CHANGED = document(5002, url="https://tousu.example.org/5002", title="他们打电话骂我", published_at=NOW - 2 * DAY)


def documents(evidence: Evidence) -> list[Document]:
    """All that is in the index."""
    return [
        *_usual(),
        *(told(1000 + number, ZHAOLIAN, ["爆通讯录"], NOW - number * HOUR - HOUR) for number in range(12)),
        *_story(),
        *_hands(),
        *_thread(),
        *hostile(),
        SEEN.model_copy(update={"evidence": evidence}),
        CHANGED,
    ]


def _usual() -> Iterator[Document]:
    """Every day a complaint about each of three lenders."""
    number = 1
    for day in range(1, 61):
        for lender in (ZHAOLIAN, MASHANG, ZHONGYUAN):
            yield told(number, lender, ["骚扰"], NOW - day * DAY - HOUR)
            number += 1


def _story() -> list[Document]:
    """A news story with its first print and three reprints elsewhere."""
    first = document(2000, title="某平台催收被罚", story=STORY, published_at=NOW - 5 * DAY, site="first.example.com",
                     contacts=(CONTACT,), lenders=(MASHANG,))  # fmt: skip
    reprints = [
        document(2000 + number, title="某平台催收被罚", story=STORY, reprint_of=first.id,
                 site=f"copy{number}.example.com", contacts=(CONTACT,), lenders=(MASHANG,),
                 published_at=NOW - 5 * DAY + number * 7 * HOUR)
        for number in (1, 2, 3)
    ]  # fmt: skip
    return [first, *reprints]


def _hands() -> list[Document]:
    """One hand that has written for long, one that began today."""
    old = [
        document(2100 + number, campaign=OLD_HAND, voice="guide", published_at=NOW - number * DAY)
        for number in range(9)
    ]
    new = [
        document(2200 + number, campaign=NEW_HAND, voice="promotion", published_at=NOW - number * HOUR)
        for number in (1, 2)
    ]
    return [*old, *new]


def _thread() -> list[Document]:
    """A post and its replies, stored in no order."""
    posts = [
        document(3000 + floor, id=document_id(THREAD, str(floor)), url=THREAD, source="forum", site="forum.example.org",
                 kind="reply" if floor > 1 else "post", floor=floor, title="大家遇到过吗，催收骂人",
                 body=f"第{floor}楼说：他们打电话骂人。", published_at=NOW - 9 * DAY + floor * HOUR,
                 author=f"author{floor}")
        for floor in (1, 2, 3, 4, 5)
    ]  # fmt: skip
    return posts[::-1]


def hostile() -> list[Document]:
    """Text that wants to run, to turn round, to be wider than the page, and to lead astray."""
    wide = "机" * 200
    usual = {"voice": "complaint", "sentiment": 0.01, "sentiment_label": "negative", "published_at": NOW - HOUR}
    return [
        document(4001, title=SCRIPT, body=f'{SCRIPT}\n"><b id="broken">', url="javascript:alert(4)//催收",
                 campaign=NEW_HAND, source="\"><b id='broken'>", site="<i id='broken'>",
                 category="</dd><script>alert(5)</script>", lenders=("<b id='broken'>机构",), **usual),
        document(4002, title=BIDI, body=BIDI, site="\u202emoc.elpmaxe", lenders=("\u202e构机",), story=STORY,
                 reprint_of=document_id("https://news.example.com/2000.html"), **usual),
        document(4003, title=LONG[:1000], body=LONG, url=f"https://example.com/{'b' * 1900}", lenders=(wide,),
                 site="c" * 250 + ".example", campaign=NEW_HAND, contacts=(f"qq:{'d' * 300}",), **usual),
        document(4004, title="", body="", url="file:///etc/passwd", **{**usual, "published_at": None, "dated_by": ""}),
        document(4005, title="很久以前", **{**usual, "published_at": NOW.replace(year=1971, day=1)}),
    ]  # fmt: skip


def lay(data: DataDir) -> list[Document]:
    """Put on the desk what is no index: evidence, versions, an alert, a saved search; returns what is to be indexed."""
    archive = Archive(data.warc, "board")
    response = HtmlResponse(SEEN.url, body=PAGE, headers={"Content-Type": "text/html; charset=utf-8"})
    evidence = archive.keep(Request(SEEN.url), response, sha256(PAGE).hexdigest())
    archive.close()
    with data.state() as state:
        said = ["他们昨天打电话骂我。\n我的号码是{}。", "他们今天又打电话骂我妈。\n我的号码是{}。\n请帮帮我。"]
        for day, text in enumerate(said):
            post = Post(url=CHANGED.url, source="board", title=CHANGED.title, text=text.format(PHONE_NUMBER),
                        fetched_at=NOW - (2 - day) * DAY)  # fmt: skip
            Spool(state).put([post])
        headline = f"{ZHAOLIAN} · 爆通讯录 12 条，平常 0.2 条"
        notice = Notice(id="alert-1", kind="opened", headline=headline, lenders=(ZHAOLIAN,), practices=("爆通讯录",))
        opened = {"opened_at": NOW - HOUR, "updated_at": NOW, "unusual_at": NOW}
        Alerts(state).add(Alert("spike", f"lender:{ZHAOLIAN}", "normal", observed=12, facts=notice, **opened))
        SavedSearches(state).keep(SavedSearch("<b id='broken'>通讯录", "通讯录", {"voice": ("complaint",)}, 5), NOW)
    return documents(evidence)


ADDRESSES = {
    "overview": "",
    "overview of a month": "?span=30d",
    "search": "search",
    "search with words": "search?q=催收&sort=sentiment",
    "lenders": "lenders?sort=rise",
    "lender": f"lenders/{ZHAOLIAN}",
    "hostile lender": "lenders/%3Cb%20id=%27broken%27%3E%E6%9C%BA%E6%9E%84",
    "wide lender": f"lenders/{'机' * 200}",
    "practices": "practices?span=90d",
    "practice": "practices/爆通讯录",
    "stories": "stories",
    "story": f"stories/{STORY}",
    "campaigns": "campaigns",
    "campaign": f"campaigns/{NEW_HAND}",
    "saved searches": "searches",
    "alerts": "alerts",
    "alert": "alerts/1",
    "sources": "sources",
    "what waits": "status",
    "settings": "settings",
    "login": "login",
    "audit": "audit",
    "report": f"report?lender={ZHAOLIAN}&since=30d",
    "hostile report": "report?lender=%3Cb%20id=%27broken%27%3E%E6%9C%BA%E6%9E%84",
    "API": "api/docs",
    "reply": f"documents/{document_id(THREAD, '3')}",
    "complaint": f"documents/{SEEN.id}",
    "versions": f"documents/{CHANGED.id}/versions",
    "evidence": f"documents/{SEEN.id}/evidence",
    "script": f"documents/{document_id('javascript:alert(4)//催收')}?q=催收",
    "long": f"documents/{document_id('https://example.com/' + 'b' * 1900)}",
    "empty": f"documents/{document_id('file:///etc/passwd')}",
}
"""Every page, by what it is."""
