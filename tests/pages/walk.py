"""Every page and view, for runs of every kind: where a visitor can get by a link."""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from core.config import NETWORKS, Config, MLPConfig, from_dict, to_query
from core.history import EpochEnd
from core.images.codes import code_of_drawing
from core.labels import run_token
from core.lessons.course import COURSE
from core.search.recorded import FILE
from core.search.study import Span, Study
from core.sketch.preprocessing import to_mnist
from tests.pages.sentences import Text, tables, texts
from tests.pages.shelf_of_all_kinds import LATER, SEARCHED_FOR, SWEPT, Answered, Facts
from tests.pages.visit import APP
from tests.strokes import STROKES, drawn
from tests.studies import Made, keep
from ui.confusion import state as confusion
from ui.sketch import state as sketch
from ui.weights import state as weights


class Look(NamedTuple):
    """A network that a page is about: a run after an epoch."""

    facts: Facts
    epoch: int

    def answered(self, part: str) -> Answered:
        return self.facts.answered(self.epoch, part)

    @property
    def model(self):
        return self.facts.after(self.epoch)


class Page(NamedTuple):
    """A page as somebody saw it."""

    page: str
    query: dict
    looks: list[Look]  # what it is about, in their order
    shelf: dict[str, Facts]
    texts: list[Text]
    tables: dict[str, pd.DataFrame]
    around: str = ""  # the text of which a sentence is being read

    @property
    def part(self) -> str:
        return self.query.get("part", "test")

    @property
    def words(self) -> str:
        """All sentences, one below the other."""
        return "\n".join(sentence for text in self.texts for sentence in text.sentences)

    @property
    def where(self) -> str:
        return f"{self.page} {self.query} [{', '.join(f'{look.facts.kind}@{look.epoch}' for look in self.looks)}]"


class Visitor:
    """Somebody who follows one link after the other, each page in a tab of its own."""

    def __init__(self, shelf: dict[str, Facts]):
        self.shelf = shelf
        self._tabs: dict[str, AppTest] = {}

    def see(self, page: str, looks: list[Look], **query) -> Page:
        """Follow a link to a page that is about some networks."""
        at = self._tabs.get(page)
        if at is None or not query:
            at = AppTest.from_file(str(APP), default_timeout=120)
            at = self._tabs[page] = at if page == "home" else at.switch_page(f"pages/{page}.py")
        at.query_params.clear()
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception, f"{page} {query}: {at.exception}"
        return Page(page, query, looks, self.shelf, texts(at), tables(at))


class Recorded(NamedTuple):
    """What the project's file says of a run that is on no shelf."""

    key: str
    config: Config
    history: list[EpochEnd]
    error: str

    @property
    def kind(self) -> str:
        return f"recorded {self.key}"

    @property
    def network(self) -> str:
        return self.config.network

    @property
    def status(self) -> str:
        return "failed" if self.error else "done"

    @property
    def finished(self) -> bool:
        return not self.error

    @property
    def kept(self) -> list[int]:
        return [len(self.history)]

    @property
    def checkpoint(self) -> SimpleNamespace:
        return SimpleNamespace(total_seconds=sum(event.seconds for event in self.history))


@cache
def of_records() -> dict[str, Recorded]:
    """Those runs, by their keys."""
    found = {}
    for line in map(json.loads, gzip.decompress(FILE.read_bytes()).decode().splitlines()):
        history = [EpochEnd(epoch, *numbers) for epoch, numbers in enumerate(zip(*line["history"], strict=True), 1)]
        config = from_dict(line["config"])
        found[config.key] = Recorded(config.key, config, history, line["error"])
    return found


def last(facts: Facts | Recorded) -> Look:
    """A run as it is now."""
    return Look(facts, facts.kept[-1] if facts.status != "failed" else len(facts.history))


def home(visitor: Visitor) -> Iterator[Page]:
    yield visitor.see("home", [])


def train(visitor: Visitor) -> Iterator[Page]:
    for facts in visitor.shelf.values():
        yield visitor.see("train", [last(facts)], run=facts.key)
    for kind, before in (("MLP small", "MLP full"), ("CNN full", "MLP small"), ("stopped", "MLP baseline")):
        facts, came_from = visitor.shelf[kind], visitor.shelf[before].key
        yield visitor.see("train", [last(facts)], run=facts.key, **{"from": came_from})
    for config in LATER.values():
        yield visitor.see("train", [], **to_query(config))
    for facts in visitor.shelf.values():
        if (
            facts.config.network == "mlp" or facts.kind == "CNN small"
        ):  # another CNN's test takes seconds and says no more
            yield visitor.see("train", [last(facts)], run=facts.key, rates="True")


SWEEP = {name: str(value) for name, value in SWEPT.items()}
SWEEPS: list[dict[str, str]] = [
    {},  # the report's
    {"networks": "cnn"},
    {"networks": "mlp,cnn"},
    SWEEP | {"sizes": "200,1000"},
    SWEEP | {"sizes": "200,1000", "seeds": "2"},
    SWEEP | {"sizes": "200,1000", "networks": "mlp,cnn"},
    SWEEP | {"sizes": "200,1000,2000"},  # one of them was stopped
    SWEEP | {"sizes": "500,5000", "networks": "cnn"},  # nothing of it is there
    SWEEP | {"sizes": "100,200,500,1000,2000,50000", "networks": "mlp,cnn", "seeds": "3"},
    {"sizes": "100,500", "learning_rate": "1.0", "epochs": "3", "networks": "cnn"},  # one tenth, and diverged
    {"sizes": "200,500", "epochs": "1"},
    {"along": "steps"},
    {"along": "seconds"},
    SWEEP | {"sizes": "200,1000", "seeds": "2", "along": "steps"},
    SWEEP | {"sizes": "200,1000", "networks": "mlp,cnn", "along": "steps"},
]
NUMBERS = {
    "epochs": int,
    "batch_size": int,
    "learning_rate": float,
    "learning_rate_decay": float,
    "weight_decay": float,
}


def overfitting(visitor: Visitor) -> Iterator[Page]:
    for query in SWEEPS:
        shared = {name: kind(query[name]) for name, kind in NUMBERS.items() if name in query}
        wanted = [
            NETWORKS[network](train_size=int(size), seed=seed, **shared).key
            for network in query.get("networks", "mlp").split(",")
            for size in query.get("sizes", "2000,50000").split(",")
            for seed in range(int(query.get("seeds", "1")))
        ]
        there = {facts.key: facts for facts in visitor.shelf.values()}
        looks = [last(there[key]) for key in wanted if key in there]
        yield visitor.see("overfitting", looks, **query)


SEARCH = {name: str(value) for name, value in SEARCHED_FOR.items()} | {
    "setting": "learning_rate",
    "values": "0.02,0.05",
}
SEARCHES: list[dict[str, str]] = [
    {},  # nothing of it is there
    {"networks": "mlp,cnn", "setting": "train_size", "values": "2000,50000", "seeds": "1", "epochs": "70"},
    {"networks": "mlp", "setting": "train_size", "values": "200,1000", "seeds": "2"} | SWEEP,
    {"networks": "mlp", "setting": "train_size", "values": "200,1000,2000", "seeds": "1"} | SWEEP,  # one was stopped
    {"networks": "mlp", "setting": "train_size", "values": "200,1000", "seeds": "2", "along": "steps"} | SWEEP,
    {"networks": "mlp,cnn", "setting": "train_size", "values": "200,1000,5000", "seeds": "3"} | SWEEP,
    {
        "setting": "learning_rate",
        "values": "0.01,1",
        "train_size": "100",
        "epochs": "3",
        "activation": "relu",
        "seeds": "1",
    },
    {
        "networks": "cnn",
        "setting": "train_size",
        "values": "100,500",
        "learning_rate": "1.0",
        "epochs": "3",
        "seeds": "1",
    },
    {
        "networks": "cnn",
        "setting": "dropout",
        "values": "0.2,0.5",
        "train_size": "500",
        "learning_rate": "1.0",
        "epochs": "3",
    },
    SEARCH | {"second": "batch_size", "second_values": "8,32", "seeds": "2"},
    SEARCH | {"second": "batch_size", "second_values": "8,32", "seeds": "1", "column": "0.05", "row": "32"},
    SEARCH | {"second": "batch_size", "second_values": "8,32,64", "seeds": "3"},
    SEARCH | {"second": "activation", "second_values": "relu,tanh", "seeds": "1"},  # nothing of it is there
    SEARCH | {"batch_size": "8", "seeds": "3"},
    SEARCH | {"batch_size": "32", "seeds": "2"},
]


def search(visitor: Visitor) -> Iterator[Page]:
    numbers = NUMBERS | {"train_size": int, "hidden_units": int, "dropout": float, "momentum": float, "activation": str}
    for query in SEARCHES:
        shared = {"train_size": 2_000, "epochs": 20} | {
            name: kind(query[name]) for name, kind in numbers.items() if name in query
        }
        varied = [(query.get("setting", "learning_rate"), query.get("values", "0.001,0.003,0.01,0.03,0.1"))]
        varied += [(query["second"], query["second_values"])] if "second" in query else []
        rows = [shared]
        for name, values in varied:
            rows = [row | {name: numbers[name](value)} for row in rows for value in values.split(",")]
        wanted = [
            NETWORKS[network](seed=seed, **row).key
            for network in query.get("networks", "mlp").split(",")
            for row in rows
            for seed in range(int(query.get("seeds", "3")))
        ]
        there = of_records() | {facts.key: facts for facts in visitor.shelf.values()}
        yield visitor.see("search", [last(there[key]) for key in wanted if key in there], **query)
    yield from all_settings(visitor)


ALL = {name: str(value) for name, value in SEARCHED_FOR.items()} | {
    "all": "yes",
    "searched": "learning_rate,batch_size",
    "learning_rate_within": "0.02:0.05",
    "batch_size_within": "8:32",
}


# By the number of runs that were asked for: what became of those that there are, and how the search was left.
SEARCHED_ALL: dict[int, tuple[tuple[str, ...], str]] = {
    4: (("done",) * 4, "runs"),
    5: (("done", "done", "done", "pruned"), "time"),
    6: (("done", "pruned", "diverged", "open"), ""),
    7: (("done", "done", "stopped", "failed"), "stopped"),
    8: (("done",) * 4, "space"),
    9: (("open",) * 2, ""),
}


def all_settings(visitor: Visitor) -> Iterator[Page]:
    """Searches that nobody has begun, that are at their end, and that were left in the middle: of runs that are on the shelf."""
    yield visitor.see("search", [], all="yes")
    yield visitor.see("search", [], all="yes", network="cnn", runs="60", minutes="1", sampler="random", seed="3")
    searched = [facts for kind, facts in visitor.shelf.items() if kind.startswith("rate ") and facts.config.seed == 0]
    assert len(searched) == 4
    folder = searched[0].folder
    for n, (states, ended) in SEARCHED_ALL.items():
        study = Study(
            shared=MLPConfig(**SEARCHED_FOR),
            space=(Span("learning_rate", (0.02, 0.05)), Span("batch_size", (8, 32))),
            runs=n,
        )
        there = [*zip(searched, states, strict=False)]
        keep(study, folder, [Made(facts.config, state, accuracies(facts, state)) for facts, state in there], ended)
        yield visitor.see("search", [last(facts) for facts, _ in there], **ALL, runs=str(n))


def accuracies(facts: Facts, state: str) -> list[float]:
    """What a search was told of a run."""
    values = [event.val_accuracy for event in facts.history]
    return values if state == "done" else [] if state == "diverged" else values[:2]


def runs(visitor: Visitor) -> Iterator[Page]:
    shelf = visitor.shelf
    yield visitor.see("runs", [])
    for facts in shelf.values():
        yield visitor.see("runs", [last(facts)], runs=facts.key)
    diverged = [facts for facts in shelf.values() if facts.status == "failed"]
    some = [*(shelf[kind] for kind in ("MLP full", "CNN full", "stopped", "one tenth")), diverged[0]]
    for several in (some[:2], some, list(shelf.values())[:12]):
        yield visitor.see("runs", [last(facts) for facts in several], runs=[facts.key for facts in several])
    yield visitor.see("runs", [], runs=run_token(LATER["missing"]))
    yield visitor.see("runs", [], grouped="False")
    of_two = [shelf[f"rate {rate}, batch 32, {seed}"] for rate in (0.02, 0.05) for seed in (0, 1)]
    for group in (of_two[:2], of_two, [*of_two[:2], shelf["MLP small"]]):
        yield visitor.see("runs", [last(facts) for facts in group], runs=[facts.key for facts in group])
    yield visitor.see("runs", [last(of_two[1])], runs=of_two[1].key, lines="validation")  # its row is open


# The runs that every view is looked at for, and of those the ones through the whole of their training.
KINDS = (
    "MLP full",
    "CNN full",
    "stopped",
    "stopped, CNN",
    "one tenth",
    "one tenth, CNN",
    "sure and wrong",
    "one epoch",
)
THROUGHOUT = ("MLP full", "stopped", "one tenth, CNN")


def versions(shelf: dict[str, Facts]) -> Iterator[Look]:
    """Runs of every kind at their last epoch, some of them before training and in the middle of it as well."""
    for kind in KINDS:
        kept = shelf[kind].kept
        for epoch in sorted({0, kept[len(kept) // 2], kept[-1]} if kind in THROUGHOUT else {kept[-1]}):
            yield Look(shelf[kind], epoch)


def confused(visitor: Visitor) -> Iterator[Page]:
    shelf = visitor.shelf
    for look in versions(shelf):
        for view in confusion.VIEWS:
            if view != "damage" or look in [last(shelf[kind]) for kind in THROUGHOUT]:
                yield _confusion(visitor, look, view)
    for kind in ("MLP baseline", "MLP small", "CNN baseline", "CNN small", "CNN sketch", "CNN hands"):
        yield _confusion(visitor, last(shelf[kind]), "matrix")
    for kind in ("MLP small", "one tenth"):
        for view in confusion.VIEWS:
            if view != "damage":
                yield _confusion(visitor, last(shelf[kind]), view, part="validation")
    full = last(shelf["MLP full"])
    yield _confusion(visitor, full, "matrix", numbers="counts", true="3", predicted="3")
    yield _confusion(visitor, full, "matrix", true="0", predicted="1")
    cnn = last(shelf["CNN full"])
    for true, predicted, image in (
        (8, 9, 947),
        (4, 9, 2130),
        (5, 0, 3558),
        (6, 3, 9679),
        (2, 2, 2462),
    ):  # disputed labels
        yield _confusion(visitor, cnn, "matrix", true=f"{true}", predicted=f"{predicted}", image=f"{image}")
    of_two = (
        (5, 3, 2810),
        (5, 5, 5997),
        (4, 9, 707),
        (0, 3, 1),
        (8, 9, 947),
        (0, 5, 6651),
        (1, 6, 6783),
    )  # the last three are disputed
    for true, predicted, image in of_two:
        yield _confusion(visitor, full, "compare", pair_true=f"{true}", pair_predicted=f"{predicted}", image=f"{image}")
    yield _confusion(visitor, full, "damage", degrees="30", noise="0.3")
    yield _confusion(visitor, full, "certainty", threshold="0.0")
    yield _confusion(visitor, full, "certainty", threshold="1.0")
    yield _confusion(visitor, full, "digits", first_digit="1", second_digit="1")


def _confusion(visitor: Visitor, look: Look, view: str, **query) -> Page:
    """A view of a network, beside the report's CNN where there are two; beside its MLP where that is the CNN itself."""
    other = visitor.shelf["MLP full" if look.facts.kind == "CNN full" else "CNN full"]
    looks = [look, last(other)] if view in ("compare", "damage") else [look]
    query |= {"other": other.key} if view in ("compare", "damage") else {}
    return visitor.see("confusion", looks, run=look.facts.key, epoch=str(look.epoch), view=view, **query)


def weights_page(visitor: Visitor) -> Iterator[Page]:
    shelf = visitor.shelf
    for look in versions(shelf):
        for view in weights.VIEWS[look.facts.network]:
            yield _weights(visitor, look, view)
    for kind in ("MLP full", "CNN full", "one tenth", "stopped"):
        look = last(shelf[kind])
        wrong = np.flatnonzero(~look.answered("test").right)
        for image in (f"test-{wrong[0]}", "validation-50012", drawing(4)):
            yield _weights(visitor, look, "why", image=image)
    full, cnn = last(shelf["MLP full"]), last(shelf["CNN full"])
    yield _weights(visitor, full, "why", digit="3", against="nothing", sum="one", unit="5")
    yield _weights(visitor, full, "why", against="5", sum="strongest")
    yield _weights(visitor, cnn, "why", digit="3", against="nothing", square="0")
    yield _weights(visitor, cnn, "layers", image=drawing(4))
    yield _weights(visitor, cnn, "filters", layer="conv2", unit="20")
    for look in (full, cnn):
        yield _weights(visitor, look, "break", off="0.1", weakest="4", prune="60", noise="0.3")
        yield _weights(visitor, look, "break", prune="100")
    yield _weights(
        visitor, full, "step", steps="3", batch="8", gradient="mean", weight="w1", unit="5", row="13", column="15"
    )
    yield _weights(
        visitor, full, "step", steps="200", image=drawing(4), meant="9", weight_decay="0.01", unit="9", output="4"
    )
    yield _weights(visitor, last(shelf["stopped"]), "step", batch="64", learning_rate="0.001", image=drawing(4))
    deep = last(shelf["CNN sketch"])
    yield _weights(visitor, cnn, "pixel", unit="3", row="9", column="20", image=drawing(4))
    yield _weights(visitor, cnn, "pixel", layer="conv2", unit="20", row="3", column="5")
    yield _weights(visitor, deep, "pixel", unit="7", row="23", column="0")
    yield _weights(visitor, deep, "pixel", layer="conv2", unit="30", row="0", column="11", image="test-18")
    yield _weights(visitor, deep, "pixel", layer="conv4", unit="100", row="5", column="3")
    for sort in weights.SORTS:
        yield _weights(visitor, last(shelf["MLP small"]), "neurons", sort=sort, unit="7")


def _weights(visitor: Visitor, look: Look, view: str, **query) -> Page:
    return visitor.see("weights", [look], run=look.facts.key, epoch=str(look.epoch), view=view, **query)


def drawing(digit: int) -> str:
    """The name in a link of a digit that a pen drew."""
    return code_of_drawing(to_mnist(drawn(STROKES[digit])))


def sketches(visitor: Visitor) -> Iterator[Page]:
    shelf = visitor.shelf
    asked = [last(shelf[kind]) for kind in ("MLP full", "CNN full", "stopped", "CNN hands")]
    early = [Look(shelf["MLP full"], 0), Look(shelf["one tenth"], 1), last(shelf["one tenth, CNN"])]
    wrong = int(np.flatnonzero(~asked[0].answered("test").right)[0])
    images = [["test-0"], [f"test-{wrong}"], ["validation-50012"], [drawing(4)], [drawing(4), drawing(2)]]
    for looks in (asked, early):
        tokens = [f"{look.facts.key}@{look.epoch}" for look in looks]
        for image in images:
            for view in sketch.VIEWS:
                yield visitor.see("sketch", looks, run=tokens, image=image, view=view)
    usual = [last(shelf[kind]) for kind in sketch.FIRST]
    for source in sketch.SOURCES:
        yield visitor.see("sketch", usual, source=source)


def report(visitor: Visitor) -> Iterator[Page]:
    """Once: it is about the report's runs, whatever else is on the shelf."""
    yield visitor.see("report", [])


# What somebody predicts, by lesson: of those whose runs come with the project, so that their answers are there.
PREDICTED = {
    "untrained": ("10", "80"),
    "shift": ("60", "95"),
    "neuron": ("0", "3"),
    "hardest": ("5", "8", "0"),
    "ready": ("10", "50"),
}


def lessons(visitor: Visitor) -> Iterator[Page]:
    looks = [last(visitor.shelf[kind]) for kind in ("MLP full", "CNN full")]
    for name in COURSE:
        yield visitor.see("lessons", looks, lesson=name)
    for name, predictions in PREDICTED.items():
        for prediction in predictions:
            yield visitor.see("lessons", looks, lesson=name, **{name: prediction})
    yield visitor.see("lessons", looks, lesson="rate", rate="0.3", data="10,20,30,40,50")  # not trained here yet
    yield visitor.see("lessons", looks, lesson="data", data="10,20,30,40,50")


def glossary(visitor: Visitor) -> Iterator[Page]:
    yield visitor.see("glossary", [])


PAGES = {
    "home": home,
    "train": train,
    "overfitting": overfitting,
    "search": search,
    "runs": runs,
    "confusion": confused,
    "weights": weights_page,
    "sketch": sketches,
    "report": report,
    "lessons": lessons,
    "glossary": glossary,
}
