"""The query language: words, "phrases", AND, OR, NOT (or -), parentheses. docs/search.md explains it to people."""

import re
from dataclasses import dataclass

from indexer.store.tokens import words

MOST_TERMS = 100
DEEPEST = 20
_LEXEME = re.compile(
    r'\s*(?:(?P<open>[(（])|(?P<close>[)）])|(?P<quote>["“”「『])|(?P<not>[-－](?=[^\s\-－)）]))'
    r'|(?P<word>[^\s()（）"“”「『]+))'
)
_CLOSING = {'"': '"“”', "“": '”"', "”": '”"', "「": "」", "『": "』"}


class QueryError(ValueError):
    """A query that can't be understood. `position` is the offending character's offset; the message is Chinese."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"查询有误（第 {position + 1} 个字）：{reason}")
        self.position = position


@dataclass(frozen=True)
class Phrase:
    """Tokens that stand side by side; `text` as it was written."""

    tokens: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class And:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    node: "Node"


Node = Phrase | And | Or | Not


@dataclass(frozen=True)
class _Lexeme:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node | None:
    """The query as a tree, None for an empty one. Raises QueryError."""
    return _Parser(_lexemes(text), len(text)).query() if text.strip() else None


def phrases(node: Node | None) -> list[Phrase]:
    """The phrases that a match of the query may show: all but those behind NOT."""
    if isinstance(node, Phrase):
        return [node]
    if isinstance(node, And | Or):
        return [phrase for part in node.nodes for phrase in phrases(part)]
    return []


def _lexemes(text: str) -> list[_Lexeme]:
    found: list[_Lexeme] = []
    at = 0
    while match := _LEXEME.match(text, at):
        kind, start = match.lastgroup or "", match.start(match.lastgroup or 0)
        at = match.end()
        if kind == "quote":
            close = re.compile(f"[{_CLOSING[text[start]]}]").search(text, at)
            if close is None:
                raise QueryError("引号没有配对", start)
            found.append(_Lexeme("phrase", text[at : close.start()], start))
            at = close.end()
        elif kind == "word" and match["word"] in ("AND", "OR", "NOT"):
            found.append(_Lexeme(match["word"].lower(), match["word"], start))
        else:
            found.append(_Lexeme("phrase" if kind == "word" else kind, match[kind], start))
    if sum(lexeme.kind == "phrase" for lexeme in found) > MOST_TERMS:
        raise QueryError(f"词太多，最多 {MOST_TERMS} 个", 0)
    return found


class _Parser:
    """Recursive descent: OR binds weakest, then AND (or nothing between two), then NOT."""

    def __init__(self, lexemes: list[_Lexeme], length: int) -> None:
        self.lexemes, self.length, self.at, self.depth = lexemes, length, 0, 0

    def query(self) -> Node:
        node = self._either()
        if self.at < len(self.lexemes):
            raise QueryError("右括号没有对应的左括号", self.lexemes[self.at].at)
        return node

    def _either(self) -> Node:
        nodes = [self._all()]
        while self._take("or"):
            nodes.append(self._all())
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _all(self) -> Node:
        nodes = [self._one()]
        while self._take("and") or self._next() not in ("", "or", "close"):
            nodes.append(self._one())
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _one(self) -> Node:
        position = self.lexemes[self.at].at if self.at < len(self.lexemes) else self.length
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError("嵌套太深", position)
        try:
            if self._take("not"):
                return Not(self._one())
            if self._take("open"):
                node = self._either()
                if not self._take("close"):
                    raise QueryError("左括号没有对应的右括号", position)
                return node
            if not (lexeme := self._take("phrase")):
                raise QueryError("此处应有要搜索的词", position)
            if not (tokens := words(lexeme.text)):
                raise QueryError("没有可搜索的字词", position)
            return Phrase(tokens, lexeme.text)
        finally:
            self.depth -= 1

    def _next(self) -> str:
        return self.lexemes[self.at].kind if self.at < len(self.lexemes) else ""

    def _take(self, kind: str) -> _Lexeme | None:
        if self._next() != kind:
            return None
        self.at += 1
        return self.lexemes[self.at - 1]
