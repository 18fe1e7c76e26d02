"""What crawl workers agree on: who crawls which source, how its last crawls went, when a host may be asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from crawler.scheduling.timing import Crawl
from indexer.datadir import DataDir
from indexer.state import State, StateError


class RegisterUnavailable(StateError):
    """The register can't be reached now; the message says why."""


class Register(Protocol):
    """One place for all workers that share their work. `owner` is the data directory that asks; what it takes is its
    own for `lease` seconds.

    Whatever is asked of it raises RegisterUnavailable (or StateError) where it can't be reached.
    """

    owner: str
    lease: float

    def agree(self, key: bytes) -> None:
        """Raises ConfigError where the others have another key: what they queue could not be read."""

    def take(self, source: str) -> bool:
        """Have the source for `lease` seconds from now: False where another data directory has it."""

    def release(self, source: str) -> None:
        """Give the source back; nothing where it isn't ours."""

    def holders(self, sources: Sequence[str]) -> Mapping[str, str]:
        """Those of the sources that somebody has, with who."""

    def crawls(self, sources: Sequence[str]) -> Mapping[str, Sequence[Crawl]]:
        """The last crawls of each source, the newest first."""

    def began(self, source: str, crawl: Crawl) -> None:
        """A crawl of a source that is ours begins."""

    def ended(self, source: str, crawl: Crawl) -> None:
        """It ended, as well or badly as `crawl` says."""

    async def turn(self, host: str, delay: float) -> float:
        """0 where a host (with its port) may be asked now; it is left alone by all for `delay` seconds then. Else the
        seconds after which to try again."""

    def spend(self, source: str, day: str, requests: int = 1) -> int:
        """Count requests of a source on a day; returns how many they are now."""

    def beat(self) -> None:
        """Say that our worker is alive."""

    def alive(self) -> Sequence[str]:
        """The data directories whose workers are."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class Sharing:
    """How workers share their work: in the Redis at an address, with "" in the data directory.

    A source belongs to a worker that died for `lease` seconds after its last sign of life.
    """

    redis: str = ""
    lease: float = 60.0

    def register(self, data: DataDir, state: State | None = None) -> Register:
        """Without a `state` it opens one of its own where it needs one, and has it until it is closed.

        Raises StateError.
        """
        if self.redis:
            from crawler.scheduling.redis_register import RedisRegister

            return RedisRegister(self.redis, data.name(), self.lease)
        from crawler.scheduling.local_register import LocalRegister

        return LocalRegister(state or data.state(), data.name(), self.lease, own=state is None)


ALONE = Sharing()
