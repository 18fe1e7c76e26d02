"""To the next mapping version: every document is copied into new indices, then the alias is switched to them.

Searches see the old indices until the switch and the new ones from then on; there is no moment between. Writers go on
while documents are copied; for the last pass their indices are closed to them, and what they have waits in their
spools. Killed at any point, the next run compares both sides by id and document version and goes on with what is
missing. Copies keep the version that Elasticsearch counts for each document, so that several runs don't disturb one
another.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from pydantic import ValidationError

from indexer.settings import ElasticsearchSettings
from indexer.store import elastic_bulk as bulk
from indexer.store import elastic_fields as fields
from indexer.store.base import StoreError, month
from indexer.store.elastic_cluster import Cluster
from indexer.store.elastic_compare import Difference, Progress, differences

COPIED_AT_ONCE = 500


@dataclass
class Moved:
    """What a migration did, or with a dry run would do; `refused` are ids that the new mapping won't take, and why."""

    copied: int = 0
    removed: int = 0
    refused: dict[str, str] = field(default_factory=dict)

    def and_then(self, more: "Moved") -> "Moved":
        return Moved(self.copied + more.copied, self.removed + more.removed, self.refused | more.refused)


class Migration:
    """From the versions that the alias leads to (`old`) to `version`. Raises StoreError."""

    def __init__(self, settings: ElasticsearchSettings, *, version: int = fields.VERSION) -> None:
        self.cluster, self.version = Cluster(settings), version
        self.client = self.cluster.client
        with self.cluster.told():
            led = self.cluster.versions()
        if max(led, default=0) > version:
            raise StoreError(
                f"{self.cluster.alias} has mapping version {max(led)}, newer than {version}: update dunwatch"
            )
        self.old = led - {version}
        self.shared = version in led
        """The alias leads to the new version as well: there may be documents of its own, and newer ones."""
        self._made = set[str]()

    def documents(self) -> int:
        """How many the old indices hold."""
        with self.cluster.told():
            return int(self.client.count(index=self._patterns(self.old))["count"]) if self.old else 0

    def compare(self, progress: Progress) -> Moved:
        """What is left to do; changes nothing."""
        moved = Moved()
        with self.cluster.told():
            for todo, _ in self._differences(progress):
                moved.copied += todo == "copy"
                moved.removed += todo == "remove"
        return moved

    def run(self, progress: Progress) -> Moved:
        """Copy and switch. Where the new mapping refuses a document nothing is switched."""
        with self.cluster.told():
            self.cluster.put_template(self.version, led=self.shared)
            moved = self._pass(progress)  # writers go on
            switched = False
            try:
                while not moved.refused and not switched:
                    old = self._close_to_writers()
                    more = self._pass(lambda done: None)
                    moved = moved.and_then(more)
                    if more == Moved() and self._of(self.old) == old:  # else a writer has just begun a month
                        self._switch(old)
                        switched = True
            finally:
                if not switched:
                    self._open_to_writers()
            if switched:
                self.cluster.put_template(self.version)
        return moved

    def leftovers(self) -> list[str]:
        """Indices of earlier versions that the alias doesn't lead to any more."""
        with self.cluster.told():
            led = self.cluster.indices(led=True)
            if set(led.values()) != {self.version}:
                return []
            return [name for name, version in self.cluster.indices().items() if version < self.version]

    def drop_old(self) -> list[str]:
        """Delete the leftovers; returns their names."""
        names = self.leftovers()
        with self.cluster.told():
            for name in names:
                self.client.indices.delete(index=name)
            for version in {parts[0] for name in names if (parts := self.cluster.parts(name))}:
                self.cluster.drop_template(version)
        return names

    def close(self) -> None:
        self.cluster.close()

    def _of(self, versions: Iterable[int]) -> list[str]:
        return [name for name, version in self.cluster.indices().items() if version in versions]

    def _patterns(self, versions: Iterable[int]) -> list[str]:
        return [self.cluster.index(version) for version in sorted(versions)]

    def _pass(self, progress: Progress) -> Moved:
        """Make the new side as the old one is now."""
        self.client.indices.refresh(index=self._patterns({*self.old, self.version}))
        moved = Moved()
        refused = bulk.send(self.client, self._actions(self._differences(progress), moved))
        moved.refused |= {id: reason for id, reason in refused.items() if not reason.startswith(bulk.OUTDATED)}
        self.client.indices.refresh(index=self._patterns({self.version}))
        return moved

    def _actions(self, wanted: Iterator[Difference], moved: Moved) -> Iterator[bulk.Action]:
        while batch := list(islice(wanted, COPIED_AT_ONCE)):
            for todo, place in batch:
                if todo == "remove":
                    moved.removed += 1
                    yield bulk.delete(place.kept_in, place.id)
            there = [{"_index": place.kept_in, "_id": place.id} for todo, place in batch if todo == "copy"]
            for found in self.client.mget(docs=there)["docs"] if there else []:
                if not found.get("found"):
                    continue  # deleted meanwhile
                try:
                    document = fields.decode(found["_source"])
                except (ValidationError, KeyError) as error:
                    moved.refused[found["_id"]] = f"{type(error).__name__}: {error}"
                    continue
                moved.copied += 1
                yield bulk.index(
                    self._index(month(document)), document.id, fields.encode(document), version=found["_version"]
                )

    def _index(self, month: str) -> str:
        name = self.cluster.index(self.version, month)
        if name not in self._made:
            self.cluster.make(name)
            self._made.add(name)
        return name

    def _differences(self, progress: Progress) -> Iterator[Difference]:
        for it in differences(self.cluster, self.old, self.version, progress):
            if it.todo == "copy" or not self.shared:
                yield it

    def _close_to_writers(self) -> list[str]:
        """Nothing is written to the old indices any more; returns their names."""
        old = self._of(self.old)
        for name in old:
            self.client.indices.add_block(index=name, block="write")  # returns when what was under way is done
        return old

    def _open_to_writers(self) -> None:
        for name in self._of(self.old):
            self.client.indices.put_settings(index=name, settings={"index.blocks.write": None})

    def _switch(self, old: list[str]) -> None:
        """At one moment for all."""
        alias = self.cluster.alias
        gone = [{"remove": {"index": name, "alias": alias, "must_exist": False}} for name in old]
        come = [{"add": {"index": name, "alias": alias}} for name in self._of({self.version})]
        self.client.indices.update_aliases(actions=[*gone, *come])
