"""What Over-fitting and Search claim where they compare at equal steps or time, held against the histories by counting again."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from tests.pages import claims, claims_of_search
from tests.pages.claims import CONSTANT, claim, count, percent, says, seconds
from tests.pages.shelf_of_all_kinds import Facts
from tests.pages.walk import Page

CONSTANT |= {"Dashed: 10,000 that it never learns from (validation), after the last epoch that is compared."}
KINDS = {"equal steps": "steps", "equal time": "seconds"}


class CutOff(Facts):
    """A run as if it had ended after an epoch."""

    def __init__(self, whole: Facts, epoch: int):
        self.__dict__ = dict(whole.__dict__)
        self.whole, self.epoch = whole, epoch

    @property
    def history(self):
        return self.whole.history[: self.epoch]

    @property
    def checkpoint(self):
        return SimpleNamespace(total_seconds=sum(event.seconds for event in self.history))


def spent(facts: Facts, along: str) -> np.ndarray:
    """The steps or seconds of a run after each of its epochs."""
    each = [
        -(-facts.config.train_size // facts.config.batch_size) if along == "steps" else e.seconds for e in facts.history
    ]
    return np.cumsum(each)


def cut_off(page: Page) -> Page:
    """The page with its finished runs as it compares them."""
    along = page.query.get("along", "epochs")
    if along == "epochs":
        return page
    done = [look.facts for look in page.looks if look.facts.finished]
    looks = []
    for look in page.looks:
        facts = look.facts
        if facts.finished:
            own = [one for one in done if one.network == facts.network]
            most = min(spent(one, along)[-1] for one in own) + 1e-9
            alike = [one for one in own if vars(one.config) | {"seed": 0} == vars(facts.config) | {"seed": 0}]
            facts = CutOff(facts, min(int((spent(one, along) <= most).sum()) for one in alike))
        looks.append(look._replace(facts=facts))
    return page._replace(looks=looks)


def wholes(page: Page) -> Page:
    """The page with its runs at their ends."""
    return page._replace(looks=[look._replace(facts=getattr(look.facts, "whole", look.facts)) for look in page.looks])


def of_network(page: Page) -> list[CutOff]:
    named = re.search(r"Compared of the (MLP|CNN)", page.around)
    network = (named[1] if named else page.query.get("networks", "mlp").partition(",")[0]).lower()
    return [look.facts for look in page.looks if look.facts.network == network and look.facts.finished]


@claim(
    "overfitting search",
    "Compared at {equal…}: after at most {amount#} steps each, the fewest that any of them takes in all.",
    "Compared of the {network…} at {equal…}: after at most {amount#} steps each, the fewest that any of them takes in all.",
)
def _at_equal_steps(page, equal, amount, network="") -> None:
    assert KINDS[equal] == page.query["along"] == "steps"
    count(amount, min(int(spent(facts.whole, "steps")[-1]) for facts in of_network(page)))


@claim(
    "overfitting search",
    "Compared at equal time: after at most {time~} of training each, the least that any of them takes in all, each on the machine that "
    "trained it.",
)
def _at_equal_time(page, time) -> None:
    assert page.query["along"] == "seconds"
    seconds(time, min(spent(facts.whole, "seconds")[-1] for facts in of_network(page)))


@claim("overfitting search", "That is {places@}.")
def _after(page, places) -> None:
    told = re.findall(r"after epoch (\d+) of (\d+) with (.+?)(?: \(([\d,]+) steps\))?(?=, after| and after|$)", places)
    runs = {f"{facts.config.train_size:,} images": facts for facts in of_network(page)}
    assert {called for _, _, called, _ in told} == {*runs}, places
    for epoch, epochs, called, steps in told:
        count(epoch, len(runs[called].history), called)
        count(epochs, len(runs[called].whole.history), called)
        assert bool(steps) == (page.query["along"] == "steps")
        if steps:
            count(steps, int(spent(runs[called], "steps")[-1]), called)


AHEAD = "At the end of training {large#} images are ahead of {small#} by {whole±} points of validation accuracy, at {equal…} by {left±}"


@claim("overfitting", AHEAD + ": {share%} of the effect of data remains, and the rest is there only with more {what…}.")
@claim("overfitting", AHEAD + ": all of the effect of data remains.")
@claim("overfitting", AHEAD + ": it is behind there, and ahead only with more {what…}.")
@claim(
    "overfitting",
    AHEAD
    + ", which these runs cannot tell from nothing: as far as they can tell, the effect of data is there only with more {what…}.",
)
def _remains(page, large, small, whole, equal, left, share="", what="") -> None:
    runs = of_network(page)
    sizes = sorted({facts.config.train_size for facts in runs})
    count(small, sizes[0])
    count(large, sizes[-1])

    def ahead(of: Callable) -> float:
        ends = [
            [of(one)[-1].val_accuracy for one in runs if one.config.train_size == size]
            for size in (sizes[0], sizes[-1])
        ]
        return 100 * (np.mean(ends[1]) - np.mean(ends[0]))

    at_end, at_equal = ahead(lambda one: one.whole.history), ahead(lambda one: one.history)
    says(whole, at_end)
    says(left, at_equal)
    assert KINDS[equal] == page.query["along"]
    if share:
        percent(share, at_equal / at_end)


@claim(
    "overfitting",
    *(f"At the end: {claims.PANEL}{mean}" for mean in ("", " (means of {seeds#} seeds)")),
)
def _below_a_panel(page, **said) -> None:
    claims._below_a_panel(wholes(page), **said)


@claim("search", *(f"At the end: {claims_of_search.PANEL}{mean}" for mean in ("", " (means of {n#} seeds)")))
def _below_a_panel_of_search(page, **said) -> None:
    claims_of_search._below_a_panel(wholes(page), **said)


@claim(
    "overfitting",
    "With {size#} images, {n#} of {all#} seeds learnt nothing and answer like chance: the means there are of two different things, and "
    "nothing more is said of them.",
)
def _some_learnt_nothing(page, size, n, all) -> None:
    runs = [look.facts for look in page.looks if f"{look.facts.config.train_size:,}" == size and look.facts.finished]
    count(all, len(runs))
    count(n, sum(facts.history[-1].val_accuracy < 0.115 for facts in runs))
