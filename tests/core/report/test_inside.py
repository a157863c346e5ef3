"""The report's MLP beside ours, before training and after it."""

import numpy as np

from core import checkpoints
from core.analysis.evaluation import Share, answers
from core.config import REPORT
from core.mlp import MLP
from core.report import inside, said


def test_five_images_before_training_are_counted_and_said_to_be_few():
    labels = np.array([5, 0, 4, 1, 9])
    five, everything = inside.untrained(labels, np.array([5, 0, 6, 6, 6]), Share(980, 10_000))
    assert (five.said, five.ours, five.verdict) == ("0 of 5", "2 of 5", "five images decide nothing")
    assert everything.verdict == "as by guessing"
    assert inside.untrained(labels, np.full(5, 6), Share(1_135, 10_000))[1].verdict == "one tenth would be 10.00%"


def test_weights_that_did_not_start_as_the_report_says_are_found_out():
    first, second, biases = inside.initialisation(MLP())
    assert first.ours.startswith("64 × 784")
    assert second.ours.startswith("10 × 64")
    assert all("as random" in row.verdict for row in (first, second))
    assert biases.verdict == "the same"
    wrong = MLP()
    wrong.w1 *= 2
    wrong.b2 += 1
    first, _, biases = inside.initialisation(wrong)
    assert (first.verdict, biases.verdict) == ("**not of that kind**", "**not the same**")


def test_the_matrix_is_counted_digit_by_digit():
    runs = {"MLP full": checkpoints.summary(REPORT["MLP full"].key)}
    labels = np.repeat(np.arange(10), 100)
    probs = np.full((1_000, 10), 0.01)
    probs[np.arange(1_000), labels] = 0.91
    probs[300:303] = np.eye(10)[5]
    found = answers(probs, labels)
    recalls = inside.recalls(found)
    assert [row.ours for row in recalls] == ["97.0%" if digit == 3 else "100%" for digit in range(10)]
    hardest, fives, eights = inside.mistakes(found)
    assert hardest.ours.startswith("3s")
    assert (fives.ours, eights.ours) == ("3.0%", "0%")
    kept = inside.kept(runs, found)
    assert kept.verdict == "**not the same**", "these are not the answers of the run that was saved"


def test_the_template_that_looks_most_like_a_two_is_found():
    rng = np.random.default_rng(0)
    means = rng.random((10, 784))
    model = MLP()
    model.w1[17] = means[2]
    count, best = inside.templates(model, means)
    assert (count.ours, count.verdict) == (str(said.TEMPLATES), "the same")
    assert best.ours == "neuron 17 most: correlation 1.00 with the average 2"
    assert dict(best.query) == {"unit": "17"}
