"""What a comparison of training-set sizes says, in sentences: only what its numbers bear out.

Sentences are Markdown. Two sizes differ where they are further apart than their seeds, so that the bands of the seeds do not
overlap, and than 95 % of what chance does to accuracies on so many images. Either alone says too little: two seeds are apart
one time in three without any reason, and one seed has no band. Where more than two sizes are compared, the 5 % are shared
among the pairs (Bonferroni's correction), so that the chance of any false claim among them is 5 % at most.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.analysis.verdict import GUESSING, val_words
from core.config import NAMES
from core.search.grid import Place
from core.search.outcome import Attempt, Outcome, states
from core.search.overfitting import outcomes
from core.words import decimals, listed, share_words, signed

LEVEL = 0.05  # of chance that a claim of a difference may have
LITTLE = 1.0  # points: a smaller gap is nothing that anybody would call over-fitting
IN_FULL = 3  # sizes: of more, the first and the last are told, and the table has the others


def reading(panels: Mapping[Place, Sequence[Attempt]], epochs: int, patience: int = 0) -> list[str]:
    """What happened, a paragraph for each network, in words that follow from the numbers alone."""
    found = outcomes(panels, epochs, patience)
    paragraphs = []
    for network in dict.fromkeys(network for network, _ in panels):
        of_network = [outcome for outcome in found if outcome.network == network]
        sentences = [
            *_numbers(network, of_network),
            *_not_learnt([outcome for outcome in of_network if outcome.finished]),
            *_over_fitting([outcome for outcome in of_network if outcome.finished and outcome.learnt]),
            *_trend_words(
                trend([one for one in of_network if one.finished and one.chance == 0], "validation"), "validation"
            ),
            *_one_seed([outcome for outcome in of_network if outcome.finished]),
            *_unfinished(network, panels, of_network, epochs),
        ]
        if sentences:
            paragraphs.append(" ".join(sentences))
    return paragraphs


def training_words(outcome: Outcome) -> str:
    """Its accuracy on its own images, over the seeds."""
    return share_words(outcome.training.mean, outcome.size)


def validation_words(outcome: Outcome) -> str:
    """Its accuracy on the validation images, over the seeds."""
    return val_words(outcome.validation.mean)


def gap_words(outcome: Outcome) -> str:
    """Its gap in points, with as many decimals as its accuracy on its own images, e.g. "8.1" or "−0.25"."""
    number = signed(outcome.gap.mean, decimals(outcome.size))
    return number.removeprefix("+")


def _numbers(network: str, found: list[Outcome]) -> list[str]:
    """The accuracies and the gap of each size that is finished; of many sizes, of the first and the last."""
    finished = [outcome for outcome in found if outcome.finished]
    if not finished:
        return []
    told = finished if len(finished) <= IN_FULL else [finished[0], finished[-1]]
    first, *others = told
    sentence = (
        f"With **{first.size:,}** images the {NAMES[network]} reads **{training_words(first)}** of them right, and "
        f"**{validation_words(first)}** of the 10,000 validation images: {_gap(first)}"
    )
    for other in others:
        sentence += (
            f"; with **{other.size:,}**, **{training_words(other)}** and **{validation_words(other)}**: {_gap(other)}"
        )
    seeds = {outcome.seeds for outcome in told}
    if seeds != {1}:
        sentence += f" (means of {' or '.join(map(str, sorted(seeds)))} seeds)"
    return [f"{sentence}."]


def _gap(outcome: Outcome) -> str:
    points = f"{gap_words(outcome)} points"
    return f"a gap of {points}" if round(outcome.gap.mean, decimals(outcome.size)) > 0 else f"no gap ({points})"


def _not_learnt(finished: list[Outcome]) -> list[str]:
    """Which sizes came to no result, or to so little that their gap says nothing."""
    every = len(finished)
    nothing = [outcome for outcome in finished if outcome.chance == outcome.seeds]
    mixed = [outcome for outcome in finished if 0 < outcome.chance < outcome.seeds]
    hardly = [outcome for outcome in finished if outcome.chance == 0 and not outcome.learnt]
    sentences = []
    if nothing:
        shares = listed(dict.fromkeys(validation_words(outcome) for outcome in nothing))
        sentences.append(
            f"With {_sizes(nothing, every)} it **has learnt nothing**: it answers like chance ({shares} of the validation "
            "images)."
        )
    for outcome in mixed:
        sentences.append(
            f"With {_sizes([outcome])}, {outcome.chance} of {outcome.seeds} seeds **learnt nothing** and answer like chance: "
            "the means there are of two different things, and nothing more is said of them."
        )
    if hardly:
        shares = listed(dict.fromkeys(training_words(outcome) for outcome in hardly))
        gaps = "a gap says nothing" if len(hardly) == 1 else "the gaps say nothing"
        sentences.append(
            f"With {_sizes(hardly, every)} it **has hardly learnt**: it reads {shares} of its own images right, so there "
            f"{gaps} about over-fitting."
        )
    for outcome in finished:
        losses = [
            history[-1].val_loss
            for history, said in zip(outcome.histories, outcome.verdicts, strict=True)
            if said and said.words == "sure and wrong"
        ]
        if losses:
            who = "it is" if len(losses) == outcome.seeds else f"{len(losses)} of {outcome.seeds} seeds are"
            sentences.append(
                f"With {_sizes([outcome])} {who} **sure and wrong**: the loss on the validation images is "
                f"{sum(losses) / len(losses):.2f}, where one tenth for every digit would make {GUESSING:.2f}."
            )
    return sentences


def _over_fitting(learnt: list[Outcome]) -> list[str]:
    """Which sizes over-fit, and what more data does to the gap."""
    if not learnt:
        return []
    large = [outcome for outcome in learnt if outcome.gap.mean >= LITTLE]
    sure = [outcome for outcome in large if outcome.interval("gap").low > 0 and outcome.gap.low > 0]
    unsure = [outcome for outcome in large if outcome not in sure]
    sentences = []
    if sure:
        sentences.append(
            f"It **over-fits** with {_sizes(sure)}: it reads its own images better than new ones, by more than chance."
        )
    if unsure:
        gaps = "the gap may be chance" if len(unsure) == 1 else "the gaps may be chance"
        seeds = any(outcome.gap.low <= 0 for outcome in unsure if outcome.seeds > 1)
        why = "with some seeds there is none" if seeds else "the accuracies are not known that well from so few images"
        sentences.append(f"With {_sizes(unsure)} {gaps}: {why}.")
    if not large:
        sizes = _sizes(learnt) if len(learnt) == 1 else f"any of {_sizes(learnt)}"
        sentences.append(f"It does not over-fit to speak of with {sizes}: a gap below 1 point is not called that.")
    return sentences + _trend_words(trend(learnt, "gap"), "gap")


class Trend(NamedTuple):
    """How a number goes with the size: "up", "down", "both" or "neither"; and two sizes that show it, the smaller first."""

    way: str
    first: Outcome
    last: Outcome
    sizes: Sequence[Outcome]  # all that were compared


def trend(found: Sequence[Outcome], name: str) -> Trend | None:
    """How the gap or the validation accuracy goes with the size, smallest first. None with fewer than two sizes.

    The way is that of every two sizes which differ, whether or not they are neighbours.
    """
    if len(found) < 2:
        return None
    changes = [
        (_mean(b, name) - _mean(a, name), a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if not same(a, b, name, _pairs(found))
    ]
    ways, whole = {change > 0 for change, _, _ in changes}, (found[0], found[-1])
    if len(ways) == 1:
        pairs = [(a, b) for _, a, b in sorted(changes, key=lambda change: -abs(change[0]))]
        first, last = whole if whole in pairs else pairs[0]
        return Trend("up" if True in ways else "down", first, last, found)
    extremes = [pick(found, key=lambda outcome: _mean(outcome, name)) for pick in (min, max)]
    first, last = sorted(extremes, key=lambda outcome: outcome.size) if extremes[0] is not extremes[1] else whole
    return Trend("both" if ways else "neither", first, last, found)


def same(a: Outcome, b: Outcome, name: str, pairs: int = 1) -> str:
    """Why the gaps or the validation accuracies of two sizes count as no different, in words; nothing where they differ.

    `pairs` is how many such questions share the 5 %.
    """
    one, other = getattr(a, name), getattr(b, name)
    if one.mean == other.mean:
        return "they are equal"
    if max(a.seeds, b.seeds) > 1 and one.low <= other.high and other.low <= one.high:
        return "that is no more than the seeds differ"
    first, second = a.interval(name, LEVEL / pairs), b.interval(name, LEVEL / pairs)
    difference = second.value - first.value
    below = math.hypot(second.value - second.low, first.high - first.value)
    above = math.hypot(second.high - second.value, first.value - first.low)
    if difference - below <= 0 <= difference + above:
        return "that may be chance: accuracies on so many images are not known more closely (95% interval)"
    return ""


def _pairs(found: Sequence[Outcome]) -> int:
    return len(found) * (len(found) - 1) // 2


NOUNS = {"gap": "gap", "validation": "validation accuracy"}
VERBS = {"gap": {"up": "grows", "down": "shrinks"}, "validation": {"up": "rises", "down": "falls"}}


def _trend_words(found: Trend | None, name: str) -> list[str]:
    if found is None:
        return []
    a, b, noun = found.first, found.last, NOUNS[name]
    numbers = [_value_words(outcome, name) for outcome in (a, b)]
    both = f"{numbers[0]} with {a.size:,} images and {numbers[1]} with {b.size:,}"
    higher = _mean(b, name) > _mean(a, name)
    if found.way == "neither":
        every = "" if len(found.sizes) == 2 else f" with {_sizes(found.sizes)}, even at its least and its most"
        return [
            f"The {noun} is the same as far as these runs can tell{every}: {both}; {same(a, b, name, _pairs(found.sizes))}."
        ]
    if found.way == "both":
        ends = ("least", "most") if higher else ("most", "least")
        return [
            f"The {noun} goes **up and down** with the size: it is {ends[0]} with {a.size:,} images ({numbers[0]}) and "
            f"{ends[1]} with {b.size:,} ({numbers[1]})."
        ]
    if (a, b) == (found.sizes[0], found.sizes[-1]):
        words = f"The {noun} **{VERBS[name][found.way]} with more data**: {both}."
    else:
        words = f"The {noun} is {'higher' if higher else 'lower'} with {b.size:,} images than with {a.size:,}: {both}."
    if name == "gap" and found.way == "up":
        places = min(decimals(a.size), decimals(b.size))
        training, validation = (
            signed((getattr(b, part).mean - getattr(a, part).mean) * 100, places) for part in ("training", "validation")
        )
        words += (
            f" Between the two, training accuracy changes by {training} points and validation accuracy by {validation}."
        )
    return [words]


def _one_seed(finished: list[Outcome]) -> list[str]:
    """What a comparison with one seed cannot tell."""
    if len(finished) < 2 or any(outcome.seeds > 1 for outcome in finished):
        return []
    return ["All of this is from one seed: how much another one would change, more seeds tell."]


def _unfinished(
    network: str, panels: Mapping[Place, Sequence[Attempt]], found: list[Outcome], epochs: int
) -> list[str]:
    """What is not at its end, or never will be."""
    sentences, by_size = [], {outcome.size: outcome for outcome in found}
    for (of, size), attempts in panels.items():
        if of != network:
            continue
        failed = [attempt for attempt in attempts if attempt.status == "failed"]
        open_ones = [attempt for attempt in attempts if attempt.status not in ("failed", "missing")]
        going = states(open_ones, epochs)
        outcome = by_size.get(size)
        if outcome and not outcome.finished:
            sentences.append(
                f"With {size:,} images the {NAMES[network]} is not at its end ({listed(going)}): after epoch {outcome.epoch} of "
                f"{outcome.epochs} it reads {training_words(outcome)} of them right, and {validation_words(outcome)} of the "
                "validation images, which is compared with nothing here."
            )
        elif outcome and going:
            sentences.append(f"Left out with {size:,} images: {listed(going)}.")
        for error, n in Counter(attempt.error for attempt in failed).items():
            who = (
                f"the {NAMES[network]}"
                if len(attempts) == 1
                else f"{n} of {len(attempts)} seeds of the {NAMES[network]}"
            )
            sentences.append(f"With {size:,} images {who} did not finish. {error}")
    return sentences


def _sizes(found: Sequence[Outcome], every: int = 0) -> str:
    """Sizes in words, e.g. "200 and 1,000 images"; "each of these sizes" where they are all of so many."""
    words = f"{listed(f'{outcome.size:,}' for outcome in found)} images"
    return f"each of these sizes ({words})" if len(found) == every > 1 else words


def _mean(outcome: Outcome, name: str) -> float:
    return getattr(outcome, name).mean


def _value_words(outcome: Outcome, name: str) -> str:
    return f"{gap_words(outcome)} points" if name == "gap" else validation_words(outcome)
