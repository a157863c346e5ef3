"""Lessons that ask the networks that come with the project: every number once more, by other means."""

import numpy as np
import pytest

from core import checkpoints
from core.config import PRESETS
from core.lessons import asked
from core.lessons.course import COURSE
from core.lessons.lesson import Material
from core.training import model_at

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(digits):
    runs = {name: checkpoints.load(PRESETS[f"{name} full"].key) for name in ("MLP", "CNN")}
    return lambda *names: Material({name: runs[name] for name in names}, digits)


def right(model, images, labels) -> float:
    return float((model.predict_proba(images).argmax(axis=1) == labels).mean() * 100)


def test_before_training_it_is_right_as_often_as_is_counted(found, digits):
    mlp = found("MLP")
    outcome = asked.untrained(mlp)
    answers = model_at(mlp.runs["MLP"], 0).predict_proba(digits.x_test).argmax(axis=1)
    count = int((answers == digits.y_test).sum())
    assert outcome.holds
    assert outcome.answer.value == pytest.approx(count / 100)
    assert outcome.sentences[0] == f"It reads {count:,} of the 10,000 right."
    assert sum(outcome.figure.values.values()) == 10_000


def test_moved_images_are_those_whose_columns_stand_three_further(found, digits):
    both = found("MLP", "CNN")
    moved = np.zeros_like(digits.x_test)
    moved[:, :, 3:] = digits.x_test[:, :, :-3]
    outcome = asked.shift(both)
    assert outcome.holds
    assert outcome.answer.value == pytest.approx(right(both.runs["MLP"].model, moved, digits.y_test))
    cnn = right(both.runs["CNN"].model, moved, digits.y_test)
    assert f"{cnn:.2f}% three pixels to the right" in outcome.sentences[1]


def test_what_excites_the_neuron_most_is_what_its_weights_say(found, digits):
    mlp = found("MLP")
    model = mlp.runs["MLP"].model
    inputs = digits.x_test.reshape(-1, 784) / 255.0 @ model.w1[asked.NEURON]
    strongest = digits.y_test[np.argsort(-inputs)[:100]]
    digit, count = max(((d, int((strongest == d).sum())) for d in range(10)), key=lambda one: one[1])
    outcome = asked.neuron(mlp)
    assert outcome.holds
    assert outcome.answer.value == str(digit)
    assert f"{count} show a" in outcome.sentences[0]
    assert not outcome.answer.as_good


def test_the_hardest_digit_is_the_one_that_is_missed_most_and_what_chance_does_not_tell_from_it(found, digits):
    mlp = found("MLP")
    answers = mlp.runs["MLP"].model.predict_proba(digits.x_test).argmax(axis=1)
    recall = [float((answers[digits.y_test == digit] == digit).mean()) for digit in range(10)]
    outcome = asked.hardest(mlp)
    assert outcome.answer.value == str(int(np.argmin(recall)))
    assert str(int(np.argmax(recall))) not in outcome.answer.as_good
    cells = {(t, a): int(((digits.y_test == t) & (answers == a)).sum()) for t in range(10) for a in range(10) if t != a}
    assert f"{max(cells.values())} times" in outcome.sentences[1]


def test_drawings_that_are_shrunk_are_misread_and_made_ready_they_are_read(found):
    outcome = asked.ready(found("MLP", "CNN"))
    assert outcome.holds
    assert outcome.answer.value < 20
    shrunk, ready = outcome.figure.rows.values()
    assert np.argwhere(shrunk[0] > 0.2).max() < 14, "in the upper left quarter"
    assert abs(np.average(np.arange(28), weights=ready[0].sum(axis=0)) - 13.5) < 1


def test_what_is_seen_with_a_question_is_there(found):
    for name, lesson in COURSE.items():
        if lesson.shown:
            assert lesson.shown(found(*lesson.runs)), name
