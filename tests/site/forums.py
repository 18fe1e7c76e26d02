"""Pages of two forums, shaped like Discuz! X and like phpBB 3, with the same threads in both."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.site.threads import Thread, threads

A_PAGE = 10
"""Posts on one page of a thread."""
A_LIST = 3
"""Threads on one list page."""
NAMES = {1: "楼主", 2: "沙发", 3: "板凳", 4: "地板"}

Render = Callable[..., str]


def discuz(render: Render) -> Iterator[tuple[str, bytes]]:
    """/discuz/forum-2-1.html and its threads, in GBK as old boards are; one thread stands on top of the others."""
    all_of_them = threads()
    lists = [all_of_them[start : start + A_LIST] for start in range(0, len(all_of_them), A_LIST)]
    for number, some in enumerate(lists, 1):
        following = f"forum-2-{number + 1}.html" if number < len(lists) else ""
        words: dict[str, Any] = {"number": number, "threads": some, "sticky": all_of_them[-1], "next": following}
        yield f"/discuz/forum-2-{number}.html", render("discuz-list.html", **words).encode("gbk")
    for thread in all_of_them:
        yield from _discuz_thread(render, thread)


def _discuz_thread(render: Render, thread: Thread) -> Iterator[tuple[str, bytes]]:
    pages = thread.pages(A_PAGE)
    for number, posts in enumerate(pages, 1):
        following = f"thread-{thread.id}-{number + 1}-1.html" if number < len(pages) else ""
        words: dict[str, Any] = {"thread": thread, "posts": posts, "number": number, "next": following, "names": NAMES}
        html = render("discuz-thread.html", **words).encode("gbk", "xmlcharrefreplace")
        for list_page in (1, 2):  # the last number is that of the list page one came from
            yield f"/discuz/thread-{thread.id}-{number}-{list_page}.html", html


def phpbb(render: Render, given: Sequence[Thread] = ()) -> Iterator[tuple[str, bytes]]:
    """/phpbb/viewforum.php?f=2 and its topics; every page gives its links another session."""
    all_of_them = given or threads()
    lists = [all_of_them[start : start + A_LIST] for start in range(0, len(all_of_them), A_LIST)]
    for number, some in enumerate(lists, 1):
        sid = f"{number:032x}"
        following = f"./viewforum.php?f=2&sid={sid}&start={number * 25}" if number < len(lists) else ""
        path = "/phpbb/viewforum.php?f=2" + (f"&start={(number - 1) * 25}" if number > 1 else "")
        yield path, render("phpbb-list.html", number=number, threads=some, sid=sid, next=following).encode()
    for thread in all_of_them:
        pages = thread.pages(A_PAGE)
        for number, posts in enumerate(pages, 1):
            sid = f"{thread.id * 100 + number:032x}"
            start = f"./viewtopic.php?f=2&t={thread.id}&sid={sid}&start={number * A_PAGE}"
            words = {"thread": thread, "posts": posts, "number": number, "sid": sid}
            html = render("phpbb-thread.html", **words, next=start if number < len(pages) else "").encode()
            first = f"/phpbb/viewtopic.php?t={thread.id}"
            later = f"/phpbb/viewtopic.php?f=2&start={(number - 1) * A_PAGE}&t={thread.id}"
            yield (later if number > 1 else first), html
