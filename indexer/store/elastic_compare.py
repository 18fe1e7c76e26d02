"""What differs between the indices of two mapping versions: by walking both in order of id."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from indexer.store.elastic_cluster import Cluster

COMPARED_AT_ONCE = 5_000
KEEP_ALIVE = "10m"
"""How long a point in time lives between two pages: as long as copying a page may take."""

Progress = Callable[[int], None]


class Place(NamedTuple):
    """A document, how often it was written, and the index that has it."""

    id: str
    version: int
    kept_in: str


class Difference(NamedTuple):
    """What must be done so that the new side is as the old one: copy a document of that, remove one of its own."""

    todo: Literal["copy", "remove"]
    place: Place


def differences(cluster: Cluster, old: Iterable[int], new: int, progress: Progress) -> Iterator[Difference]:
    """The new side is looked at first: what it has and the old side hasn't was deleted there meanwhile."""
    with _walk(cluster, {new}) as new_side, _walk(cluster, old) as old_side:
        there = next(new_side, None)
        for here in old_side:
            progress(1)
            while there and there.id < here.id:
                yield Difference("remove", there)
                there = next(new_side, None)
            if not there or there.id > here.id:
                yield Difference("copy", here)
                continue
            if there.version < here.version:
                yield Difference("copy", here)
            elif there.version > here.version:  # deleted here and written again: the next comparison has it copied
                yield Difference("remove", there)
            there = next(new_side, None)
        while there:
            yield Difference("remove", there)
            there = next(new_side, None)


@contextmanager
def _walk(cluster: Cluster, versions: Iterable[int]) -> Iterator[Iterator[Place]]:
    """All documents of these mapping versions as of now, in order of id."""
    wanted = sorted(versions)
    if not any(version in wanted for version in cluster.indices().values()):
        yield iter(())
        return
    names = [cluster.index(version) for version in wanted]
    pit = cluster.client.open_point_in_time(index=names, keep_alive=KEEP_ALIVE)["id"]

    def places() -> Iterator[Place]:
        nonlocal pit
        after: list[Any] | None = None
        while True:
            found = cluster.search(
                pit={"id": pit, "keep_alive": KEEP_ALIVE},
                size=COMPARED_AT_ONCE,
                sort=[{"id": "asc"}],
                search_after=after,
                source=False,
                version=True,
                track_total_hits=False,
            )
            pit, hits = found.get("pit_id", pit), found["hits"]["hits"]
            if not hits:
                return
            after = hits[-1]["sort"]
            yield from (Place(hit["_id"], hit["_version"], hit["_index"]) for hit in hits)

    try:
        yield places()
    finally:
        cluster.client.options(ignore_status=404).close_point_in_time(id=pit)
