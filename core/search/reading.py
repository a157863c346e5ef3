"""What a grid of runs says, in sentences: only what its numbers bear out.

Sentences are Markdown. The highest mean is called better than every other where it is higher than each of them by more than the
seeds differ (core/search/seeds.py). Each of these questions is asked at 5 % and all have to be answered by yes, so that the
chance of calling one better that is as good as another is 5 % at most, however many values there are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from core.analysis.verdict import diverged, val_words
from core.config import NAMES
from core.kinds import Range, label
from core.search.grid import Grid, Place, kind_of
from core.search.outcome import Attempt, Outcome, outcome
from core.search.seeds import above, deviation, difference
from core.words import counted, decimals, listed, number, share_words

LITTLE = 1.0  # points: a smaller gap is nothing that anybody would call over-fitting, and a smaller fall no fall
TOLD = 4  # places: of more, their number is told, and the table has the others


class Found(NamedTuple):
    """What one network has come to: where it has, and what has been asked for and is compared with nothing."""

    grid: Grid
    network: str
    attempts: Mapping[Place, Sequence[Attempt]]
    outcomes: Mapping[Place, Outcome]

    def finished(self) -> dict[Place, Outcome]:
        return {place: found for place, found in self.outcomes.items() if found.finished}

    def compared(self) -> dict[Place, Outcome]:
        """What is at its end and one thing: no seed of it failed, and not some answer like chance while others do not."""
        return {
            place: found
            for place, found in self.finished().items()
            if not any(attempt.status == "failed" for attempt in self.attempts[place])
            and found.chance in (0, found.seeds)
        }

    def words(self, places: Sequence[Place]) -> str:
        """Places in words; of many their number."""
        if len(places) > TOLD:
            return f"{len(places)} others"
        return listed(self.grid.words(place) for place in places)


def outcomes(grid: Grid, attempts: Mapping[Place, Sequence[Attempt]]) -> dict[Place, Outcome]:
    """What each place has come to that has come to anything."""
    found = {place: outcome(grid.config(place), tried) for place, tried in attempts.items()}
    return {place: one for place, one in found.items() if one is not None}


def reading(grid: Grid, attempts: Mapping[Place, Sequence[Attempt]]) -> list[str]:
    """What happened, a paragraph for each network, in words that follow from the numbers alone."""
    paragraphs = []
    for network in grid.networks:
        own = {place: tried for place, tried in attempts.items() if place[0] == network}
        sentences = _of_network(Found(grid, network, own, outcomes(grid, own)))
        if sentences:
            paragraphs.append(" ".join(sentences))
    return paragraphs


def _of_network(found: Found) -> list[str]:
    ranked = ranking(found.compared())
    learnt = [place for place in ranked if found.outcomes[place].chance == 0]
    sentences = []
    if learnt:
        sentences += [*_highest(found, ranked), *_edges(found, ranked[0]), *_fits(found, ranked), *_trade_off(found)]
    return [*sentences, *_fallen(found), *_chance(found), *_failed(found), *_open(found)]


def ranking(compared: Mapping[Place, Outcome]) -> list[Place]:
    """The places by their validation accuracy after the last epoch, the highest mean first."""
    return sorted(compared, key=lambda place: -compared[place].validation.mean)


def rivals(compared: Mapping[Place, Outcome], ranked: Sequence[Place]) -> list[Place]:
    """The places whose validation accuracy the seeds leave no difference to the highest one."""
    return [place for place in ranked[1:] if not above(compared[ranked[0]], compared[place], "validation")]


def _highest(found: Found, ranked: list[Place]) -> list[str]:
    """The highest validation accuracy, the next one, and whether the seeds tell them apart."""
    compared, first = found.compared(), ranked[0]
    best = compared[first]
    sentence = (
        f"The {NAMES[found.network]}'s highest validation accuracy is **{val_words(best.validation.mean)}**, with "
        f"**{found.grid.words(first)}** ({seeds_words(best)})"
    )
    if len(ranked) == 1:
        return [f"{sentence}: nothing else has come to an end that it could be compared with."]
    following = compared[ranked[1]]
    sentence += f"; the next is {val_words(following.validation.mean)}, with {found.grid.words(ranked[1])}."
    return [sentence, *_verdict(found, ranked)]


def seeds_words(outcome: Outcome) -> str:
    """Over how many seeds a validation accuracy is, and how far they differ."""
    spread = deviation(outcome.values("validation"))
    if spread is None:
        return "one seed"
    return f"mean of {outcome.seeds} seeds, standard deviation {number(100 * spread, 2)} points"


def _verdict(found: Found, ranked: list[Place]) -> list[str]:
    compared, close = found.compared(), rivals(found.compared(), ranked)
    best = compared[ranked[0]].values("validation")
    alone = [place for place in close if difference(best, compared[place].values("validation")) is None]
    if not close:
        others = "the other one" if len(ranked) == 2 else "each of the others"
        return [f"It is **better than {others}**, by more than the seeds differ."]
    if alone == ranked[1:]:
        return ["Whether it is better cannot be said: there is no spread over seeds to measure the difference by."]
    sentences = []
    apart = [place for place in close if place not in alone]
    if apart:
        sentences.append(f"From {found.words(apart)} it is **no further than the seeds differ**.")
    if alone:
        sentences.append(
            f"Whether it is better than {found.words(alone)} cannot be said: there is no spread over seeds to measure the "
            "difference by."
        )
    return sentences


def _edges(found: Found, best: Place) -> list[str]:
    """Where the highest lies at the edge of what was tried, and the setting goes on beyond it."""
    sentences = []
    for axis, value in zip(found.grid.axes, best[1:], strict=True):
        kind = kind_of(axis.setting)
        if not isinstance(kind, Range) or value not in (axis.values[0], axis.values[-1]):
            continue
        end, side, beyond = (
            ("smallest", "smaller", kind.low) if value == axis.values[0] else ("largest", "larger", kind.high)
        )
        if value != beyond:
            called = "number of epochs" if axis.setting == "epochs" else label(axis.setting).lower()
            sentences.append(
                f"That lies **at the edge** of what was tried, with the {end} {called}: a {side} one may be better still."
            )
    return sentences


def _fits(found: Found, ranked: list[Place]) -> list[str]:
    """Which of those that are worse under-fit and which over-fit, and whether the highest over-fits itself."""
    compared, first = found.compared(), ranked[0]
    best, sentences = compared[first], []
    worse = [place for place in ranked[1:] if above(best, compared[place], "validation")]
    under = [place for place in worse if above(best, compared[place], "training")]
    over = [place for place in worse if place not in under and above(compared[place], best, "gap")]
    name = found.grid.words(first)
    if under:
        own = share_words(best.training.mean, best.size)
        less = listed(share_words(compared[place].training.mean, compared[place].size) for place in under[:TOLD])
        numbers = f" ({less} against {own})" if len(under) <= TOLD else ""
        sentences.append(
            f"With {found.words(under)} it **under-fits**: it is worse than with {name} on new images, and on those that it learns "
            f"from as well{numbers}."
        )
    if over:
        more = listed(_points(compared[place]) for place in over[:TOLD])
        numbers = f" ({more} points against {_points(best)})" if len(over) <= TOLD else ""
        sentences.append(
            f"With {found.words(over)} it **over-fits** more than with {name}: it is worse on new images, and its gap is larger{numbers}."
        )
    if best.learnt and best.gap.mean >= LITTLE and best.gap.low > 0 and best.interval("gap").low > 0:
        sentences.append(f"With {name} it over-fits by a gap of {_points(best)} points.")
    return sentences


def _points(outcome: Outcome) -> str:
    return number(outcome.gap.mean, decimals(outcome.size))


class TradeOff(NamedTuple):
    """Two values of each of two settings, of which either is better with one of the other and worse with the other."""

    first: tuple[Place, Place]  # the better and the worse
    second: tuple[Place, Place]  # the same two values of the first setting, of which now the other one is better


def highest_of_rows(compared: Mapping[Place, Outcome]) -> dict[Any, Place]:
    """For each value of the second setting the place with the highest validation accuracy, where there are several."""
    rows: dict[Any, list[Place]] = {}
    for place in ranking(compared):
        rows.setdefault(place[2], []).append(place)
    return {value: places[0] for value, places in rows.items() if len(places) > 1}


def trade_off(compared: Mapping[Place, Outcome]) -> TradeOff | None:
    """Two rows whose highest values are each better there than the other's, by more than the seeds differ; the furthest apart."""
    highest = highest_of_rows(compared)
    order = sorted(highest)
    pairs = [(a, b) for i, a in enumerate(order) for b in order[i + 1 :]]
    for low, high in sorted(pairs, key=lambda pair: order.index(pair[0]) - order.index(pair[1])):
        one, other = highest[low], highest[high]
        first, second = (one, (*other[:2], low)), (other, (*one[:2], high))
        if one[1] != other[1] and all(
            worse in compared and above(compared[better], compared[worse], "validation")
            for better, worse in (first, second)
        ):
            return TradeOff(first, second)
    return None


def _trade_off(found: Found) -> list[str]:
    if len(found.grid.axes) < 2 or (seen := trade_off(found.compared())) is None:
        return []
    (one, less), (other, _) = seen
    (a, row), (b, _), (_, other_row) = map(found.grid.phrases, (one, less, other))
    return [
        f"The two settings **trade off**: with {row}, {a} is better than {b}, and with {other_row}, {b} is better than {a}, both times "
        "by more than the seeds differ."
    ]


def _fallen(found: Found) -> list[str]:
    """Where the end is well below the best epoch."""
    falls = {
        place: 100 * (one.best.mean - one.validation.mean)
        for place, one in found.compared().items()
        if 100 * (one.best.mean - one.validation.mean) >= LITTLE
    }
    if not falls:
        return []
    where = found.words(list(falls))
    numbers = f", by {listed(number(fall, 2) for fall in falls.values())} points" if len(falls) <= TOLD else ""
    return [f"With {where} the last epoch is worse than the best one{numbers}."]


def _chance(found: Found) -> list[str]:
    """Which have learnt nothing, all seeds or some."""
    finished = found.finished()
    nothing = [place for place, one in finished.items() if one.chance == one.seeds]
    sentences = []
    if nothing:
        sentences.append(f"With {found.words(nothing)} it **has learnt nothing**: it answers like chance.")
    for place, one in finished.items():
        if 0 < one.chance < one.seeds:
            sentences.append(
                f"With {found.grid.words(place)}, {one.chance} of {one.seeds} seeds **learnt nothing**: it is left out of what is "
                "compared."
            )
    return sentences


def _failed(found: Found) -> list[str]:
    """Which came to no end, and why."""
    sentences = []
    for place, attempts in found.attempts.items():
        failed = [attempt for attempt in attempts if attempt.status == "failed"]
        if not failed:
            continue
        away = [attempt for attempt in failed if diverged(attempt.error)]
        who = "it" if len(attempts) == 1 else f"{len(failed)} of {len(attempts)} seeds"
        what = "**diverged**" if len(away) == len(failed) else "did not finish"
        left_out = "" if place not in found.outcomes else ": it is left out of what is compared"
        words = f"With {found.grid.words(place)}, {who} {what}{left_out}."
        sentences.append(
            " ".join([words, *Counter(attempt.error for attempt in failed if not diverged(attempt.error))])
        )
    return sentences


def _open(found: Found) -> list[str]:
    """How much of it is not at its end."""
    every = [attempt for attempts in found.attempts.values() for attempt in attempts]
    n = sum(attempt.status not in ("done", "failed") for attempt in every)
    if not n or n == len(every):
        return []
    are = "is" if n == 1 else "are"
    return [f"{n} of {counted(len(every), 'run')} {are} not at the end: what is compared is the rest."]
