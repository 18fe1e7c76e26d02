"""Shape: where the posts of a page are and what each of them is made of, as sources.yaml and presets.yaml say it.

In a page of HTML everything is found by CSS (with parsel's ::attr(name) and ::text), in JSON by JMESPath.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

import jmespath
from parsel.csstranslator import HTMLTranslator
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from indexer.post import Kind

Counter = Literal["replies", "likes", "views", "heat", "shares"]


def check_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a valid regular expression: {error}") from None
    return text


def check_css(text: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(text)
    except Exception as error:  # cssselect and parsel have no common ancestor of their errors
        raise ValueError(f"not a valid CSS selector: {error}") from None
    return text


def check_jmespath(text: str) -> str:
    try:
        jmespath.compile(text)
    except jmespath.exceptions.JMESPathError as error:
        raise ValueError(f"not a valid JMESPath expression: {text!r}: {error}") from None
    return text


def _time_format(text: str) -> str:
    if "%Y" not in text or "%d" not in text:
        raise ValueError("expected a format of strptime with at least %Y and %d")
    datetime(2026, 1, 2).strftime(text)
    return text


Pattern = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(check_pattern)]
Css = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(check_css)]
JmesPath = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(check_jmespath)]
Expression = Annotated[str, Field(min_length=1, max_length=500)]
"""CSS or JMESPath, by the format of the page."""
Template = Annotated[str, Field(min_length=1, max_length=500)]
"""An address, whole or relative, in which {expression} stands for what JMESPath finds in an item or an answer."""
TimeFormat = Annotated[str, Field(max_length=60), AfterValidator(_time_format)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rewrite(_Part):
    """Makes one address of another: `find` is a regular expression, `put` what stands there instead."""

    find: Pattern
    put: str = ""


class ComplaintParts(_Part):
    """The life of a complaint; each an expression."""

    status: Expression | None = None
    amount: Expression | None = None
    demand: Expression | None = None
    merchant: Expression | None = None
    replied_at: Expression | None = None
    completed_at: Expression | None = None
    reopened: Expression | None = None
    """What is there only where a complaint was reopened; in JSON what is true then."""

    def given(self) -> Mapping[str, str]:
        return self.model_dump(exclude_none=True)


class Items(_Part):
    """Posts on a page. `each` finds what holds one; the other expressions are asked of that."""

    each: Expression
    kind: Kind | None = None
    """Left out, the first post of a thread is a post and the others are replies."""
    id: Expression | None = None
    """What tells a post from the others of its thread; the floor where there is none."""
    url: Expression | None = None
    """Its own address; left out, it is part of the page's."""
    title: Expression | None = None
    text: Expression
    author: Expression | None = None
    time: Expression | None = None
    """The first that is a time counts."""
    floor: Expression | None = None
    """Counted where the page gives none."""
    counts: Mapping[Counter, Expression] = Field(default_factory=dict)
    complaint: ComplaintParts | None = None
    drop: Css | None = None
    """What is no word of the author's within the text: quotes of other replies, notes of edits."""

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Every expression that is asked of the page's own format, by its key."""
        for key in ("each", "id", "url", "title", "text", "author", "time", "floor"):
            if written := getattr(self, key):
                yield key, written
        yield from self.counts.items()
        yield from self.complaint.given().items() if self.complaint else ()


class Paging(_Part):
    """How a page leads to the next one of its kind."""

    format: Literal["html", "json"] = "html"
    next: Expression | None = None
    """The link to the next page, or what holds it; in JSON its address."""
    next_query: Mapping[str, Template] = Field(default_factory=dict)
    """JSON: parameters of the query that make the next address: {page} is the number that the page's own address has,
    plus 1; {offset} the same plus the items on the page; {expression} what is found in the whole answer."""
    more: JmesPath | None = None
    """JSON: what is true or not empty where there is a next page; left out, a page with items may have one."""

    def expressions(self) -> Iterator[tuple[str, str]]:
        if self.next:
            yield "next", self.next

    @model_validator(mode="after")
    def _expressions_fit_the_format(self) -> "Paging":
        check = check_css if self.format == "html" else check_jmespath
        for key, written in self.expressions():
            try:
                check(written)
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None
        return self


class PageShape(Paging):
    """A page that holds posts: a thread, a complaint, a timeline."""

    title: Expression | None = None
    """Of the whole page, for posts that have none of their own."""
    items: Items
    replies: Items | None = None
    """Posts of a second shape on the same page, such as the answer of the one who is complained about."""
    address: Template | None = None
    """JSON: the address of the page for people, from the whole answer; left out, that which was fetched."""
    floors: Mapping[str, int] = Field(default_factory=dict)
    """Floors that have names: 沙发 is 2."""
    time_formats: tuple[TimeFormat, ...] = ()
    """Formats of strptime, for times that no Chinese page writes."""
    jsonapi: bool = False
    """JSON:API (jsonapi.org): what a relationship points to among `included` is put in its place."""

    def expressions(self) -> Iterator[tuple[str, str]]:
        yield from super().expressions()
        if self.title:
            yield "title", self.title
        for name, items in (("items", self.items), ("replies", self.replies)):
            for key, written in items.expressions() if items else ():
                yield f"{name}.{key}", written


class ListShape(Paging):
    """A list in JSON that leads to pages."""

    format: Literal["json"] = "json"
    each: JmesPath
    link: Template
    """The address of an item's page."""
