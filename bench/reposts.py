"""Labelled posts for bench/likeness.py and its test: tests/data/likeness, and what reposting did to each text.

An entry has `prints` (one story), `fills` (one template, each filling a story of its own), or `posts` (nothing in
common but a hotline). Texts of tests/data/meaning are added as unrelated posts, some with one public number below them.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opencc import OpenCC
from ruamel.yaml import YAML

from indexer.post import Post

DATA = Path(__file__).parent.parent / "tests/data"
SEEN = datetime(2026, 11, 2, tzinfo=UTC)
TRADITIONAL = OpenCC("s2t")
#: Words as another editor would have them.
OTHER_WORDS = {
    "通过": "借助", "建议": "提醒", "非常": "十分", "但是": "不过", "因为": "由于", "已经": "早已", "可能": "或许",
    "需要": "须", "以后": "之后", "之后": "以后", "没有": "未曾", "大家": "各位", "一般": "通常", "如果": "假如",
    "告诉": "告知", "同时": "并且", "表示": "称", "今天": "今日", "的话": "", "电话": "来电", "进行": "作",
    "还款": "还钱",
}  # fmt: skip
ABOVE = ["您当前的位置：首页 > 资讯 > 正文", "来源：网络整理", "【导读】点击关注我们，获取更多资讯"]
BELOW = [
    "打开APP体验更佳",
    "声明：本文仅代表作者个人观点，与本站立场无关。",
    "【本文完】欢迎转发给需要的朋友",
    "上一篇：怎样理财",
]


COMMENTS = ["转一篇文章，看完心里很不是滋味，大家怎么看？", "刚刚刷到的，说的就是我以前待过的地方，一个字都没夸张。"]
#: What `prints: every` stands for.
EVERY = [
    "",
    "title",
    "shuffle",
    "furniture",
    "cut",
    "words",
    "traditional",
    "words cut furniture",
    "shuffle words title",
]


@dataclass(frozen=True)
class Labelled:
    """A post; `story`, `template` and `campaign` are equal for those that share one, empty where it has none."""

    post: Post
    story: str
    template: str = ""
    campaign: str = ""


def labelled(half: str) -> list[Labelled]:
    """The posts of `tune` or `held`, with the unrelated ones between them."""
    data = YAML(typ="safe").load(DATA / "likeness" / f"{half}.yaml")
    posts = [post for entry in data["entries"] for post in _entry(entry)]
    posts += [Labelled(_post(f"short-{n}", "", text), f"short-{n}") for n, text in enumerate(data["shorts"])]
    posts += _bystanders(half, data["common-contact"])
    random.Random(half).shuffle(posts)
    return posts


def _entry(entry: dict[str, Any]) -> Iterator[Labelled]:
    name = entry["name"]
    prints = entry.get("prints") or entry.get("fills") or entry["posts"]
    if prints == "every":
        prints = [{"edits": edits.split(), "site": f"p{n}-{name}.example.net"} for n, edits in enumerate(EVERY)]
    for number, print_ in enumerate(prints):
        title, text, story = entry["title"], entry["text"], name
        if "prints" not in entry:
            slots = {key: value for key, value in print_.items() if key not in ("edits", "site")}
            title, text = title.format(**slots), text.format(**slots)
            story = f"{name}: {sorted(slots.items())}"
        if "hotline" in entry:
            story = f"{name}-{number}"
        for edit in print_.get("edits", ()):
            title, text = EDITS[edit](title, text, random.Random(f"{name}-{number}-{edit}"))
        post = _post(f"{name}-{number}", title, text, print_.get("site") or entry["site"], entry.get("kind", "article"))
        yield Labelled(post, story, name if "fills" in entry else "", entry.get("campaign", ""))


def _bystanders(half: str, common: dict[str, Any]) -> Iterator[Labelled]:
    """Texts by other hands: each once, and as often as asked with the common number below it, each time another."""
    texts = {row["text"]: row for name in ("voice", "practices") for row in _rows(name, half) if len(row["text"]) > 30}
    for number, (text, row) in enumerate(texts.items()):
        post = _post(f"by-{number}", row.get("title", ""), text, f"b{number % 25}.example.net", row.get("kind", "post"))
        yield Labelled(post, f"by-{number}")
    chance = random.Random(half)
    lines = [line for text in texts for line in re.split("(?<=。)", text) if 12 < len(line) < 50]
    for number in range(common["posts"]):
        text = "".join(chance.sample(lines, 6)) + f"\n如有疑问可以拨打{common['number']}咨询。"
        kind = chance.choice(("article", "article", "post", "complaint"))
        site = f"c{number % common['sites']}-host{number % common['sites']}.cn"
        yield Labelled(_post(f"common-{number}", "", text, site, kind), f"common-{number}")


def _rows(name: str, half: str) -> list[dict[str, Any]]:
    lines = (DATA / "meaning" / f"{name}-{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _post(name: str, title: str, text: str, site: str = "short.example.com", kind: Any = "post") -> Post:
    url = f"https://{site}/{name}.html"
    return Post(url=url, source="bench", kind=kind, title=title, text=text.strip(), fetched_at=SEEN)


Edit = Callable[[str, str, random.Random], tuple[str, str]]


def _shuffle(title: str, text: str, chance: random.Random) -> tuple[str, str]:
    lines = text.strip().split("\n")
    chance.shuffle(lines)
    return title, "\n".join(lines)


def _title(title: str, text: str, chance: random.Random) -> tuple[str, str]:
    return chance.choice(["一文读懂", "必看", "刚刚"]) + "：" + title[::2], text


def _furniture(title: str, text: str, chance: random.Random) -> tuple[str, str]:
    return title, "\n".join([chance.choice(ABOVE), text.strip(), *chance.sample(BELOW, 2)])


def _cut(title: str, text: str, chance: random.Random) -> tuple[str, str]:
    """A sixth of the sentences go."""
    sentences = re.split("(?<=[。？！\n])", text.strip())
    gone = set(chance.sample(range(len(sentences)), max(1, len(sentences) // 6)))
    return title, "".join(sentence for at, sentence in enumerate(sentences) if at not in gone)


def _words(title: str, text: str, chance: random.Random) -> tuple[str, str]:
    """Half of the words that have another form get it."""
    known = re.compile("|".join(OTHER_WORDS))
    return title, known.sub(lambda it: OTHER_WORDS[it[0]] if chance.random() < 0.5 else it[0], text)


def _traditional(title: str, text: str, chance: random.Random) -> tuple[str, str]:
    return TRADITIONAL.convert(title), TRADITIONAL.convert(text)


def _comment(title: str, text: str, chance: random.Random) -> tuple[str, str]:
    return title, f"{chance.choice(COMMENTS)}\n{text}"


EDITS: dict[str, Edit] = {
    "shuffle": _shuffle,
    "title": _title,
    "furniture": _furniture,
    "cut": _cut,
    "words": _words,
    "traditional": _traditional,
    "comment": _comment,
}
