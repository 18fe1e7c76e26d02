"""What is wrong with an Elasticsearch cluster, in words, for `dunwatch doctor`.

What only some clusters can tell (a health report, the privileges of a key) is left out where it isn't there.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from elasticsearch import ApiError

from indexer.doctor import Finding, examine
from indexer.settings import ElasticsearchSettings
from indexer.store import elastic_fields as fields
from indexer.store.base import StoreError
from indexer.store.elastic_cluster import Cluster

OLDEST = 9
"""Version of Elasticsearch."""
MOST_SKEW = 30.0
"""Seconds between our clock and a node's."""
TOLD = 5
"""Things of a kind that are named one by one."""
CLUSTER_PRIVILEGES = ("monitor", "manage_index_templates")
INDEX_PRIVILEGES = ("read", "index", "delete", "create_index", "maintenance", "view_index_metadata")
"""What a writer needs on its indices; `migrate` and `retention` need `manage` besides. docs/deploy.md has the roles."""
BLOCKS = {
    "read_only_allow_delete": "the disk was too full: free some space, and it is taken back",
    "write": "closed to writers: where no `dunwatch migrate` runs, run it again",
    "read_only": "set read-only by hand",
    "read": "set unreadable by hand",
    "metadata": "its metadata is blocked by hand",
}


def findings(settings: ElasticsearchSettings) -> Iterator[Finding]:
    """One for each thing looked at; where the cluster can't be asked, why that is, and nothing else."""
    examined = _Examination(settings)
    checks: dict[str, Callable[[], str]] = {
        "cluster": examined.version,
        "cluster: shards": examined.shards,
        "cluster: disk": examined.disk,
        "cluster: clock": examined.clock,
        "cluster: privileges": examined.privileges,
        "index: alias": examined.alias,
        "index: template": examined.template,
        "index: mapping": examined.mapping,
        "index: replicas": examined.replicas,
        "index: writable": examined.blocks,
    }
    for finding in examine(checks):
        yield finding
        if finding.bad and finding.what == "cluster":
            return


class _Examination:
    """Each method looks at one thing: it returns what it saw, or raises StoreError with what is wrong."""

    def __init__(self, settings: ElasticsearchSettings) -> None:
        self.settings = settings
        self.cluster = Cluster(settings)
        self.client = self.cluster.client

    def version(self) -> str:
        with self.cluster.told():
            nodes = self.client.nodes.info(filter_path="nodes.*.version")["nodes"].values()
        versions = sorted({node["version"] for node in nodes}, key=lambda it: [int(part) for part in it.split(".")])
        if int(versions[0].partition(".")[0]) < OLDEST:
            raise StoreError(f"Elasticsearch {versions[0]} is too old: version {OLDEST} or newer is needed")
        return f"Elasticsearch {', '.join(versions)}, {_many(len(nodes), 'node')}"

    def shards(self) -> str:
        """Red or yellow, and why, as the cluster explains the first shard that has no place."""
        with self.cluster.told():
            health = self.client.cluster.health(index=f"{self.cluster.alias}-v*")
            if health["status"] == "green":
                return "green"
            missing = health["unassigned_primary_shards"]
            what = "red: documents can't be found" if missing else "yellow: copies are missing"
            reason = self._unassigned()
        raise StoreError(f"{what}, {_many(health['unassigned_shards'], 'shard')} unassigned{reason}")

    def _unassigned(self) -> str:
        for name in self.cluster.indices():
            for primary in (True, False):
                try:
                    told = self.client.cluster.allocation_explain(index=name, shard=0, primary=primary)
                except ApiError:  # such as for a shard that has its place
                    continue
                if told.get("current_state") == "unassigned":
                    why = told.get("allocate_explanation", "")
                    nodes = told.get("node_allocation_decisions", [])
                    deciders = [it["explanation"] for node in nodes for it in node.get("deciders", [])][:1]
                    return f"; {name}: {' '.join([why, *deciders])}"[:600]
        return ""

    def disk(self) -> str:
        with self.cluster.told():
            try:
                indicators = self.client.health_report(feature="disk")["indicators"]
            except ApiError as error:
                if error.status_code not in (400, 404, 405):
                    raise
                return "can't be told by this cluster"
        disk = indicators["disk"]
        if disk["status"] in ("green", "unknown"):  # a node that has just started doesn't know its disk yet
            return str(disk["symptom"])
        actions = [it["action"] for it in disk.get("diagnosis", [])][:1]
        raise StoreError(" ".join([f"{disk['status']}: {disk['symptom']}", *actions]))

    def clock(self) -> str:
        with self.cluster.told():
            before = time.time()
            nodes = self.client.nodes.stats(metric="process", filter_path="nodes.*.timestamp,nodes.*.name")["nodes"]
            after = time.time()
        skews = {
            it["name"]: max(before - it["timestamp"] / 1e3, it["timestamp"] / 1e3 - after) for it in nodes.values()
        }
        name, skew = max(skews.items(), key=lambda it: it[1])
        if skew > MOST_SKEW:
            raise StoreError(f"{name} is {skew:.0f} seconds off ours: have both keep time (NTP)")
        return "as ours"

    def privileges(self) -> str:
        """What the key or user may not."""
        index = {"names": [f"{self.cluster.alias}*"], "privileges": list(INDEX_PRIVILEGES)}
        with self.cluster.told():
            try:
                told = self.client.security.has_privileges(cluster=list(CLUSTER_PRIVILEGES), index=[index])
            except ApiError as error:
                if error.status_code not in (400, 404, 405):
                    raise
                return "no security here: whoever reaches the cluster may do everything"
        asked = {**told["cluster"], **{name: may for of in told["index"].values() for name, may in of.items()}}
        if lacking := [name for name, may in asked.items() if not may]:
            raise StoreError(f"{told.get('username', 'we')} may not: {', '.join(lacking)}")
        return f"all that {told.get('username', 'a writer')} needs"

    def alias(self) -> str:
        with self.cluster.told():
            led, ours = self.cluster.indices(led=True), self.cluster.indices()
        versions = set(led.values())
        if not led:
            if ours:
                raise StoreError(f"{self.cluster.alias} leads nowhere, but there is {_some(list(ours))}")
            return "no index yet"
        if len(versions) > 1:
            raise StoreError(f"leads to mapping versions {_list(versions)} at once: run `dunwatch migrate`")
        if versions != {fields.VERSION}:
            todo = "run `dunwatch migrate`" if max(versions) < fields.VERSION else "update dunwatch"
            raise StoreError(f"leads to mapping version {_list(versions)}, we write {fields.VERSION}: {todo}")
        if lost := [name for name, version in ours.items() if version == fields.VERSION and name not in led]:
            raise StoreError(f"doesn't lead to {_some(lost)}, which searches therefore don't see")
        old = len(ours) - len(led)
        more = f"; {old} of earlier versions: `dunwatch migrate --drop-old`" if old else ""
        return f"{_many(len(led), 'month')} of mapping version {fields.VERSION}{more}"

    def template(self) -> str:
        name = f"{self.cluster.alias}-v{fields.VERSION}"
        with self.cluster.told():
            found = self.client.options(ignore_status=404).indices.get_index_template(name=name).body
            started = bool(self.cluster.indices())
        if not found.get("index_templates"):
            if started:
                raise StoreError(f"{name} is missing: the next start of a writer puts it back")
            return "not there yet: the first document brings it"
        there = found["index_templates"][0]["index_template"]["template"]
        if differing := _differences(there.get("mappings", {})):
            raise StoreError(
                f"{name} differs from ours in {_some(differing)}: the next start of a writer puts it right"
            )
        return f"{name}, as ours"

    def mapping(self) -> str:
        with self.cluster.told():
            there = self.client.indices.get_mapping(index=self.cluster.index(fields.VERSION)).body
        for name in sorted(there, reverse=True):
            if differing := _differences(there[name]["mappings"]):
                raise StoreError(
                    f"{name} differs from ours in {_some(differing)}: it was changed by another than dunwatch"
                )
        return "as ours"

    def replicas(self) -> str:
        wanted = self.settings.replicas
        with self.cluster.told():
            nodes = self.client.cluster.health()["number_of_data_nodes"]
            pattern = self.cluster.index(fields.VERSION)
            there = self.client.indices.get_settings(index=pattern, name="index.number_of_replicas").body
        counts = {name: int(it["settings"]["index"]["number_of_replicas"]) for name, it in there.items()}
        if wanted >= nodes:
            raise StoreError(
                f"{wanted} configured, but {_many(nodes, 'data node')}: add nodes, or set `elasticsearch: replicas: 0`"
            )
        if few := [name for name, count in counts.items() if count < wanted]:
            raise StoreError(f"{wanted} configured, fewer on {_some(few)}: set index.number_of_replicas there")
        if not wanted and nodes > 1:
            raise StoreError(f"none, on {nodes} data nodes: a node that is lost takes documents with it")
        return f"{wanted} on {_many(nodes, 'data node')}"

    def blocks(self) -> str:
        with self.cluster.told():
            led = self.cluster.indices(led=True)
            there = self.client.indices.get_settings(index=f"{self.cluster.alias}-v*", name="index.blocks.*").body
        for name, it in there.items():
            blocks = it["settings"].get("index", {}).get("blocks", {})
            for block, on in blocks.items():
                if name in led and str(on) == "true":
                    raise StoreError(f"{name} is blocked: {BLOCKS.get(block, block)}")
        return "yes"


def _differences(there: Mapping[str, Any]) -> list[str]:
    """Fields of a mapping that aren't as ours."""
    ours, theirs = _flat(fields.mappings()), _flat(there)
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


def _flat(mapping: Mapping[str, Any], path: str = "") -> dict[str, dict[str, str]]:
    """Field by field, with values as text: Elasticsearch gives a dynamic false back as "false"."""
    kept = {name: str(value).lower() for name, value in mapping.items() if name not in ("properties", "_source")}
    flat = {path or "dynamic": kept}
    for name, field in mapping.get("properties", {}).items():
        flat |= _flat(field, f"{path}.{name}".lstrip("."))
    return flat


def _some(names: list[str]) -> str:
    rest = len(names) - TOLD
    return ", ".join(names[:TOLD]) + (f" and {rest} more" if rest > 0 else "")


def _list(versions: set[int]) -> str:
    return " and ".join(map(str, sorted(versions)))


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
