"""What a grid of runs says, in sentences: only what its numbers bear out.

Sentences are Markdown. The highest mean is called better than every other where it is higher than each of them by more than the
seeds differ (core/search/seeds.py). Each of these questions is asked at 5 % and all have to be answered by yes, so that the
chance of calling one better that is as good as another is 5 % at most, however many values there are. What is said of any of the
others, that it under-fits or over-fits, may be said of each: there the 5 % are shared among them (Bonferroni's correction).
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from core.analysis.verdict import LEARNT, diverged, val_words
from core.config import NAMES
from core.kinds import Range, label
from core.search.found import TOLD, Found, outcomes, ranking, rivals
from core.search.grid import Grid, Place, kind_of
from core.search.outcome import Attempt, Outcome
from core.search.ridge import trade_off
from core.search.seeds import LEVEL, above, deviation, difference
from core.words import counted, decimals, listed, number, share_words

LITTLE = 1.0  # points: a smaller gap is nothing that anybody would call over-fitting, and a smaller fall no fall


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
            name = label(axis.setting).lower()
            called = f"number of {name}" if name.endswith("s") else name
            sentences.append(
                f"The highest lies **at the edge** of what was tried, with the {end} {called}: a {side} one may be better still."
            )
    return sentences


def _fits(found: Found, ranked: list[Place]) -> list[str]:
    """Which of those that are worse under-fit and which over-fit, and whether the highest over-fits itself."""
    compared, first = found.compared(), ranked[0]
    best = compared[first]
    level = LEVEL / max(1, len(ranked) - 1)
    others = [place for place in ranked[1:] if not compared[place].chance]
    worse = [place for place in others if above(best, compared[place], "validation", level)]
    under = [place for place in worse if above(best, compared[place], "training", level)]
    over = [place for place in worse if place not in under and above(compared[place], best, "gap", level)]
    return [*_under(found, first, under), *_over(found, first, over), *_own_gap(found.grid.words(first), best)]


def _under(found: Found, first: Place, under: Sequence[Place]) -> list[str]:
    """Which under-fit, beside the highest."""
    if not under:
        return []
    shares = [share_words(found.outcomes[place].training.mean, found.outcomes[place].size) for place in (first, *under)]
    numbers = f" ({listed(shares[1:])} against {shares[0]})" if len(under) <= TOLD else ""
    return [
        f"With {found.words(under)} it **under-fits**: it is worse than with {found.grid.words(first)} on new images, and on those "
        f"that it learns from as well{numbers}."
    ]


def _over(found: Found, first: Place, over: Sequence[Place]) -> list[str]:
    """Which over-fit more than the highest."""
    if not over:
        return []
    gaps = [_points(found.outcomes[place]) for place in (first, *over)]
    numbers = f" ({listed(gaps[1:])} points against {gaps[0]})" if len(over) <= TOLD else ""
    return [
        f"With {found.words(over)} it **over-fits** more than with {found.grid.words(first)}: it is worse on new images, and its gap is "
        f"larger{numbers}."
    ]


def _own_gap(name: str, best: Outcome) -> list[str]:
    """Whether the highest over-fits itself, as core/search/overfitting_reading.py says it of a size."""
    over = best.learnt and best.gap.mean >= LITTLE and best.gap.low > 0 and best.interval("gap").low > 0
    return [f"With {name} it over-fits by a gap of {_points(best)} points."] * over


def _points(outcome: Outcome) -> str:
    return number(outcome.gap.mean, decimals(outcome.size))


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
        if one.epochs == found.grid.config(place).epochs  # not cut off before
        and one.best.mean >= LEARNT
        and 100 * (one.best.mean - one.validation.mean) >= LITTLE
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
    mixed = [place for place, one in finished.items() if 0 < one.chance < one.seeds]
    sentences = []
    if nothing:
        sentences.append(f"With {found.words(nothing)} it **has learnt nothing**: it answers like chance.")
    if mixed:
        sentences.append(
            f"With {found.words(mixed)} some seeds **have learnt nothing** and others something: {_left_out(mixed)}."
        )
    return sentences


def _left_out(places: Sequence[Place]) -> str:
    return f"{'it is' if len(places) == 1 else 'they are'} left out of what is compared"


def _failed(found: Found) -> list[str]:
    """Which came to no end, all seeds or some, and why."""
    broken_at: list[Place] = []
    every: list[Place] = []
    some: list[Place] = []
    errors = Counter[str]()
    for place, attempts in found.attempts.items():
        failed = [attempt for attempt in attempts if attempt.status == "failed"]
        broken = [attempt.error for attempt in failed if not diverged(attempt.error)]
        errors.update(broken)
        if broken:
            broken_at.append(place)
        elif failed:
            (every if len(failed) == len(attempts) else some).append(place)
    sentences = []
    if every:
        sentences.append(f"With {found.words(every)} it **diverged**.")
    if some:
        sentences.append(f"With {found.words(some)} some seeds **diverged**: {_left_out(some)}.")
    if broken_at:
        sentences.append(f"With {found.words(broken_at)} some runs did not finish: {_left_out(broken_at)}.")
    return [*sentences, *errors]


def _open(found: Found) -> list[str]:
    """How much of it is not at its end."""
    every = [attempt for attempts in found.attempts.values() for attempt in attempts]
    n = sum(attempt.status not in ("done", "failed") for attempt in every)
    if not n or n == len(every):
        return []
    are = "is" if n == 1 else "are"
    return [f"{n} of {counted(len(every), 'run')} {are} not at the end: what is compared is the rest."]
