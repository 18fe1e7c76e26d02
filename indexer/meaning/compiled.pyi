from collections.abc import Mapping

from indexer.meaning.tables import Tables

class Decoder:
    def __init__(self, tables: Tables) -> None: ...
    def segment(self, text: str) -> list[str]: ...

def add_up(
    words: list[str],
    logs: Mapping[str, tuple[float, float] | None],
    unseen: tuple[float, float],
    start: tuple[float, float],
    with_pairs: bool = False,
) -> tuple[int, float, float]: ...
