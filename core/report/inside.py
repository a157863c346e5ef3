"""What the report says of its MLP itself, before training and after it: a row for each, from the network and its answers."""

from collections.abc import Mapping

import numpy as np

from core.analysis.evaluation import Answers, Share
from core.data import CLASSES, PIXELS, TEST_SIZE
from core.mlp import MLP
from core.report import said
from core.report.rows import DIFFERENT, SAME, Row, Runs, counted, opens
from core.words import TIMES, listed, share_words, significant


def untrained(labels: np.ndarray, digits: np.ndarray, everything: Share) -> list[Row]:
    """Before any training: the answers to the first five images, and how much of the test set is read right."""
    right = int((labels == digits).sum())
    theirs = sum(a == b for a, b in zip(said.UNTRAINED, said.UNTRAINED_LABELS, strict=True))
    low, high = everything.interval
    return [
        Row(
            "Right among five images, before training",
            f"{theirs} of {len(said.UNTRAINED)}",
            f"{right} of {len(labels)}",
            SAME if right == theirs else "five images decide nothing",
            *opens("MLP full", "confusion", epoch="0"),
        ),
        Row(
            "Right among all test images, before training",
            "not said",
            share_words(everything.value, everything.n),
            "as by guessing" if low <= 1 / CLASSES <= high else f"one tenth would be {share_words(0.1, everything.n)}",
            *opens("MLP full", "confusion", epoch="0"),
        ),
    ]


def initialisation(first: MLP) -> list[Row]:
    """How the weights start: their shapes, their standard deviations, and the biases."""
    units = len(first.w1)
    rows = []
    for name, weights, inputs in (("W₁", first.w1, PIXELS), ("W₂", first.w2, units)):
        wanted, found = 0.1 / np.sqrt(inputs), float(weights.std(dtype=float))
        error = wanted / np.sqrt(2 * weights.size)  # of a standard deviation that is measured on so many normal numbers
        near = abs(found - wanted) < 3 * error
        rows.append(
            Row(
                f"{name}: shape, and standard deviation",
                f"{_shape(weights)}, 0.1 / √{inputs} = {significant(wanted, 3)}",
                f"{_shape(weights)}, {significant(found, 3)}",
                "as random numbers of that kind come out" if near else "**not of that kind**",
                *opens("MLP full", "weights", epoch="0"),
            )
        )
    zero = not (first.b1.any() or first.b2.any())
    verdict = SAME if zero else DIFFERENT
    rows.append(
        Row("b₁ and b₂", "zeros", "zeros" if zero else "not zeros", verdict, *opens("MLP full", "weights", epoch="0"))
    )
    return rows


def kept(runs: Runs, answers: Answers) -> Row:
    """That weights which were saved and loaded read as many test images as when they were saved."""
    before = runs["MLP full"].test_accuracy
    again = answers.accuracy
    assert before is not None, "MLP full is not done"
    return Row(
        "MLP full: test accuracy when it was saved, and now that it has been loaded",
        "both are computed",
        f"{share_words(before, TEST_SIZE)} and {share_words(again.value, again.n)}",
        "the same image by image count" if round(before * TEST_SIZE) == again.count else DIFFERENT,
        *opens("MLP full", "confusion"),
    )


def recalls(answers: Answers) -> list[Row]:
    """The diagonal of the confusion matrix, a row for each digit."""
    matrix = answers.matrix
    return [
        counted(
            f"{digit}s read right",
            Share(said.counted(digit, digit), said.IMAGES[digit]),
            Share(int(matrix[digit, digit]), int(matrix[digit].sum())),
            *_cell(digit, digit),
        )
        for digit in range(CLASSES)
    ]


def mistakes(answers: Answers) -> list[Row]:
    """What the report reads from its matrix: which digits are hardest, and what the 3s are taken for."""
    matrix = answers.matrix
    shares = matrix.diagonal() / matrix.sum(axis=1)
    theirs = [float(said.MATRIX[digit][digit]) for digit in range(CLASSES)]
    hardest, said_hardest = ([int(digit) for digit in np.argsort(one, kind="stable")[:2]] for one in (shares, theirs))
    same = len({*hardest} & {*said_hardest})
    rows = [
        Row(
            "The two hardest digits",
            listed(f"{digit}s" for digit in said_hardest),
            listed(f"{digit}s" for digit in hardest),
            ("**others**", "one of them", "the same two")[same],
            *opens("MLP full", "confusion", view="digits"),
        )
    ]
    for answer in (5, 8):
        share = Share(int(matrix[3, answer]), int(matrix[3].sum()))
        row = counted(
            f"3s taken for {answer}", Share(said.counted(3, answer), said.IMAGES[3]), share, *_cell(3, answer)
        )
        rows.append(row)
    return rows


def templates(trained: MLP, means: np.ndarray) -> list[Row]:
    """How many templates there are, and whether one looks like a 2: the average 2, by correlation. Means are (10, 784)."""
    units = len(trained.w1)
    alike = np.array([np.corrcoef(weights, means[2])[0, 1] for weights in trained.w1])
    best = int(alike.argmax())
    return [
        Row(
            "Templates",
            str(said.TEMPLATES),
            str(units),
            SAME if units == said.TEMPLATES else DIFFERENT,
            *opens("MLP full", "weights"),
        ),
        Row(
            "One that looks like a 2",
            "the one in row 2, column 3",
            f"neuron {best} most: correlation {alike[best]:.2f} with the average 2",
            "another start, so another neuron",
            *opens("MLP full", "weights", unit=str(best)),
        ),
    ]


def _cell(true: int, predicted: int) -> tuple[str, str, Mapping[str, str]]:
    return opens("MLP full", "confusion", true=str(true), predicted=str(predicted))


def _shape(weights: np.ndarray) -> str:
    return f" {TIMES} ".join(map(str, weights.shape))
