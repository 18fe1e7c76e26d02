"""What went wrong, as programs read it: problem+json (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel, Field
from starlette.responses import Response

TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong."""

    type: str = Field(default="about:blank", description="Always about:blank: the status says it")
    title: str = Field(description="The name of the status")
    status: int = Field(description="The status of HTTP")
    detail: str = Field(description="What is wrong, in Chinese")


def problem(status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    told = Problem(title=status.phrase, status=status.value, detail=detail).model_dump()
    return Response(json.dumps(told, ensure_ascii=False), status, headers, media_type=TYPE)
