"""Predictions: read from an address as they were written to it, and held against what came."""

import pytest

from core.kinds import SettingsError
from core.lessons.course import COURSE
from core.lessons.prediction import Answer, Curve, Number, OneOf

CURVE = Curve((100, 2_000), "images")
LETTERS = OneOf({"a": "one", "b": "another", "c": "a third"})


@pytest.mark.parametrize(
    ("asks", "texts"), [(Number(), ["0", "7", "100"]), (LETTERS, ["a", "b"]), (CURVE, ["0,100", "35,36"])]
)
def test_a_prediction_comes_back_from_its_text(asks, texts):
    for text in texts:
        assert asks.text(asks.read(text)) == text


@pytest.mark.parametrize(
    ("asks", "texts"),
    [
        (Number(), ["", "101", "-1", "nan", "12.5", "1e999", "x" * 9_999]),
        (LETTERS, ["", "d", "one"]),
        (CURVE, ["", "1", "1,2,3", "1,101", "1,", "1,nan", "1,2" * 9_999]),
    ],
)
def test_what_is_no_prediction_is_refused(asks, texts):
    for text in texts:
        with pytest.raises(SettingsError):
            asks.read(text)


def test_a_number_is_held_against_what_came():
    came = Answer(58.07, "58.07%")
    assert Number().verdict(80.0, came) == "You said **80%**, and it is **58.07%**: you said 21.9 points too many."
    assert Number().verdict(20.0, came) == "You said **20%**, and it is **58.07%**: you said 38.1 points too few."
    assert Number().verdict(60.0, came) == "You said **60%**, and it is **58.07%**: close."


def test_an_answer_that_the_images_do_not_tell_from_the_best_may_be_right():
    alone, tied = Answer("a", "one"), Answer("a", "one", frozenset({"b"}))
    assert LETTERS.verdict("a", alone) == "You said **one**, and so it is."
    assert LETTERS.verdict("c", tied) == "You said **a third**, and it is **one**."
    assert LETTERS.verdict("b", tied) == "You said **another**, and that may be: the images do not tell it from one."
    assert LETTERS.verdict("a", tied) == "You said **one**, and that may be: the images do not tell it from another."


def test_a_curve_is_held_against_what_came_where_it_is_farthest_off():
    words = CURVE.verdict((60.0, 80.0), Answer((54.0, 90.0), "54% and 90%"))
    assert words == (
        "Your curve is 8.0 points off on the average; most at 2,000 images, where it is 10.0 points below what came."
    )


def test_every_lesson_has_a_question_and_ways_on():
    assert len(COURSE) == 10
    for lesson in COURSE.values():
        assert lesson.question.rstrip().endswith(("?", "."))
        assert lesson.ways
        assert lesson.runs
