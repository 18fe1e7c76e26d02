"""What Prometheus is told, read from state and store at each scrape, so that all processes count."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import inf

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from indexer.alerts.messages.outbox import Outbox
from indexer.datadir import DataDir
from indexer.metrics.crawls import Crawls
from indexer.metrics.histogram import ANALYSIS, LAG, Histogram, histograms
from indexer.sources.drifts import open_drifts
from indexer.spool import Spool
from indexer.state import State
from indexer.store.base import Store, StoreError

COUNTED = {
    "posts": "Posts that were new or changed",
    "rejected": "Pages and posts that could not be read",
    "robots": "Addresses that robots.txt forbids",
    "deleted": "Posts that were found to be gone",
    "dropped": "Pages that went, or links left out, as more are known of a source than may be",
}
_FETCHED = {"pages": "changed", "unchanged": "unchanged", "errors": "error"}


class Metrics(Collector):
    """Metrics of a data directory and its store. Made once; `exposition` may be called by any thread."""

    def __init__(self, store: Store, data: DataDir) -> None:
        self._store, self._data, self._crawls = store, data, Crawls()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format. Raises StateError."""
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """Nothing in advance: names are in `collect` alone."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        yield from self._of_the_store()
        with self._data.state() as state:
            yield from self._of_crawls(state)
            yield from _of_the_queue(state)
            yield from _of_the_analysis(state)
            yield from _of_alerts(state)

    def _of_the_store(self) -> Iterator[Metric]:
        try:
            documents: int | None = self._store.count()
        except StoreError:
            documents = None
        yield GaugeMetricFamily("dunwatch_store_up", "1 where the store answers", value=documents is not None)
        if documents is not None:
            yield GaugeMetricFamily("dunwatch_documents", "Documents in the store", value=documents)

    def _of_crawls(self, state: State) -> Iterator[Metric]:
        totals = self._crawls.totals(state)
        fetches = CounterMetricFamily("dunwatch_fetches", "Pages asked for", labels=["source", "outcome"])
        received = CounterMetricFamily("dunwatch_received_bytes", "Bytes of pages", labels=["source"])
        errors = CounterMetricFamily("dunwatch_errors", "Pages that could not be fetched", labels=["source", "kind"])
        crawls = CounterMetricFamily("dunwatch_crawls", "Crawls by how they ended", labels=["source", "outcome"])
        others = {
            name: CounterMetricFamily(f"dunwatch_{name}", said, labels=["source"]) for name, said in COUNTED.items()
        }
        for source, counts in totals.counts.items():
            for name, outcome in _FETCHED.items():
                fetches.add_metric([source, outcome], counts[name])
            for name, family in others.items():
                family.add_metric([source], counts[name])
            received.add_metric([source], counts["bytes"])
            for name, count in counts.items():
                if name.startswith("errors."):
                    errors.add_metric([source, name.partition(".")[2]], count)
        for source, outcomes in totals.outcomes.items():
            for outcome, count in outcomes.items():
                crawls.add_metric([source, outcome], count)
        yield from (fetches, received, errors, crawls, *others.values())
        last = GaugeMetricFamily("dunwatch_last_crawl_timestamp_seconds", "Begin of the last crawl", labels=["source"])
        drift = GaugeMetricFamily("dunwatch_drift", "1 where a source gives less than it used to", labels=["source"])
        drifting = {it.source for it in open_drifts(state)}
        for source, started in state.db.execute("select source, max(started_at) from run group by source"):
            last.add_metric([source], datetime.fromisoformat(started).timestamp())
            drift.add_metric([source], source in drifting)
        yield from (last, drift)


def _of_the_queue(state: State) -> Iterator[Metric]:
    yield GaugeMetricFamily("dunwatch_spool_depth", "Posts that wait for the index", value=Spool(state).depth())


def _of_the_analysis(state: State) -> Iterator[Metric]:
    steps = HistogramMetricFamily("dunwatch_analysis_seconds", "Time of a step for a document", labels=["step"])
    for it in histograms(state, ANALYSIS):
        steps.add_metric([it.label], _cumulative(it), it.total)
    lag = HistogramMetricFamily("dunwatch_publish_to_index_seconds", "From published to searchable", labels=["source"])
    for it in histograms(state, LAG):
        lag.add_metric([it.label], _cumulative(it), it.total)
    yield from (steps, lag)


def _of_alerts(state: State) -> Iterator[Metric]:
    outbox = Outbox(state).status()
    messages = GaugeMetricFamily("dunwatch_outbox_messages", "Messages by status", labels=["status"])
    for status, count in (("waiting", outbox.waiting), ("sent", outbox.sent), ("failed", outbox.failed)):
        messages.add_metric([status], count)
    waits = (datetime.now(UTC) - outbox.oldest).total_seconds() if outbox.oldest else 0
    alerts = GaugeMetricFamily("dunwatch_alerts", "Alerts by state", labels=["state"])
    there = dict(state.db.execute("select state, count(*) from alert group by state").fetchall())
    for step in ("open", "eased", "closed"):
        alerts.add_metric([step], there.get(step, 0))
    oldest = GaugeMetricFamily("dunwatch_outbox_oldest_seconds", "Age of the oldest message that waits", value=waits)
    yield from (messages, oldest, alerts)


def _cumulative(it: Histogram) -> list[tuple[str, float]]:
    """Buckets as Prometheus has them: each with all that lies below it."""
    reached, buckets = 0, []
    for bound, count in sorted(it.buckets.items()):
        reached += count
        buckets.append(("+Inf" if bound == inf else str(bound), float(reached)))
    return buckets
