"""Writes the table of the Document's fields into docs/fields.md, from the code: `python -m docs.fields`."""

import re
import types
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from indexer.document import Document, LenderMention, Practice, Sentence
from indexer.post import Complaint, Evidence

PAGE = Path(__file__).with_suffix(".md")
BEGIN, END = "<!-- made by docs/fields.py -->\n", "<!-- end -->\n"


def table() -> str:
    """The table, as Markdown, between its two marks."""
    rows = ["| field | type | what |", "|---|---|---|"]
    for name, field in Document.model_fields.items():
        rows.append(f"| `{name}` | {_words(field.annotation)} | {field.description} |")
    for part in (LenderMention, Practice, Sentence, Complaint, Evidence):
        fields = ", ".join(
            f"`{name}` {_words(field.annotation)}" for name, field in part.model_fields.items() if not field.exclude
        )
        rows += ["", f"**{part.__name__}**: {fields}."]
    return BEGIN + "\n".join(rows) + "\n" + END


def _words(kind: Any) -> str:
    """A type in the words of this table."""
    origin, arguments = get_origin(kind), get_args(kind)
    if "AwareDatetime" in str(kind):
        return "date or none" if "Optional" in str(kind) else "date"
    if origin is tuple:
        return f"{_words(arguments[0])}[]"
    if origin in (types.UnionType, Union):
        return " or ".join(_words(argument) for argument in arguments)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.__name__
    if origin is not None and all(isinstance(argument, str) for argument in arguments):
        return " or ".join(f"`{argument}`" for argument in arguments)
    if origin is not None and "Mapping" in str(origin):
        return f"object of {_words(arguments[1])}"
    names = {str: "text", int: "integer", float: "float", bool: "true or false"}
    return names.get(kind, "none" if kind is type(None) else str(kind))


def main() -> None:
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else BEGIN + END
    page = re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: table(), page, flags=re.DOTALL)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
