"""Strokes: whatever a browser sends, what is kept is a bounded number of points, and its picture is the pen's."""

import numpy as np
import pytest

from core.sketch import strokes
from tests.strokes import STROKES, drawn, placed


def canvas(*polylines, width: float = 14) -> dict:
    """What the canvas says of strokes that were drawn along straight lines."""
    return {
        "objects": [
            {"type": "Path", "strokeWidth": width, "path": [["M", *line[0]], *(["L", *point] for point in line[1:])]}
            for line in polylines
        ]
    }


@pytest.mark.parametrize("digit", range(10))
def test_the_picture_of_strokes_is_that_of_the_pen(digit):
    lines = placed(STROKES[digit], 60, 50, 150)
    found = strokes.drawn(canvas(*lines), 280) > 127
    expected = drawn(lines, 280, 14) > 127
    assert (found & expected).sum() / (found | expected).sum() > 0.9


def test_a_curve_goes_through_its_middle_and_its_end():
    raw = {"objects": [{"type": "Path", "path": [["M", 0, 0], ["Q", 10, 0, 10, 10], ["L", 20, 30]]}]}
    assert strokes.of_canvas(raw) == [[(0, 0), (8, 2), (10, 10), (20, 30)]]  # (0 + 2 * (10, 0) + (10, 10)) / 4


@pytest.mark.parametrize(
    "raw",
    [
        None,
        7,
        "objects",
        [],
        {},
        {"objects": None},
        {"objects": {"path": []}},
        {"objects": [None, 7, "path", {"path": "M 0 0"}, {"path": 9}]},
        {"objects": [{"path": [None, 7, "M", [], ["M"], ["M", "a", "b"], ["M", None, 1], ["Z"], ["M", True, 1]]}]},
        {"objects": [{"path": [["M", float("nan"), 1], ["L", float("inf"), 1], ["L", 1e9, 1]]}]},
    ],
)
def test_whatever_is_no_stroke_is_left_out(raw):
    assert strokes.of_canvas(raw) == []
    assert strokes.drawn(raw, 60).max() == 0


def test_endless_drawings_are_cut():
    raw = {"objects": [{"path": [["L", i, i % 7] for i in range(5_000)]}] * 5_000}
    found = strokes.of_canvas(raw)
    assert len(found) == strokes.MOST_STROKES
    assert max(map(len, found)) <= strokes.MOST_POINTS


@pytest.mark.parametrize("width", ["wide", None, -3, 1e9, float("nan")])
def test_an_impossible_pen_is_a_possible_one(width):
    picture = strokes.drawn(canvas([(10, 10), (50, 50)], width=width), 60)
    assert picture.shape == (60, 60)
    assert np.count_nonzero(picture) > 0
