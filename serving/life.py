"""What happens when the server begins and when it ends: workers are started before anybody asks, and what trains is saved."""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import FrameType
from typing import Any

from core.kinds import SettingsError
from core.runs import Runs

log = logging.getLogger(__name__)

SECONDS_FOR_ANSWERS = 3.0  # that are under way when the server is told to end


def runs() -> Runs:
    """Every run of this server. Raises SettingsError where the host's settings cannot be used."""
    from ui.shared import begin  # whose caches are to be those of Streamlit's runtime, which is there by now

    return begin()


@asynccontextmanager
async def life(_: object) -> AsyncIterator[None]:
    """Around everything that the server answers."""
    try:
        await asyncio.to_thread(runs)
    except SettingsError as error:
        log.error("The settings of this Digit Lab cannot be used: %s", error)
    _heed_signals()
    yield
    await asyncio.to_thread(_save)


def _save() -> None:
    with suppress(SettingsError):
        runs().close()


def _heed_signals() -> None:
    """Save at once when the server is told to end, not after the last answer: somebody may take an hour to fetch theirs."""
    if threading.current_thread() is not threading.main_thread():
        return  # somebody else's server, who may hear signals
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _then(signal.getsignal(number)))


def _then(usual: Any) -> Callable[[int, FrameType | None], None]:
    """What is done at a signal: what is to be saved, then what is usual; and once more for whoever is not ready by then."""

    def end() -> None:
        _save()
        time.sleep(SECONDS_FOR_ANSWERS)
        signal.raise_signal(signal.SIGINT)  # the second one: uvicorn waits for nobody any more

    def heard(number: int, frame: FrameType | None) -> None:
        usual(number, frame)
        threading.Thread(target=end, daemon=True, name="end").start()

    return heard
