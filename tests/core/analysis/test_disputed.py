"""Disputed labels and the halves of the test set."""

import numpy as np
import pytest

from core import checkpoints
from core.analysis import disputed
from core.analysis.disputed import DISPUTED, asked, halves, harder_half, mistakes
from core.analysis.evaluation import Answers, Share, answers
from core.config import PRESETS

N = 10_000


def answered(labels: np.ndarray, wrong: list[int]) -> Answers:
    """What a network says that is wrong on these images alone."""
    digits = labels.astype(int)
    digits[wrong] = (digits[wrong] + 1) % 10
    return answers(np.eye(10)[digits], labels)


def test_the_labels_of_the_published_table_are_those_of_the_test_images(digits):
    for index, votes in DISPUTED.items():
        assert digits.y_test[index] == votes.label


def test_each_was_seen_by_five_people_of_whom_two_at_most_gave_the_label():
    for label, other, *counts in DISPUTED.values():
        assert sum(counts) == 5
        assert counts[0] <= 2
        assert label != other
    assert len(DISPUTED) == 15, "errors among MNIST's 10,000 in table 1 of the paper"


def test_eleven_of_the_reports_cnns_76_mistakes_are_disputed(digits):
    cnn = checkpoints.load(PRESETS["CNN full"].key).model.predict_proba(digits.x_test)
    (sentence,) = mistakes(answers(cnn, digits.y_test))
    assert sentence.startswith("Of its 76 mistakes, **11** are on the 15 test images")
    assert "more than 99.85% right" in sentence


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([1, 2], "Of its 2 mistakes, **none** is on the 15"),
        ([1, 947], "Of its 2 mistakes, **1** is on the 15"),
        ([947], "Its only mistake is on one of the 15"),
        ([1], "Its only mistake is on none of the 15"),
    ],
)
def test_few_mistakes_are_counted_in_words(wrong, words, digits):
    (sentence,) = mistakes(answered(digits.y_test, wrong))
    assert sentence.startswith(words)


def test_nothing_is_said_of_a_network_that_guesses_or_makes_no_mistake(digits):
    assert mistakes(answers(np.full((N, 10), 0.1), digits.y_test)) == []
    assert mistakes(answered(digits.y_test, [])) == []


def test_whose_mistake_it_is_depends_on_the_answer():
    assert asked(947, 9).endswith(
        "none says 8 and 5 say 9. The network says what most of them say, and is counted as wrong."
    )
    assert asked(947, 3).endswith("none says 8 and 5 say 9.")
    assert asked(2130, 9).endswith("2 say 4, 2 say 9 and 1 says neither."), "two of five are not most"
    assert asked(2130, 9).startswith("**Whose mistake is it?**")
    assert asked(2130, 4).startswith("**Its label is disputed.**")
    with pytest.raises(KeyError):
        asked(0, 7)


def test_the_halves_of_the_reports_mlp(digits):
    """The two shares as they were measured when the finding was made."""
    mlp = checkpoints.load(PRESETS["MLP full"].key).model.predict_proba(digits.x_test)
    first, last = halves(answers(mlp, digits.y_test))
    assert (first.n, last.n) == (5_000, 5_000)
    assert (first.value, last.value) == (pytest.approx(0.9666), pytest.approx(0.9836))
    assert "**the first 5,000 are harder**, by 1.70 points" in harder_half(first, last)
    assert "**the last 5,000 are harder**, by 1.70 points" in harder_half(last, first)


def test_halves_that_chance_could_part_are_not_called_harder():
    assert harder_half(Share(4_970, 5_000), Share(4_983, 5_000)).endswith("which may well be chance.")
    assert harder_half(Share(4_970, 5_000), Share(4_970, 5_000)).endswith("no difference at all.")


def test_nobody_is_said_to_know_who_wrote_which_half():
    assert "inferred" in disputed.WHO_WROTE_THEM
