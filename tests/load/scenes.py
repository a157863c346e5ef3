"""What many visitors do at once, and what came of it."""

import asyncio
import time
from typing import NamedTuple

import numpy as np
from scipy import stats
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core import checkpoints
from core.config import CNNConfig, Config, MLPConfig, to_query
from tests.load.tabs import Habit, Tab, together
from tests.server import Server

LONG = [CNNConfig(epochs=200, seed=seed) for seed in (901, 902)]  # the two that train meanwhile
PAGES = (
    "",
    "train",
    "overfitting",
    "search",
    "runs",
    "confusion",
    "weights",
    "sketch",
    "lessons",
    "report",
    "glossary",
)
SECONDS_OF_A_MOVE, SECONDS_OF_A_PAGE = 2.0, 4.0  # between what one visitor does


def link(config: Config) -> str:
    return "&".join(f"{name}={value}" for name, value in to_query(config).items())


def moved(control: str, value: float) -> WidgetState:
    """What a browser sends for a slider."""
    state = WidgetState(id=control)
    state.double_array_value.data.append(value)
    return state


async def press(tab: Tab, config: Config) -> None:
    """Train these settings."""
    await tab.open("train", link(config))
    await tab.open("train", link(config), WidgetState(id=tab.control("train"), trigger_value=True))


def watching(seconds: float) -> Habit:
    """Look at a run that is going on."""

    async def habit(tab: Tab) -> None:
        end = time.monotonic() + seconds
        await asyncio.sleep(tab.chance.uniform(0, 2))
        await tab.open("train", link(LONG[tab.chance.randrange(len(LONG))]))
        while time.monotonic() < end:
            await asyncio.sleep(tab.interval)
            await tab.look_again()

    return habit


def moving(seconds: float, page: str = "", key: str = "number", most: int = 100) -> Habit:
    """Move a slider of a page to and fro."""

    async def habit(tab: Tab) -> None:
        end = time.monotonic() + seconds
        await asyncio.sleep(tab.chance.uniform(0, 2))
        await tab.open(page)
        while time.monotonic() < end:
            await asyncio.sleep(tab.chance.uniform(0.5, 1.5) * SECONDS_OF_A_MOVE)
            await tab.open(page, "", moved(tab.control(key), tab.chance.randint(1, most)))

    return habit


def wandering(seconds: float, pages: tuple[str, ...] = PAGES) -> Habit:
    """Go from page to page."""

    async def habit(tab: Tab) -> None:
        end = time.monotonic() + seconds
        await asyncio.sleep(tab.chance.uniform(0, 2))
        while time.monotonic() < end:
            await tab.open(tab.chance.choice(pages))
            await asyncio.sleep(tab.chance.uniform(0.5, 1.5) * SECONDS_OF_A_PAGE)

    return habit


class Answers(NamedTuple):
    """How soon the reruns of many tabs were answered."""

    seconds: list[float]
    exceptions: int

    @classmethod
    def of(cls, tabs: list[Tab]) -> "Answers":
        return cls([one for tab in tabs for one in tab.took], sum(tab.exceptions for tab in tabs))

    def at(self, share: float) -> float:
        """The time, in seconds, that this percentage of them took at most."""
        return float(np.percentile(self.seconds, share))

    def plus(self, other: "Answers") -> "Answers":
        return Answers(self.seconds + other.seconds, self.exceptions + other.exceptions)


def crowd(seconds: float, tenths: int = 10) -> list[Habit]:
    """Fifty visitors of the dashboard: 20 watch, 20 move sliders, 10 wander; or so many tenths of each."""
    sliders = [moving(seconds, "train", "epochs", 200), moving(seconds, "overfitting", "sweep_epochs", 200)]
    return [watching(seconds)] * (2 * tenths) + sliders * tenths + [wandering(seconds)] * tenths


def greeters(seconds: float, tenths: int = 10) -> list[Habit]:
    """As many visitors of the least script, each as often as one of `crowd`."""
    look = moving(seconds)
    return [look] * (4 * tenths) + [wandering(seconds, ("",))] * tenths


async def greeted(server: Server, seconds: float) -> Answers:
    """How soon a script with the slider of the least one answers as many visitors."""
    await together(server, greeters(1))
    return Answers.of(await together(server, greeters(seconds)))


async def begin_long_runs(server: Server) -> None:
    """Have two runs train that will not be done."""
    await together(server, [lambda tab, config=config: press(tab, config) for config in LONG])  # type: ignore[misc]
    end = time.monotonic() + 120
    while not all(checkpoints.path_of(config.key, server.weights).exists() for config in LONG):
        assert time.monotonic() < end, "they do not begin"
        await asyncio.sleep(0.5)


async def side_by_side(
    server: Server, hello: Server, seconds: float, turns: int, tenths: int = 10
) -> tuple[Answers, Answers]:
    """How soon the dashboard and the least script answer a crowd, by turns, while two runs train."""
    await begin_long_runs(server)
    await together(server, [wandering(1, (page,)) for page in PAGES])  # what is computed once is computed
    ours, theirs = Answers([], 0), Answers([], 0)
    for _ in range(turns):
        theirs = theirs.plus(Answers.of(await together(hello, greeters(seconds / turns, tenths))))
        ours = ours.plus(Answers.of(await together(server, crowd(seconds / turns, tenths))))
    return ours, theirs


class Presses(NamedTuple):
    """What became of many presses of Train at once."""

    asked: int
    done: int
    seconds: float
    in_turn: float  # 1 where those who were answered first had theirs first, 0 where the one says nothing of the other


async def presses(server: Server, n: int) -> Presses:
    """Have so many visitors press Train at the same moment, each for a run of their own."""
    configs = [MLPConfig(train_size=100, epochs=1, hidden_units=16, seed=1_000 + i) for i in range(n)]
    began = time.monotonic()
    asked: list[str] = []

    async def habit_of(tab: Tab, config: Config) -> None:
        await press(tab, config)
        asked.append(config.key)

    await together(server, [lambda tab, config=config: habit_of(tab, config) for config in configs])  # type: ignore[misc]
    done: dict[str, float] = {}
    end = time.monotonic() + 60 + 3 * n
    while len(done) < n and time.monotonic() < end:
        for config in configs:
            if config.key not in done and (written := _when_done(config.key, server)):
                done[config.key] = written
        await asyncio.sleep(0.5)
    answered = [asked.index(key) for key in sorted(done, key=done.__getitem__)]
    in_turn = float(stats.spearmanr(range(len(answered)), answered).statistic)
    return Presses(n, len(done), time.monotonic() - began, in_turn)


def _when_done(key: str, server: Server) -> float:
    path = checkpoints.path_of(key, server.weights)
    return path.stat().st_mtime if path.exists() and checkpoints.summary(key, server.weights).done else 0.0


async def growth(server: Server, visits: int, warm: int) -> tuple[float, float]:
    """Megabytes of the server after some visits, and by how many it has grown after so many more."""

    async def once(tab: Tab) -> None:
        for page in tab.chance.sample(PAGES, 2):
            await tab.open(page)

    async def come(n: int) -> float:
        for first in range(0, n, 10):
            await together(server, [once] * min(10, n - first))
        await asyncio.sleep(3)  # until those who have left are forgotten
        return server.megabytes()

    before = await come(warm)
    return before, await come(visits) - before
