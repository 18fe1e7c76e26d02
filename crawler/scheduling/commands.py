"""`dunwatch run`, `schedule` and `worker`: crawls that run when they are due, on one machine or on many."""

import logging
from contextlib import ExitStack, closing

import click

from crawler.scheduling.register import Sharing
from indexer.commands import Failure, Place, command
from indexer.settings import Settings

log = logging.getLogger("dunwatch")


def sharing(settings: Settings) -> Sharing:
    """How workers share their work, by config/dunwatch.yaml and the environment. Raises ConfigError."""
    return Sharing(settings.redis_url(), settings.lease)


def alive(place: Place) -> str:
    """The workers that share the work, in words. Raises StateError, ConfigError."""
    if not place.settings.redis_url():
        return "one machine: no Redis is configured"
    with closing(sharing(place.settings).register(place.data)) as register:
        return f"{len(register.alive())} gave a sign of life to Redis in the last {place.settings.lease:.0f} s"


@command
@click.option("--once", is_flag=True, help="Stop when the job is done.")
def run(place: Place, once: bool) -> None:
    """The main job: crawl what is due, understand and index it, look for spikes, serve the web page."""
    from crawler.schedule import PAUSE, watched
    from crawler.scheduling.ticking import ticking
    from crawler.scheduling.working import working
    from indexer import processes

    stop = processes.stop_on_signals()
    with ExitStack() as stack:
        stack.enter_context(place.alone())
        sources = stack.enter_context(watched(place.config, place.data.path))
        state = stack.enter_context(place.data.state())
        if not once:
            stack.enter_context(processes.part(processes.command("serve", config=place.config, data=place.data.path)))
            stack.enter_context(
                processes.part(processes.command("alerts", "watch", config=place.config, data=place.data.path))
            )
        work = stack.enter_context(working(place, sharing(place.settings), sources, state, stop))
        schedule = stack.enter_context(ticking(place, sharing(place.settings), sources, state))
        if once:
            mine = [name for name, owner in schedule.tick().items() if owner == place.data.name()]
            work.finish(mine)
            processes.run(processes.command("alerts", "watch", "--once", config=place.config, data=place.data.path))
            if any(work.worker.codes.get(name) for name in mine):
                raise Failure("the crawl failed; what it had fetched is indexed")
            return
        while not stop.is_set():
            schedule.tick()
            work.index_for(PAUSE)


@command
@click.option("--once", is_flag=True, help="Look once, as from cron.")
def schedule(place: Place, once: bool) -> None:
    """Put crawls on the queue when they are due, for workers to take."""
    from crawler.schedule import PAUSE, watched
    from crawler.scheduling.ticking import ticking
    from indexer.processes import stop_on_signals

    stop = stop_on_signals()
    with (
        watched(place.config, place.data.path, demo=False) as sources,
        place.data.state() as state,
        ticking(place, sharing(place.settings), sources, state) as it,
    ):
        it.tick()
        while not once and not stop.wait(PAUSE):
            it.tick()


@command
def worker(place: Place) -> None:
    """Take crawls from the queue, and understand and index what they find. Any number of machines may have one."""
    from crawler.schedule import PAUSE, watched
    from crawler.scheduling.working import working
    from indexer.processes import stop_on_signals

    stop = stop_on_signals()
    with (
        place.alone(),
        watched(place.config, place.data.path, demo=False) as sources,
        place.data.state() as state,
        working(place, sharing(place.settings), sources, state, stop) as work,
    ):
        log.info("worker %s: %d crawls at a time", place.data.name(), place.settings.crawls)
        while not stop.is_set():
            work.index_for(PAUSE)
