"""The page that explains the API: its description in OpenAPI, laid out for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from indexer.web.pages import Pages


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address or a field of a body."""

    name: str
    where: str
    type: str
    needed: bool
    told: str


@dataclass(frozen=True)
class Operation:
    """What can be asked for at an address."""

    method: str
    path: str
    told: str
    parameters: tuple[Parameter, ...]
    answer: str
    errors: tuple[str, ...]


class ApiDocs:
    """Shows the description of an API."""

    def __init__(self, api: FastAPI, pages: Pages) -> None:
        self._api, self._pages = api, pages

    def show(self, request: Request) -> Response:
        made = self._api.openapi()
        shapes = made["components"]["schemas"]
        found = [
            _operation(method, path, it, shapes)
            for path, operations in made["paths"].items()
            for method, it in operations.items()
        ]
        models = {
            name: _fields(shape, "")
            for name, shape in shapes.items()
            if shape.get("type") == "object" and "properties" in shape
        }
        return self._pages.show("apidocs", operations=found, models=models)


def _operation(method: str, path: str, it: Mapping[str, Any], shapes: Mapping[str, Any]) -> Operation:
    parameters = tuple(
        Parameter(
            given["name"],
            given["in"],
            _type(given["schema"]),
            given.get("required", False),
            given.get("description", ""),
        )
        for given in it.get("parameters", ())
    )
    if body := it.get("requestBody"):
        name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        parameters += _fields(shapes[name], "body")
    answer = _type(it["responses"]["200"]["content"]["application/json"]["schema"])
    errors = tuple(code for code in it["responses"] if code >= "400")
    return Operation(method.upper(), f"/api{path}", it.get("description", ""), parameters, answer, errors)


def _fields(shape: Mapping[str, Any], where: str) -> tuple[Parameter, ...]:
    needed = shape.get("required", ())
    return tuple(
        Parameter(name, where, _type(field), name in needed, field.get("description", ""))
        for name, field in shape["properties"].items()
    )


def _type(schema: Mapping[str, Any]) -> str:
    """A type in few words: `string[]`, `Hit[]`, `integer | null`, `a · b`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_type(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " · ".join(map(str, schema["enum"]))
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"{_type(schema.get('items', {}))}[]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"{{name: {_type(schema['additionalProperties'])}}}"
    return str(schema.get("format", kind)) if kind == "string" else kind
