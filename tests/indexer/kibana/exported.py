"""What `dunwatch kibana export` gives, taken apart."""

import json
from dataclasses import dataclass
from typing import Any

from indexer.kibana.dashboards import ALL
from indexer.kibana.objects import ndjson

WEB = "https://watch.example.com/dun/"


def objects(prefix: str = "dunwatch") -> list[dict[str, Any]]:
    return [json.loads(line) for line in ndjson(ALL, prefix, WEB).decode().splitlines()]


def of_type(name: str, prefix: str = "dunwatch") -> list[dict[str, Any]]:
    return [it for it in objects(prefix) if it["type"] == name]


@dataclass(frozen=True)
class Panel:
    """A panel of a dashboard; `view` is the id of the data view that a Lens panel counts in."""

    dashboard: str
    json: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.json["title"])

    @property
    def lens(self) -> dict[str, Any]:
        attributes: dict[str, Any] = self.json["embeddableConfig"]["attributes"]
        return attributes

    @property
    def view(self) -> str:
        return str(self.lens["references"][0]["id"])

    @property
    def columns(self) -> dict[str, dict[str, Any]]:
        """In the order in which they nest."""
        (layer,) = self.lens["state"]["datasourceStates"]["formBased"]["layers"].values()
        return {id: layer["columns"][id] for id in layer["columnOrder"]}

    @property
    def buckets(self) -> dict[str, dict[str, Any]]:
        return {id: column for id, column in self.columns.items() if column["isBucketed"]}

    @property
    def metrics(self) -> dict[str, dict[str, Any]]:
        return {id: column for id, column in self.columns.items() if not column["isBucketed"]}

    def __str__(self) -> str:
        return f"{self.dashboard}-{self.title}"


def panels(kind: str, prefix: str = "dunwatch") -> list[Panel]:
    return [
        Panel(it["attributes"]["title"], panel)
        for it in of_type("dashboard", prefix)
        for panel in json.loads(it["attributes"]["panelsJSON"])
        if panel["type"] == kind
    ]
