"""Test images whose label people dispute, and the two halves of the test set: what a network cannot be blamed for alone.

Images are named by their places among MNIST's 10,000 test images, from 0. Sentences are Markdown.
"""

from typing import NamedTuple

from core.analysis.evaluation import Answers, Share, difference_interval
from core.analysis.reading import share_with_interval
from core.data import TEST_SIZE
from core.words import article, listed, number, share_words

PEOPLE = 5  # who were asked about each image
HALF = TEST_SIZE // 2
MARK = "disputed"  # on a thumbnail


class Votes(NamedTuple):
    """What five people said of an image: its label, the digit that networks took it for, or neither of the two."""

    label: int
    other: int
    for_label: int
    for_other: int
    for_neither: int


# C. Northcutt, A. Athalye, J. Mueller, "Pervasive label errors in test sets destabilize machine learning benchmarks",
# arXiv 2103.14749; the votes from mturk/mnist_mturk.json of github.com/cleanlab/label-errors. Of the 100 test images in that
# file these 15 are those whose label at most two of five people stand by.
DISPUTED = {
    947: Votes(8, 9, 0, 5, 0),
    1621: Votes(0, 6, 2, 3, 0),
    1901: Votes(9, 4, 2, 3, 0),
    2130: Votes(4, 9, 2, 2, 1),
    2462: Votes(2, 0, 0, 4, 1),
    2597: Votes(5, 3, 0, 4, 1),
    2654: Votes(6, 1, 0, 2, 3),
    3520: Votes(6, 4, 2, 0, 3),
    3558: Votes(5, 0, 1, 4, 0),
    5937: Votes(5, 3, 1, 3, 1),
    6651: Votes(0, 6, 0, 5, 0),
    6783: Votes(1, 6, 2, 3, 0),
    8527: Votes(4, 9, 2, 2, 1),
    9679: Votes(6, 3, 2, 0, 3),
    9729: Votes(5, 6, 2, 3, 0),
}
CEILING = 1 - len(DISPUTED) / TEST_SIZE  # who reads more than that agrees with one of their labels
SOURCE = (
    "Disputed labels: [Northcutt, Athalye and Mueller, 2021](https://arxiv.org/abs/2103.14749) had five people look at each of "
    f"100 test images that networks had found suspicious, and for {len(DISPUTED)} at most two of the five gave the label. Among "
    "the images that nobody was asked about there may be more."
)
WHO_WROTE_THEM = (
    "MNIST's authors write that half of the test images come from employees of the Census Bureau and half from high-school "
    "students, that the students' are harder to read, and that the first 5,000 are the easier ones. In the files that everybody uses "
    "it is the other way round: each of [the report](report)'s six runs reads the last 5,000 better, by more than chance. That the first 5,000 "
    "are the students' is inferred from that, and not known."
)


def mistakes(answers: Answers) -> list[str]:
    """How many of a network's mistakes on the 10,000 test images are on disputed ones, and the ceiling that these leave.

    Nothing where the network is no better than guessing, or makes no mistake.
    """
    wrong = ~answers.right
    total = int(wrong.sum())
    if answers.guesses or not total:
        return []
    disputed = int(wrong[list(DISPUTED)].sum())
    on = f"the {len(DISPUTED)} test images whose label at most two of five people stand by"
    if total == 1:
        sentence = f"Its only mistake is on {'one' if disputed else 'none'} of {on}."
    else:
        sentence = f"Of its {total:,} mistakes, **{disputed or 'none'}** {'is' if disputed <= 1 else 'are'} on {on}."
    ceiling = share_words(CEILING, TEST_SIZE)
    return [f"{sentence} To read more than {ceiling} right, a network has to agree with some of those labels."]


def asked(index: int, answer: int, who: str = "The network") -> str:
    """What people said of a disputed test image, and whether a network's answer to it, a digit, is what most of them say.

    `who` is what the network is called, in Markdown, at the beginning of a sentence. Raises KeyError for an image whose label is not disputed.
    """
    label, other, *counts = DISPUTED[index]
    says = [
        f"{n or 'none'} {'say' if n > 1 else 'says'} {what}"
        for n, what in zip(counts, (label, other, "neither"), strict=True)
        if n or what == label
    ]
    title = "Its label is disputed." if answer == label else "Whose mistake is it?"
    words = (
        f"**{title}** Five people were asked whether this is {article(label)} {label}, as its label says, or "
        f"{article(other)} {other}: {listed(says)}."
    )
    if answer == other and DISPUTED[index].for_other > PEOPLE / 2:
        words += f" {who} says what most of them say, and is counted as wrong."
    return words


def halves(answers: Answers) -> tuple[Share, Share]:
    """The answers to the first and to the last 5,000 test images that are right."""
    first, last = (answers.right[part] for part in (slice(HALF), slice(HALF, None)))
    return Share(int(first.sum()), len(first)), Share(int(last.sum()), len(last))


def harder_half(first: Share, last: Share) -> str:
    """Whether one of the halves is harder for a network. They are different images: the interval is Newcombe's."""
    shares = (
        f"Of the first {first.n:,} test images it reads {share_with_interval(first)} right, of the last {last.n:,} "
    )
    shares += share_with_interval(last)
    if first.value == last.value:
        return f"{shares}: no difference at all."
    (more, harder), less = ((last, "first"), first) if last.value > first.value else ((first, "last"), last)
    low, high = (100 * end for end in difference_interval(more.value, more.n, less.value, less.n))
    points = f"{number(100 * (more.value - less.value), 2)} points (95% interval {number(low, 2)} to {number(high, 2)})"
    if low <= 0:
        return f"{shares}. The difference is {points}, which may well be chance."
    return f"{shares}. So **the {harder} {less.n:,} are harder**, by {points}, more than chance."
