"""What other programs ask: whether dunwatch is well, and its metrics."""

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from indexer.datadir import DataDir
from indexer.metrics.collector import Metrics
from indexer.spool import Spool
from indexer.store.base import Store


class Probes:
    """Answers for monitors, over a store and the state of a data directory."""

    def __init__(self, store: Store, data: DataDir) -> None:
        self._store, self._data, self._metrics = store, data, Metrics(store, data)

    def healthz(self, request: Request) -> Response:
        """200 where store and state answer; the application answers 503 where one of them doesn't."""
        with self._data.state() as state:
            waiting = Spool(state).depth()
        return JSONResponse({"status": "ok", "documents": self._store.count(), "waiting": waiting})

    def metrics(self, request: Request) -> Response:
        """For Prometheus to scrape."""
        return Response(self._metrics.exposition(), media_type=CONTENT_TYPE_LATEST)
