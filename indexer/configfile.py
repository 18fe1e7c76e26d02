"""Reads a YAML file into a checked model; what is wrong is said with file, line, key and what was expected."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, PlainSerializer, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Model = TypeVar("Model", bound=BaseModel)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


SECRET = "secret"
"""Type of a pydantic error (PydanticCustomError) whose input is not repeated in the message."""


class ConfigError(Exception):
    """Configuration that can't be used. The message is for the person who edits the file."""


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([1-9]\d{0,4})\s*([mhd])", str(value).strip())
    if not found:
        raise ValueError("expected a time such as 30m, 2h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _written(duration: timedelta) -> str:
    minutes = duration // timedelta(minutes=1)
    return next(f"{minutes // size}{unit}" for unit, size in (("d", 1440), ("h", 60), ("m", 1)) if not minutes % size)


Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(_written, when_used="json")]
"""A time as people write it: 30m, 2h, 1d."""


def load(path: Path, model: type[Model], context: Any = None) -> Model:
    """The file as a `model`, whose validators get `context`.

    Raises ConfigError naming file, line, key and expectation for each mistake.
    """
    try:
        tree = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: can't be read: {error}") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise ConfigError(f"{path}{line}: not valid YAML: {error.problem or error.context}") from None
    except YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from None
    try:
        return model.model_validate(_plain(tree) if tree is not None else {}, context=context)
    except ValidationError as error:
        complaints = sorted({_complaint(tree, problem) for problem in error.errors()})
        raise ConfigError("\n".join(f"{path}:{line}: {text}" for line, text in complaints)) from None


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return node


def _complaint(tree: Any, problem: Any) -> tuple[int, str]:
    """Line and words of one mistake."""
    line, key, node = 1, "", tree
    last = len(problem["loc"]) - 1
    for number, step in enumerate(problem["loc"]):
        try:
            if isinstance(node, CommentedMap):
                if step not in node and number < last:
                    continue  # the branch of a union, which the file doesn't name
                line = (node.lc.key(step) if step in node else (node.lc.line, 0))[0] + 1
                node = node.get(step)
            elif isinstance(node, CommentedSeq) and isinstance(step, int):
                line = node.lc.item(step)[0] + 1
                node = node[step]
            else:
                continue  # a step into the model that the file doesn't have, such as a union's branch
        except (KeyError, IndexError, TypeError, AttributeError):
            pass
        key += f"[{step}]" if isinstance(step, int) else f".{step}"
    expected = problem["msg"].removeprefix("Value error, ")
    found = problem.get("input")
    given = f", found {found!r}" if isinstance(found, str | int | float | bool) else ""
    if problem["type"] == SECRET:
        given = ""
    if problem["type"] == "extra_forbidden":
        expected, given = "unknown key", ""
    return line, f"{key.lstrip('.') or 'the file'}: {expected}{given}"
