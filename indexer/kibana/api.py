"""Kibana's HTTP interface: importing saved objects."""

import json
import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

TIMEOUT = urllib3.Timeout(connect=10, read=120)
"""Seconds."""
SPACE = re.compile(r"[a-z0-9_-]{1,64}")
WHOLE = {"conflict", "ambiguous_conflict", "missing_references"}
"""What Kibana finds before it begins: then it takes nothing at all."""
FEW = 20
"""Objects that a message names one by one."""


class KibanaError(Exception):
    """Kibana didn't import; the message says why and what to do."""


@dataclass(frozen=True)
class Kibana:
    """Where a Kibana is, with its base path if it has one. TLS is verified, by `ca_file` where it is given.

    Who asks is in the environment: DUNWATCH_KIBANA_API_KEY, or DUNWATCH_KIBANA_USER and DUNWATCH_KIBANA_PASSWORD.
    """

    url: str
    space: str = ""
    ca_file: Path | None = None

    def load(self, objects: bytes, *, overwrite: bool) -> int:
        """Import saved objects (NDJSON) and return how many. Raises KibanaError where not all of them are in.

        Without `overwrite` Kibana refuses when an object is there already.
        """
        space = f"/s/{self.space}" if self.space else ""
        where = f"{self.url.rstrip('/')}{space}/api/saved_objects/_import"
        answer = self._post(f"{where}?overwrite=true" if overwrite else where, objects)
        if answer.get("success") is not True:
            raise KibanaError("\n  ".join(_complaints(answer.get("errors") or [])))
        return int(answer.get("successCount", 0))

    def _post(self, where: str, file: bytes) -> dict[str, Any]:
        ca_certs = str(self.ca_file) if self.ca_file else None
        # Without retries no redirect is followed either: credentials go where they were meant to go.
        try:
            with urllib3.PoolManager(ca_certs=ca_certs, timeout=TIMEOUT, retries=False) as pool:
                answer = pool.request(
                    "POST",
                    where,
                    fields={"file": ("dunwatch.ndjson", file, "application/ndjson")},
                    headers={"kbn-xsrf": "true", **_authorization(os.environ)},
                )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise KibanaError(f"{self.url} can't be reached: {error}") from error
        if answer.status != 200:
            raise KibanaError(f"{self.url}: {_refusal(answer.status, answer.data)}")
        return _object(answer.data)


def _authorization(environment: Mapping[str, str]) -> dict[str, str]:
    if key := environment.get("DUNWATCH_KIBANA_API_KEY"):
        return {"Authorization": f"ApiKey {key}"}
    if user := environment.get("DUNWATCH_KIBANA_USER"):
        pair = f"{user}:{environment.get('DUNWATCH_KIBANA_PASSWORD', '')}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    return {}


def _refusal(status: int, body: bytes) -> str:
    try:
        told = " ".join(str(_object(body).get("message", "")).split())[:300]
    except KibanaError:
        told = ""
    advice = {
        401: "set DUNWATCH_KIBANA_API_KEY, or DUNWATCH_KIBANA_USER and DUNWATCH_KIBANA_PASSWORD",
        403: "this key or user may not manage saved objects in this space",
        404: "no Kibana there, or no such space",
        413: "Kibana's savedObjects.maxImportPayloadBytes is too small",
    }
    if 300 <= status < 400:
        advice[status] = "it sends elsewhere: give the address that Kibana itself has, with its base path"
    return ": ".join(filter(None, [f"answered {status}", advice.get(status, ""), told]))


def _complaints(errors: list[Any]) -> Iterator[str]:
    """What became of the whole, and a line for each object that Kibana refused."""
    kinds = {(it.get("error") or {}).get("type") for it in errors}
    yield "nothing was imported:" if kinds <= WHOLE else "not everything was imported:"
    for it in errors[:FEW]:
        reason = it.get("error") or {}
        title = (it.get("meta") or {}).get("title") or it.get("title") or ""
        what = f"{it.get('type')} {it.get('id')} {title}".rstrip()
        match reason.get("type"):
            case "conflict" | "ambiguous_conflict":
                yield f"{what}: there already; --overwrite replaces it"
            case "missing_references":
                lacks = ", ".join(f"{lack.get('type')} {lack.get('id')}" for lack in reason.get("references") or [])
                yield f"{what}: refers to what isn't there: {lacks}"
            case "unsupported_type":
                yield f"{what}: this Kibana doesn't know the type"
            case kind:
                yield f"{what}: {reason.get('message') or kind or 'no reason given'}"
    if len(errors) > FEW:
        yield f"and {len(errors) - FEW} more"


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise KibanaError(f"that is no Kibana: it answered {body[:80].decode(errors='replace')!r}")
    return answer
