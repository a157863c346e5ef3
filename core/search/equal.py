"""Comparisons at equal steps, or at equal time: after which epoch each of several settings counts, so that none has had more.

An epoch of 50,000 images takes 25 times the steps of one of 2,000: what is compared at equal epochs differs in both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from core.config import NAMES, Config
from core.search.grid import Place
from core.search.outcome import Attempt
from core.words import listed, seconds_words

TOLD = 4  # places: of more, the table has the epochs
SLACK = 1e-9  # seconds that sums of the same times may differ by
Attempts = Mapping[Place, Sequence[Attempt]]


@dataclass(frozen=True)
class Equal:
    """After which epoch each place of one network is compared, at the least steps or seconds that any of them takes in all."""

    network: str
    along: str  # "steps" or "seconds"
    amount: float
    epochs: Mapping[Place, int] = field(default_factory=dict)  # 0 where the first epoch takes more
    of: Mapping[Place, int] = field(default_factory=dict)  # of how many
    spent: Mapping[Place, float] = field(default_factory=dict)  # by the end of that epoch; of several seeds the most


def equal(configs: Mapping[Place, Config], attempts: Attempts, along: str) -> list[Equal]:
    """For each network whose places can be compared so, how: those that have a run at its end, where there are two of them."""
    found = []
    for network in dict.fromkeys(place[0] for place in configs) if along != "epochs" else ():
        done = {
            place: histories
            for place in configs
            if place[0] == network
            and (histories := [one.history for one in attempts[place] if one.status == "done" and one.history])
        }
        if len(done) < 2:
            continue
        spent = {
            place: [_spent(history, configs[place], along) for history in histories]
            for place, histories in done.items()
        }
        amount = min(of_seed[-1] for seeds in spent.values() for of_seed in seeds)
        epochs = {
            place: min(sum(one <= amount + SLACK for one in of_seed) for of_seed in seeds)
            for place, seeds in spent.items()
        }
        of = {place: min(map(len, histories)) for place, histories in done.items()}
        until = {place: max(one[epoch - 1] for one in spent[place]) for place, epoch in epochs.items() if epoch}
        found.append(Equal(network, along, amount, epochs, of, until))
    return found


def _spent(history: Sequence, config: Config, along: str) -> list[float]:
    """The steps or the seconds that a run has taken by the end of each of its epochs."""
    if along == "steps":
        return [event.epoch * config.steps_per_epoch for event in history]
    return [*accumulate(event.seconds for event in history)]


def cut(attempts: Attempts, equals: Sequence[Equal]) -> dict[Place, list[Attempt]]:
    """The same attempts, of those that are done only up to the epoch after which their place is compared."""
    epochs = {place: epoch for one in equals for place, epoch in one.epochs.items()}
    return {
        place: [
            one._replace(history=one.history[: epochs[place]], cut=epochs[place])
            if place in epochs and one.status == "done"
            else one
            for one in tried
        ]
        for place, tried in attempts.items()
    }


def words(one: Equal, called: Mapping[Place, str], several: bool) -> str:
    """What is compared, in sentences; `called` are the places in words ("2,000 images"), and `several` is whether there are more networks.

    Sentences are Markdown.
    """
    who = f" of the {NAMES[one.network]}" if several else ""
    if one.along == "steps":
        said = f"Compared{who} at **equal steps**: after at most **{one.amount:,.0f} steps** each, the fewest that any of them takes in all."
    else:
        said = (
            f"Compared{who} at **equal time**: after at most **{seconds_words(one.amount)}** of training each, the least that any of them "
            "takes in all, each on the machine that trained it."
        )
    there = [place for place, epoch in one.epochs.items() if epoch]
    if len(there) <= TOLD:
        said += f" That is {listed(_after(one, place, called[place]) for place in there)}."
    more = [called[place] for place, epoch in one.epochs.items() if not epoch]
    if more:
        said += f" With {listed(more)} already the first epoch takes more, so nothing is compared there."
    return said


def _after(one: Equal, place: Place, called: str) -> str:
    spent = f" ({one.spent[place]:,.0f} steps)" if one.along == "steps" else ""
    return f"after epoch {one.epochs[place]} of {one.of[place]} with {called}{spent}"
