"""The description of the API: what FastAPI makes of the code, with our errors and how to log in."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from indexer.web.problem import TYPE, Problem

ERRORS = {
    "400": "Something in the request is wrong",
    "401": "No token, or one that is not valid (any more)",
    "403": "The token's role may not do this",
    "404": "There is no such thing",
    "413": "The body is too long",
    "503": "The index or the state can't be reached now",
}
USUAL = ("400", "401", "503")
"""What any request may be answered; the others are told where they may happen."""


def described(api: FastAPI) -> None:
    """Have the application describe itself so."""

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            made = get_openapi(
                title=api.title, version=api.version, summary=api.summary, routes=api.routes, servers=api.servers
            )
            _complete(made)
            api.openapi_schema = made
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]


def _complete(made: dict[str, Any]) -> None:
    parts = made["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    parts["schemas"]["Problem"] = Problem.model_json_schema()
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "Made by `dunwatch tokens add`"}
    }
    made["security"] = [{"token": []}, {}]  # {}: a browser that is logged in, or a page without users
    for path, operations in made["paths"].items():
        for method, it in operations.items():
            it["responses"].pop("422", None)
            codes = [*USUAL, *(["404"] if "{id}" in path else []), *(["403", "413"] if method == "put" else [])]
            content = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            it["responses"] |= {code: {"description": ERRORS[code], "content": content} for code in codes}
