"""Whether two settings differ by more than their seeds do, in a sentence: only what the numbers bear out.

Sentences are Markdown, and so are the names that come in.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from core.analysis.verdict import diverged, val_words
from core.config import Config
from core.search.outcome import Attempt, Outcome, outcome
from core.search.reading import seeds_words
from core.search.seeds import RULE, difference
from core.words import counted, number, signed

ASSUMED = f"{RULE} It speaks of other seeds, on these 10,000 validation images. Which of many pairs one looks at changes what it is worth."


class Side(NamedTuple):
    """One of two settings: what it is called, and its runs, a seed each."""

    name: str
    config: Config  # of one of its runs: the others differ in their seed alone
    attempts: Sequence[Attempt]


def comparison(first: Side, second: Side) -> str:
    """Whether the validation accuracies of two settings differ, at the end of training; nothing where either has but one run."""
    if min(len(first.attempts), len(second.attempts)) < 2:
        return ""
    sides = first, second
    reasons = [reason for side in sides if (reason := _no_one_thing(side))]
    if reasons:
        return f"Nothing is compared: {', and '.join(reasons)}."
    found = [outcome(side.config, side.attempts) for side in sides]
    few = [_few(side) for side in sides if _done(side) < 2]
    if few or found[0] is None or found[1] is None:
        return f"Whether the one is better than the other cannot be said yet: {', and '.join(few)}."
    return " ".join([*_said(sides, (found[0], found[1])), *_left_out(sides)])


def _done(side: Side) -> int:
    return sum(attempt.status == "done" for attempt in side.attempts)


def _no_one_thing(side: Side) -> str:
    """Why the mean of a side would be that of two different things; nothing where it would not."""
    failed = [attempt for attempt in side.attempts if attempt.status == "failed"]
    n = len(side.attempts)
    if failed:
        what = "diverged" if all(diverged(attempt.error) for attempt in failed) else "did not finish"
        return f"of **{side.name}** {len(failed)} of {n} seeds {what}"
    found = outcome(side.config, [attempt for attempt in side.attempts if attempt.status == "done"])
    if found and 0 < found.chance < found.seeds:
        return f"of **{side.name}** {found.chance} of {found.seeds} seeds learnt nothing"
    return ""


def _few(side: Side) -> str:
    done = _done(side)
    return f"of **{side.name}** {done or 'none'} of {counted(len(side.attempts), 'run')} {'are' if done > 1 else 'is'} done"


def _said(sides: tuple[Side, Side], found: tuple[Outcome, Outcome]) -> list[str]:
    (high, best), (low, other) = sorted(
        zip(sides, found, strict=True), key=lambda pair: -fmean(pair[1].values("validation"))
    )
    values = best.values("validation"), other.values("validation")
    sentences = [
        f"Of the validation images **{high.name}** reads {val_words(fmean(values[0]))} right ({seeds_words(best)}), "
        f"**{low.name}** {val_words(fmean(values[1]))} ({seeds_words(other)})."
    ]
    between = difference(*values)
    if between is None:
        return [*sentences, "Whether that is a difference cannot be said: the seeds have no spread to measure it by."]
    ends = f"95% interval {signed(100 * between[0], 2)} to {signed(100 * between[1], 2)}"
    points = f"{number(100 * (fmean(values[0]) - fmean(values[1])), 2)} points ({ends})"
    if between[0] > 0:
        return [*sentences, f"The difference, {points}, is **more than the seeds differ**."]
    return [*sentences, f"The difference, {points}, is **no more than the seeds differ**."]


def _left_out(sides: Sequence[Side]) -> list[str]:
    """What is not at its end, and not compared."""
    n = sum(len(side.attempts) - _done(side) for side in sides)
    return [
        f"{counted(n, 'run')} that {'is' if n == 1 else 'are'} not at the end {'is' if n == 1 else 'are'} left out."
    ] * bool(n)
