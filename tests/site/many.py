"""Sites of many small articles, made as they are asked for, and the sources that crawl them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.site.pages import Page
from tests.site.server import Site

ON_A_LIST = 100
_LENDERS = ("招联消费金融", "马上消费金融", "中原消费金融", "捷信消费金融")
_DID = ("一天打了三十个电话", "把我通讯录里的人都打了一遍", "发短信说要上门", "打电话到我单位", "凌晨还在打电话")


@dataclass(frozen=True)
class Articles:
    """The pages of a site: for each source a list, page after page, and its articles."""

    count: int

    def get(self, path: str) -> Page | None:
        name, _, page = path.strip("/").partition("/")
        if path == "/robots.txt":
            return Page(b"User-agent: *\nAllow: /\n", "text/plain")
        if page.startswith("list"):
            return Page(self._list(int(page.removeprefix("list"))).encode())
        return Page(_article(name, int(page)).encode()) if page.isdecimal() and int(page) < self.count else None

    def _list(self, number: int) -> str:
        articles = range(number * ON_A_LIST, min(self.count, (number + 1) * ON_A_LIST))
        links = "".join(f'<li><a href="{it}">第{it}篇</a></li>' for it in articles)
        more = f'<a class="next" href="list{number + 1}">下一页</a>' if articles.stop < self.count else ""
        return f"<html><body><ul>{links}</ul>{more}</body></html>"


@contextmanager
def sites(sources: int, articles: int, **words: Any) -> Iterator[tuple[list[Site], list[dict[str, Any]]]]:
    """Sites of so many sources, the first of which has two of them, and these sources."""
    with ExitStack() as stack:
        served = [stack.enter_context(Site()) for _ in range(sources - 1)]
        for site in served:
            site.pages = Articles(articles)  # type: ignore[assignment]
        urls = [served[max(0, number - 1)].url for number in range(sources)]
        yield served, [_source(f"s{number}", url, articles, **words) for number, url in enumerate(urls)]


def _source(name: str, url: str, articles: int, **words: Any) -> dict[str, Any]:
    lists = {"start": [f"{url}/{name}/list0"], "links": [rf"/{name}/\d+$"], "next_page": "a.next"}
    return {
        "name": name,
        "kind": "articles",
        **lists,
        "max_pages": articles // ON_A_LIST + 1,
        "loopback": True,
        **words,
    }


def _article(name: str, number: int) -> str:
    lender, did = _LENDERS[number % len(_LENDERS)], _DID[number % len(_DID)]
    text = (
        f"我在{lender}借的钱逾期了{number % 90}天，催收{did}。这是{name}的第{number}位借款人说的，编号{name}-{number}。"
    )
    text += (
        f"第{number}位还说，客服的态度一天比一天差，他们每次说的数目都不一样，问了{number % 7 + 2}次也没有一个准话。"
    )
    title, day = f"{lender}催收投诉 {name}-{number}", f"2026-11-{number % 20 + 1:02d} 10:{number % 60:02d}"
    body = f'<h1>{title}</h1><div class="article"><p>{day}</p><p>{text}</p></div>'
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"
