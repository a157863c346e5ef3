"""What a confusion matrix says, in sentences: only what the counts support, and how sure one can be of it.

Sentences are Markdown. Where pairs of digits were not chosen beforehand but stand out of all 45, each is tested at 5% / 45
(Bonferroni's correction), so that the chance of any false claim among them is 5% at most. What such a test is, EXPLAINED
says to whoever reads the sentences.
"""

import numpy as np

from core.analysis.evaluation import (
    Answers,
    DigitScore,
    Pair,
    Share,
    confused_pairs,
    digit_scores,
    fisher_exact,
    guessing,
    mcnemar_exact,
    overconfidence,
)
from core.data import CLASSES
from core.words import counted, interval_words, listed, percent, share_words

LEVEL = 0.05  # of chance that a claim of “more than chance” may have
Z = 1.959964  # what |z| exceeds with that chance
PAIRS = CLASSES * (CLASSES - 1) // 2
MOST_PAIRS = 3  # in one reading


EXPLAINED = {
    "interval": "In brackets: the 95% interval, in which the share may well lie on other images of the same kind.",
    "digits": "More than chance: Fisher's exact test asks how often counts at least so uneven would come about if both "
    "digits were equally hard. That is p; below 5% it is taken for more than chance.",
    "pairs": "More than chance: were there no difference, counts at least so uneven would come about with the probability p "
    f"(Fisher's exact test). As {PAIRS} pairs of digits are looked at, p has to be below {LEVEL / PAIRS:.4f}, which is 5% "
    f"shared among {PAIRS}.",
    "networks": "More than chance: only the images that one network reads and the other does not can tell. Were both equally "
    "good, each of these would go either way like a tossed coin, and p is how often coins come down at least so unevenly "
    "(McNemar's exact test). Below 5% it is taken for more than chance; for single digits below 0.5%, as there are ten.",
}


def explained(sentences: list[str], test: str) -> str:
    """The words in such sentences that need it, explained; `test` is one of EXPLAINED."""
    said = " ".join(sentences)
    words = {"interval": "%)" in said, test: "chance" in said}
    return " ".join(EXPLAINED[name] for name, there in words.items() if there)


def reading(answers: Answers, images: str = "images") -> list[str]:
    """The sentences about one network: how much it reads, which digits are hardest, which are taken for each other."""
    matrix = answers.matrix
    first = overall(answers.accuracy, images)
    never = never_answered(matrix)
    if answers.guesses:
        return [first, *never, no_better(answers)]
    if never:  # there is no more to read while it does not know all digits
        return [first, *never]
    return [first, *hardest(digit_scores(matrix)), *pairs(confused_pairs(matrix))]


def overall(accuracy: Share, images: str) -> str:
    """How many are read right. `images` is what they are called, in the plural."""
    wrong = accuracy.n - accuracy.count
    if accuracy.n == 0:
        return f"There are no {images}."
    if accuracy.n == 1:
        return f"The only one of the {images} is read {'wrong' if wrong else 'right'}, which says little about others."
    if wrong == 0:
        low, _ = accuracy.interval
        return (
            f"All {accuracy.n:,} {images} are read right; of others like them, at least "
            f"{share_words(low, accuracy.n)} may well be (95% interval)."
        )
    if accuracy.count == 0:
        return f"None of the {accuracy.n:,} {images} is read right."
    are = "is" if accuracy.count == 1 else "are"
    not_read = "1 is not" if wrong == 1 else f"{wrong:,} are not"
    return f"{share_with_interval(accuracy)} of {accuracy.n:,} {images} {are} read right, {not_read}."


def no_better(answers: Answers) -> str:
    """What to hold against a network that reads no more than guessing does."""
    digit, share = guessing(answers.labels)
    return (
        f"**No better than guessing**, as far as {counted(share.n, 'image')} can tell: whoever always answers {digit} is right "
        f"on {share_words(share.value, share.n)} of them."
    )


def never_answered(matrix: np.ndarray) -> list[str]:
    """Which digits the network does not know at all, from counts (10, 10)."""
    answered = matrix.sum(axis=0)
    never = np.flatnonzero(answered == 0)
    if never.size == 0 or answered.sum() == 0:
        return []
    if never.size == CLASSES - 1:
        return [f"The answer to every image is **{answered.argmax()}**."]
    return [f"The answer is never {listed(map(str, never), 'or')}."]


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
        n = min(score.recall.n for score in at_the_end)
        return [f"Hardest are the {plurals(at_the_end)}: {share_words(lowest, n)} of each are read right."]
    (one,) = at_the_end
    others = [score for score in scores if score is not one]
    sure = [score for score in others if fisher_exact(one.recall, score.recall) < LEVEL / PAIRS]
    sentence = f"Hardest are the **{one.digit}s**: {share_with_interval(one.recall)} of them are read right."
    if not sure:
        return [f"{sentence} That they come last may be chance."]
    rest = [score for score in others if score not in sure]
    if not rest:
        return [f"{sentence} That is worse than every other digit by more than chance."]
    if len(rest) < len(sure):
        return [f"{sentence} That is worse than all others but the {plurals(rest)} by more than chance."]
    against = f"That is worse than the {plurals(sure)} by more than chance; against the others it may be chance."
    return [f"{sentence} {against}"]


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
    if not share.n:
        return f"There are no {true}s."
    if true == predicted:
        return f"**{share.count:,}** of {share.n:,} {true}s {_are(share)} read right: {share_with_interval(share)}."
    ours = (
        f"**{share.count:,}** of {share.n:,} {true}s {_are(share)} taken for {predicted}: {share_with_interval(share)}."
    )
    return f"{ours} The other way round: {back.count:,} of {back.n:,}."


def two_digits(first: DigitScore, second: DigitScore) -> str:
    """Whether one digit that was chosen beforehand is harder than another one."""
    a, b = first.recall, second.recall
    if first.digit == second.digit:
        return "These are one and the same digit: choose two."
    if not (a.n and b.n):
        return "One of these digits has no images."
    shares = f"{share_with_interval(a)} of the {first.digit}s are read right, and "
    shares += f"{share_with_interval(b)} of the {second.digit}s"
    if a.value == b.value:
        return f"{shares}: no difference at all."
    harder = first.digit if a.value < b.value else second.digit
    p = fisher_exact(a, b)
    if p < LEVEL:
        return f"{shares}. So **the {harder}s are harder**, by more than chance ({p_words(p)})."
    return f"{shares}. That the {harder}s come out harder may be chance ({p_words(p)})."


def certainty(answers: Answers) -> str:
    """Whether a network is as sure as it is right."""
    confidence, z = float(answers.confidence.mean(dtype=float)), overconfidence(answers)
    right = answers.accuracy
    sentence = (
        f"On average an answer is {percent(confidence)} sure, and {share_words(right.value, right.n)} of them are right"
    )
    if z > Z:
        return f"{sentence}: **over-confident**, by more than chance."
    if z < -Z:
        return f"{sentence}: **less sure than it could be**, by more than chance."
    return f"{sentence}: on average as sure as right, as far as {counted(right.n, 'image')} can tell."


def comparison(first: Answers, second: Answers, names: tuple[str, str], images: str = "images") -> list[str]:
    """Two networks on the same images: who is better, and at which digits, by McNemar's exact test."""
    one, other = names
    only_first, only_second = int((first.right & ~second.right).sum()), int((second.right & ~first.right).sum())
    shares = f"{one} reads {share_with_interval(first.accuracy)} of the {images} right, "
    shares += f"{other} {share_with_interval(second.accuracy)}."
    guess = [name for name, answers in zip(names, (first, second), strict=True) if answers.guesses]
    if guess:
        shares += f" No better than guessing: {listed(guess)}."
    if only_first + only_second == 0:
        return [shares, "Both are right on exactly the same images."]
    p = mcnemar_exact(only_first, only_second)
    if p >= LEVEL:
        verdict = "the difference may be chance"
    else:
        better = one if only_first > only_second else other
        verdict = f"**{better} is better by more than chance**"
    are = "is" if only_first == 1 else "are"
    counts = f"{counted(only_first, 'image')} {are} read right by {one} alone, {only_second:,} by {other} alone"
    return [shares, f"{counts}: {verdict} ({p_words(p)}).", *_by_digit(first, second, names)]


def _by_digit(first: Answers, second: Answers, names: tuple[str, str]) -> list[str]:
    """At which digits one of two networks is better, each tested at 5% / 10."""
    better: dict[str, list[str]] = {name: [] for name in names}
    for digit in range(CLASSES):
        of_digit = first.labels == digit
        only = [int((a.right & ~b.right & of_digit).sum()) for a, b in ((first, second), (second, first))]
        if mcnemar_exact(*only) < LEVEL / CLASSES:
            better[names[only[1] > only[0]]].append(f"{digit}s")
    parts = [f"{name} with the {listed(digits)}" for name, digits in better.items() if digits]
    if not parts:
        return ["At no single digit is the difference more than chance."]
    return [f"Better by more than chance: {listed(parts)}."]


def pruning(percents: list[int], shares: list[Share], whole: Share) -> str:
    """What the curve of pruning says: shares of a sample for each percentage, from 0 on; `whole` is of all images."""
    first = shares[0]
    sample = f"On {first.n:,} of the {whole.n:,} test images, which put the whole network at {share_words(first.value, first.n)}"
    kept = 0
    for percentage, share in zip(percents, shares, strict=True):
        if share.value < first.value - 0.01 - 1e-9:
            break
        kept = percentage
    if kept == percents[-1]:
        return f"{sample}: pruning costs it no more than one point, however much of it goes."
    if kept == percents[0]:
        return f"{sample}: without the smallest {percents[1]}% of its weights it loses more than one point."
    return f"{sample}: without the smallest {kept}% of its weights it loses one point at most."


def share_with_interval(share: Share) -> str:
    """A share with its interval, e.g. "**1.8%** (1.1% to 2.9%)"."""
    if not share.n:
        return "none"
    return f"**{share_words(share.value, share.n)}** ({interval_words(share.interval, share.n)})"


def p_words(p: float) -> str:
    """A p-value as one writes it."""
    return (
        "p < 0.0001" if p < 0.0001 else f"p = {p:.4f}" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"
    )


def plurals(scores: list[DigitScore]) -> str:
    return listed(f"{score.digit}s" for score in scores)


def _are(share: Share) -> str:
    return "is" if share.count == 1 else "are"


def _pair_words(pair: Pair, most: bool) -> str:
    a, b, there, back = pair
    words = f"{'Confused most often: ' if most else ''}**{a} and {b}**, {pair.count:,} times. "
    words += f"{there.count:,} of {there.n:,} {a}s {_are(there)} taken for {b}, {share_with_interval(there)}"
    words += f"; {back.count:,} of {back.n:,} {b}s for {a}, {share_with_interval(back)}."
    if not (there.n and back.n) or there.value == back.value:
        return words
    p = fisher_exact(there, back)
    if p < LEVEL / PAIRS:
        return f"{words} The two ways differ by more than chance ({p_words(p)})."
    return f"{words} That the two ways differ may be chance ({p_words(p)})."
