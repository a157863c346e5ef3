"""Numbers for whoever hosts it, in Prometheus' format: how much waits, trains and has ended. Nothing about any visitor.

Closed unless the host has set a token (metrics_token); whoever asks has to send it: `Authorization: Bearer TOKEN`.
"""

import hmac
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as TEXT
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.kinds import SettingsError
from core.runs import Runs
from serving.life import runs

LIVE, ENDED = ("queued", "training"), ("done", "failed", "stopped")


class Tabs:
    """Counts the tabs that are open: each has one websocket."""

    def __init__(self) -> None:
        self.open = 0

    def counting(self, app: ASGIApp) -> ASGIApp:
        """The same application, whose websockets are counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            self.open += scope["type"] == "websocket"
            try:
                await app(scope, receive, send)
            finally:
                self.open -= scope["type"] == "websocket"

        return counted


class Numbers(Collector):
    """What is known of the runs at the moment in which somebody asks."""

    def __init__(self, runs: Callable[[], Runs], tabs: Tabs):
        self.runs, self.tabs = runs, tabs

    def collect(self) -> Iterator[Metric]:
        found = self.runs()
        live = [run for run in found.known() if run.live]
        statuses = Counter(run.status for run in live)
        paces = [run.images_per_second or 0.0 for run in live if run.status == "training"]

        now = GaugeMetricFamily("digit_lab_runs", "Runs that wait for a worker, and that train", labels=["status"])
        for status in LIVE:
            now.add_metric([status], statuses[status])
        ended = CounterMetricFamily(
            "digit_lab_runs_ended", "Runs that came to their end, good or bad", labels=["status"]
        )
        for status in ENDED:
            ended.add_metric([status], found.ended[status])
        yield from (now, ended)
        yield GaugeMetricFamily(
            "digit_lab_images_per_second", "Images that all runs in training learn from", sum(paces)
        )
        yield CounterMetricFamily("digit_lab_failed_saves", "Saves for which there was no room", found.failed_saves)
        if found.mirror is not None:
            used = not found.mirror.trouble
            yield GaugeMetricFamily("digit_lab_mirror", "Whether the mirror can be used: 1, or 0", used)
        yield GaugeMetricFamily("digit_lab_workers", "Workers that are there", len(found.crew.workers))
        yield GaugeMetricFamily("digit_lab_tabs", "Tabs that are connected", self.tabs.open)


def route(tabs: Tabs) -> Route:
    """Where the numbers are to be had."""
    registry = CollectorRegistry()
    registry.register(Numbers(runs, tabs))
    ProcessCollector(registry=registry)  # memory, processor and files of the server's own process; on Linux

    def metrics(request: Request) -> Response:
        sent, token = request.headers.get("authorization", ""), ""
        with suppress(SettingsError):  # which every page says
            token = runs().hosting.metrics_token
        if not token:
            return PlainTextResponse("Not found.", 404)
        if not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
            return PlainTextResponse("Who asks?", 401, {"WWW-Authenticate": "Bearer"})
        return Response(generate_latest(registry), media_type=TEXT)

    return Route("/metrics", metrics)
