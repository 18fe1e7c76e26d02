from collections.abc import Iterable, Mapping

from indexer.meaning.tables import Tables

class Decoder:
    def __init__(self, tables: Tables) -> None: ...
    def segment(self, text: str) -> list[str]: ...

def add_up(
    words: Iterable[str],
    logs: Mapping[str, tuple[float, float] | None],
    unseen: tuple[float, float],
    start: tuple[float, float],
) -> tuple[int, float, float]: ...
