"""How good a network is, and how sure one can be of that: counts, shares and tests. NumPy and the standard library alone.

Digits are the labels 0 to 9, `n` is a number of images, and every interval is Wilson's, at 95%.
"""

import math
from typing import NamedTuple

import numpy as np

from core.data import CLASSES
from core.mlp import TINY


def wilson_interval(right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95% interval of a share, from `right` of `n` (E. B. Wilson, 1927); z is the normal quantile of 97.5%.

    Unlike the textbook's p +- z sqrt(p (1 - p) / n) it stays within [0, 1] and holds near both ends. No images at all say
    nothing: (0, 1).
    """
    if n == 0:
        return 0.0, 1.0
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def accuracy_interval(accuracy: float, n: int) -> tuple[float, float]:
    """The 95% interval of an accuracy that was measured on n images."""
    return wilson_interval(round(accuracy * n), n)


def difference_interval(
    first: float, n_first: int, second: float, n_second: int, z: float = 1.959964
) -> tuple[float, float]:
    """The 95% interval of the difference of two accuracies, the first minus the second, measured on so many images each.

    It follows from the intervals of the two (R. G. Newcombe, "Interval estimation for the difference between independent
    proportions", 1998, method 10). Where both were measured on the same images it is wider than it need be, since what is hard
    for one is hard for the other: a difference that it finds is one all the same.
    """
    first_low, first_high = wilson_interval(round(first * n_first), n_first, z)
    second_low, second_high = wilson_interval(round(second * n_second), n_second, z)
    difference = first - second
    low = difference - math.hypot(first - first_low, second_high - second)
    return low, difference + math.hypot(first_high - first, second - second_low)


class Share(NamedTuple):
    """`count` of `n` images."""

    count: int  # type: ignore[assignment]  # nobody counts the occurrences in such a tuple
    n: int

    @property
    def value(self) -> float:
        """From 0 to 1; not a number where there are no images."""
        return self.count / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share may well be on other images of the same kind."""
        return wilson_interval(self.count, self.n)


def guessing(labels: np.ndarray) -> tuple[int, Share]:
    """The answer that is right most often for labels (n,) if it is given always, and how often that is."""
    counts = np.bincount(labels, minlength=CLASSES)
    return int(counts.argmax()), Share(int(counts.max()), len(labels))


class Answers(NamedTuple):
    """What a network says to n images, and what would have been right."""

    probs: np.ndarray  # (n, 10), each row sums to 1
    labels: np.ndarray  # (n,) the true digits
    digits: np.ndarray  # (n,) the answered ones: the most probable of each row
    confidence: np.ndarray  # (n,) their probabilities

    @property
    def right(self) -> np.ndarray:
        """Which answers are right, (n,) bool."""
        return self.digits == self.labels

    @property
    def accuracy(self) -> Share:
        return Share(int(self.right.sum()), len(self.labels))

    @property
    def guesses(self) -> bool:
        """Whether no more is right than one and the same answer for all images would get right, as far as n can tell."""
        _, share = guessing(self.labels)
        return share.count < share.n and self.accuracy.interval[0] <= share.value

    @property
    def matrix(self) -> np.ndarray:
        return confusion_matrix(self.labels, self.digits)


def answers(probs: np.ndarray, labels: np.ndarray) -> Answers:
    """Probabilities (n, 10) and labels (n,) as answers. Of equally probable digits the smallest is the answer."""
    return Answers(probs, labels, probs.argmax(axis=1), probs.max(axis=1))


def confusion_matrix(labels: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """How many images of each true digit (rows) got each answer (columns): labels (n,), answers (n,) -> (10, 10) int64."""
    return np.bincount(labels.astype(np.int64) * CLASSES + digits, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


def row_shares(matrix: np.ndarray) -> np.ndarray:
    """Counts (10, 10) -> the share of each row, (10, 10) from 0 to 1. A digit without images has a row of zeros."""
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


class DigitScore(NamedTuple):
    """How well one digit is read.

    Recall: of the images of this digit, those that got it as their answer. Precision: of the images that got this answer,
    those of this digit. F1 is the harmonic mean of the two, from 0 to 1, not a number where the digit neither occurs nor is
    answered. Its interval: F1 = 2 j / (1 + j), and j is a share, of the right ones among all images that are of this digit
    or are taken for it; so the ends of j's interval give those of F1's.
    """

    digit: int
    recall: Share
    precision: Share
    f1: float
    f1_interval: tuple[float, float]


def digit_scores(matrix: np.ndarray) -> list[DigitScore]:
    """The score of each digit from counts (10, 10)."""
    scores = []
    for digit in range(len(matrix)):
        right, occurs, answered = (int(n) for n in (matrix[digit, digit], matrix[digit].sum(), matrix[:, digit].sum()))
        either = Share(right, occurs + answered - right)
        f1, low, high = (2 * j / (1 + j) for j in (either.value, *either.interval))
        scores.append(DigitScore(digit, Share(right, occurs), Share(right, answered), f1, (low, high)))
    return scores


class Pair(NamedTuple):
    """Two digits and how often each is taken for the other."""

    first: int
    second: int
    first_for_second: Share  # of the images of `first`
    second_for_first: Share

    @property
    def count(self) -> int:  # type: ignore[override]  # nobody counts the occurrences in such a tuple
        return self.first_for_second.count + self.second_for_first.count


def confused_pairs(matrix: np.ndarray) -> list[Pair]:
    """The pairs of digits that are taken for each other at all, most often first, from counts (10, 10)."""
    n = matrix.sum(axis=1)
    pairs = [
        Pair(a, b, Share(int(matrix[a, b]), int(n[a])), Share(int(matrix[b, a]), int(n[b])))
        for a in range(len(matrix))
        for b in range(a + 1, len(matrix))
    ]
    return sorted((pair for pair in pairs if pair.count), key=lambda pair: -pair.count)


def log_loss(probs: np.ndarray, labels: np.ndarray, least: float = TINY) -> float:
    """The mean of -log p(true digit) over the images, in nats: probs (n, 10), labels (n,).

    A probability below `least` counts as `least`. The default is training's own; scikit-learn's is the machine epsilon of
    the array's type.
    """
    of_truth = probs[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(of_truth, least)).mean())


class Bin(NamedTuple):
    """The answers of about the same confidence: low < confidence <= high (the first bin has its low end too)."""

    low: float
    high: float
    confidence: float  # their mean
    right: Share


def reliability(answers: Answers, bins: int = 15) -> list[Bin]:
    """The answers by confidence, in equally wide bins; a bin without answers is left out."""
    edges = np.linspace(0, 1, bins + 1)
    places = np.clip(np.ceil(answers.confidence.astype(np.float64) * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(places, minlength=bins)
    right = np.bincount(places, answers.right, bins)
    confidence = np.bincount(places, answers.confidence, bins) / np.maximum(count, 1)
    return [
        Bin(float(edges[i]), float(edges[i + 1]), float(confidence[i]), Share(int(right[i]), int(count[i])))
        for i in np.flatnonzero(count)
    ]


def calibration_error(bins: list[Bin]) -> float:
    """The expected calibration error, from 0 to 1: how far confidence and accuracy of a bin are apart, over all answers.

    sum over the bins of n_bin / n |accuracy - confidence| (C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of
    modern neural networks", 2017, equation 3, with their 15 bins).
    """
    n = sum(one.right.n for one in bins)
    return sum(one.right.n * abs(one.right.value - one.confidence) for one in bins) / n if n else 0.0


def overconfidence(answers: Answers) -> float:
    """By how many standard deviations a network is surer than it is right; below 0 it is less sure.

    If every answer were right with the probability that it claims, the number of right ones would have the mean sum(p) and
    the variance sum(p (1 - p)): z = (sum(p) - right) / sqrt(sum(p (1 - p))). This is the test of calibration in the large
    (D. R. Cox, "Two further applications of a model for binary regression", 1958).
    """
    p = answers.confidence.astype(np.float64)
    difference, variance = float(p.sum() - answers.right.sum()), float((p * (1 - p)).sum())
    if variance == 0:  # every answer is certain
        return math.copysign(math.inf, difference) if difference else 0.0
    return difference / math.sqrt(variance)


def above(answers: Answers, threshold: float) -> tuple[Share, Share]:
    """The answers that are at least so sure, of all; and those of them that are right. The others say “I don't know”."""
    kept = answers.confidence >= threshold
    n = int(kept.sum())
    return Share(n, len(kept)), Share(int(answers.right[kept].sum()), n)


class ThresholdCurve(NamedTuple):
    """For every threshold that makes a difference, from the surest answer to all: arrays (k,), each from 0 to 1."""

    threshold: np.ndarray
    answered: np.ndarray
    accuracy: np.ndarray  # among the answered


def threshold_curve(answers: Answers) -> ThresholdCurve:
    """How much is answered, and how much of that is right, when answers below a threshold are withheld."""
    order = np.argsort(-answers.confidence, kind="stable")
    confidence = answers.confidence[order]
    n = np.arange(1, len(order) + 1)
    accuracy = np.cumsum(answers.right[order]) / n
    ends = np.flatnonzero(np.append(confidence[1:] < confidence[:-1], True))  # answers equally sure come together
    return ThresholdCurve(confidence[ends], n[ends] / len(order), accuracy[ends])


def images_of_cell(answers: Answers, true: int, predicted: int) -> np.ndarray:
    """The positions of the images of a cell of the matrix: mistakes most confident first, right answers least so."""
    places = np.flatnonzero((answers.labels == true) & (answers.digits == predicted))
    sign = 1 if true == predicted else -1
    return places[np.argsort(sign * answers.confidence[places], kind="stable")]


def mistakes(answers: Answers) -> np.ndarray:
    """The positions of all images that are answered wrongly, most confident first."""
    places = np.flatnonzero(~answers.right)
    return places[np.argsort(-answers.confidence[places], kind="stable")]


def fisher_exact(first: Share, second: Share) -> float:
    """Whether two shares of different images differ: the p-value of Fisher's exact test, two-sided, from 0 to 1.

    If both came from one and the same chance, the count of the first would, given both sizes and the sum of the counts,
    be k with the probability C(n1, k) C(n2, K - k) / C(n1 + n2, K). The p-value is the sum of all such probabilities that
    are no larger than that of the observed count (R. A. Fisher, "Statistical Methods for Research Workers", section
    21.02). It holds for small counts as well, where the normal approximation of the z-test does not.
    """
    n1, n2, total = first.n, second.n, first.count + second.count
    k = np.arange(max(0, total - n2), min(n1, total) + 1)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n1 + n2 + 1)))])

    def log_choose(n: int, k: np.ndarray | int) -> np.ndarray:
        return log_factorial[n] - log_factorial[k] - log_factorial[n - k]

    logs = log_choose(n1, k) + log_choose(n2, total - k) - log_choose(n1 + n2, total)
    observed = logs[first.count - k[0]]
    return min(1.0, float(np.exp(logs[logs <= observed + 1e-9]).sum()))  # equal ones differ by rounding


def mcnemar_exact(first_only: int, second_only: int) -> float:
    """Whether two networks differ on the same images: the p-value of McNemar's exact test, two-sided, from 0 to 1.

    The arguments count the images that only the one and only the other reads right. If neither were better, each of those
    would fall to either side like a coin, and the p-value is twice the chance of the smaller count or fewer (Q. McNemar,
    "Note on the sampling error of the difference between correlated proportions", 1947, with the exact binomial).
    """
    n, term, tail = first_only + second_only, 1, 0
    for k in range(min(first_only, second_only) + 1):
        tail += term  # C(n, k), exactly
        term = term * (n - k) // (k + 1)
    return min(1.0, 2 * tail / 2**n)
