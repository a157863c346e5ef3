"""What a confusion matrix says, in sentences: only what the counts support, and how sure one can be of it.

Sentences are Markdown. Where pairs of digits were not chosen beforehand but stand out of all 45, each is tested at 5 % / 45
(Bonferroni's correction), so that the chance of any false claim among them is 5 % at most.
"""

import numpy as np

from core.evaluation import (
    DIGITS,
    Answers,
    DigitScore,
    Pair,
    Share,
    confused_pairs,
    digit_scores,
    fisher_exact,
    mcnemar_exact,
    overconfidence,
)

LEVEL = 0.05  # of chance that a claim of “more than chance” may have
Z = 1.959964  # what |z| exceeds with that chance
PAIRS = DIGITS * (DIGITS - 1) // 2
MOST_PAIRS = 3  # in one reading


def reading(answers: Answers, images: str = "images") -> list[str]:
    """The sentences about one network: how much it reads, which digits are hardest, which are taken for each other."""
    matrix = answers.matrix
    first = overall(answers.accuracy, images)
    never = never_answered(matrix)
    if never:  # it has hardly learned anything yet, so there is no more to read
        return [first, *never]
    return [first, *hardest(digit_scores(matrix)), *pairs(confused_pairs(matrix))]


def overall(accuracy: Share, images: str) -> str:
    """How many are read right. `images` is what they are called, in the plural."""
    n, wrong = f"{accuracy.n:,}", accuracy.n - accuracy.count
    if accuracy.n == 0:
        return f"There are no {images}."
    if wrong == 0:
        low, _ = accuracy.interval
        return f"All {n} {images} are read right; of others like them, at least {low:.2%} (95 % interval)."
    if accuracy.count == 0:
        return f"None of the {n} {images} is read right."
    mistakes = "1 is not" if wrong == 1 else f"{wrong:,} are not"
    return f"{share_words(accuracy)} of {n} {images} are read right, {mistakes}."


def never_answered(matrix: np.ndarray) -> list[str]:
    """Which digits the network does not know at all, from counts (10, 10)."""
    answered = matrix.sum(axis=0)
    never = np.flatnonzero(answered == 0)
    if never.size == 0 or answered.sum() == 0:
        return []
    if never.size == DIGITS - 1:
        return [f"The answer is **{answered.argmax()}**, whatever is shown."]
    return [f"The answer is never {either(map(str, never))}."]


def hardest(scores: list[DigitScore]) -> list[str]:
    """The digit that is read right least often, and against which others that is more than chance."""
    scores = [score for score in scores if score.recall.n]
    if len(scores) < 2:
        return []
    lowest = min(score.recall.value for score in scores)
    at_the_end = [score for score in scores if score.recall.value == lowest]
    if len(at_the_end) == len(scores):
        return []
    if len(at_the_end) > 1:
        return [f"Hardest are the {plurals(at_the_end)}: {lowest:.1%} of each are read right."]
    (one,) = at_the_end
    others = [score for score in scores if score is not one]
    sure = [score for score in others if fisher_exact(one.recall, score.recall) < LEVEL / PAIRS]
    sentence = f"Hardest are the **{one.digit}s**: {share_words(one.recall)} are read right."
    if not sure:
        return [f"{sentence} That they come last may be chance."]
    rest = [score for score in others if score not in sure]
    if not rest:
        sentence += " That is worse than every other digit by more than chance"
    elif len(rest) < len(sure):
        sentence += f" That is worse than all others but the {plurals(rest)} by more than chance"
    else:
        sentence += f" That is worse than the {plurals(sure)} by more than chance; against the others it may be chance"
    return [f"{sentence} (Fisher's exact test, 5% shared among the {PAIRS} pairs of digits)."]


def pairs(confused: list[Pair]) -> list[str]:
    """The pairs that are taken for each other most often, from pairs in that order."""
    if not confused:
        return []
    if confused[0].count == 1:
        return ["No two digits are taken for each other more than once."]
    shown = [pair for pair in confused[:MOST_PAIRS] if pair.count > 1]
    left_out = [pair for pair in confused[len(shown) :] if pair.count == shown[-1].count]
    sentences = [_pair_words(pair, most=pair.count == confused[0].count) for pair in shown]
    if left_out:
        alike = "one more pair is" if len(left_out) == 1 else f"{len(left_out)} more pairs are"
        sentences[-1] += f" ({alike} confused just as often.)"
    return sentences


def cell(true: int, predicted: int, share: Share, back: Share) -> str:
    """One cell of the matrix, and for a mistake the cell across the diagonal (`back`), in a sentence."""
    if true == predicted:
        return f"**{share.count:,}** of {share.n:,} {true}s are read right: {share_words(share)}."
    ours = f"**{share.count:,}** of {share.n:,} {true}s are taken for {predicted}: {share_words(share)}."
    return f"{ours} The other way round: {back.count:,} of {back.n:,}."


def two_digits(first: DigitScore, second: DigitScore) -> str:
    """Whether one digit that was chosen beforehand is harder than another one."""
    a, b = first.recall, second.recall
    if not (a.n and b.n):
        return "One of these digits has no images."
    shares = f"{share_words(a)} of the {first.digit}s are read right, and {share_words(b)} of the {second.digit}s"
    if a.value == b.value:
        return f"{shares}: no difference at all."
    p = fisher_exact(a, b)
    verdict = "more than chance" if p < LEVEL else "a difference that may be chance"
    return f"{shares}: {verdict} (Fisher's exact test, {p_words(p)})."


def certainty(answers: Answers) -> str:
    """Whether a network is as sure as it is right."""
    confidence, z = float(answers.confidence.mean(dtype=float)), overconfidence(answers)
    sentence = f"On average an answer is {confidence:.1%} sure, and {answers.accuracy.value:.1%} of them are right"
    if z > Z:
        return f"{sentence}: **over-confident**, by more than chance."
    if z < -Z:
        return f"{sentence}: **less sure than it could be**, by more than chance."
    return f"{sentence}: as sure as right, as far as {answers.accuracy.n:,} images can tell."


def comparison(first: Answers, second: Answers, names: tuple[str, str], images: str = "images") -> list[str]:
    """Two networks on the same images: who is better, and at which digits, by McNemar's exact test."""
    one, other = names
    only_first, only_second = int((first.right & ~second.right).sum()), int((second.right & ~first.right).sum())
    shares = f"{one} reads {share_words(first.accuracy)} of the {images} right, {other} {share_words(second.accuracy)}."
    if only_first + only_second == 0:
        return [shares, "Both are right on exactly the same images."]
    p = mcnemar_exact(only_first, only_second)
    if p >= LEVEL:
        verdict = "the difference may be chance"
    else:
        better = one if only_first > only_second else other
        verdict = f"**{better} is better by more than chance**"
    counts = f"{only_first:,} images are read right by {one} alone, {only_second:,} by {other} alone"
    return [shares, f"{counts}: {verdict} (McNemar's exact test, {p_words(p)}).", *_by_digit(first, second, names)]


def _by_digit(first: Answers, second: Answers, names: tuple[str, str]) -> list[str]:
    """At which digits one of two networks is better, each tested at 5 % / 10."""
    better: dict[str, list[str]] = {name: [] for name in names}
    for digit in range(DIGITS):
        of_digit = first.labels == digit
        only = [int((a.right & ~b.right & of_digit).sum()) for a, b in ((first, second), (second, first))]
        if mcnemar_exact(*only) < LEVEL / DIGITS:
            better[names[only[1] > only[0]]].append(f"{digit}s")
    parts = [f"{name} with the {both(digits)}" for name, digits in better.items() if digits]
    if not parts:
        return ["No single digit shows a difference that is more than chance (the same test, 5% shared among the ten)."]
    return [f"Better by more than chance: {both(parts)} (the same test, 5% shared among the ten digits)."]


def share_words(share: Share) -> str:
    """A share with its interval, e.g. "**1.8%** (1.1 to 2.9%)"."""
    if not share.n:
        return "none"
    low, high = share.interval
    places = 1 if share.n < 5_000 else 2
    return f"**{share.value:.{places}%}** ({low * 100:.{places}f} to {high:.{places}%})"


def p_words(p: float) -> str:
    """A p-value as one writes it."""
    return (
        "p < 0.0001" if p < 0.0001 else f"p = {p:.4f}" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"
    )


def both(words) -> str:
    """A list in words: a, b and c."""
    return _listed(words, "and")


def either(words) -> str:
    """A choice in words: a, b or c."""
    return _listed(words, "or")


def plurals(scores: list[DigitScore]) -> str:
    return both(f"{score.digit}s" for score in scores)


def _listed(words, last: str) -> str:
    *before, end = list(words)
    return f"{', '.join(before)} {last} {end}" if before else end


def _pair_words(pair: Pair, most: bool) -> str:
    a, b, there, back = pair
    words = f"{'Confused most often: ' if most else ''}**{a} and {b}**, {pair.count:,} times. "
    words += f"{there.count:,} of {there.n:,} {a}s are taken for {b}, {share_words(there)}"
    words += f"; {back.count:,} of {back.n:,} {b}s for {a}, {share_words(back)}."
    if not (there.n and back.n) or there.value == back.value:
        return words
    p = fisher_exact(there, back)
    if p < LEVEL / PAIRS:
        return f"{words} The two ways differ by more than chance ({p_words(p)})."
    return f"{words} That the two ways differ may be chance ({p_words(p)})."
