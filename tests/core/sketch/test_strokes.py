"""Strokes: whatever a browser sends, what is kept is a bounded number of points, and its picture is the pen's."""

import time
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from core.sketch import strokes
from core.sketch.strokes import FARTHEST, MOST_POINTS, MOST_STROKES, Paper, Stroke, paper_of
from tests.strokes import STROKES, placed

NAN, INFINITE = float("nan"), float("inf")
NO_NUMBERS = ["1", "", None, True, [], [1], {}, {"x": 1}, NAN, INFINITE, -INFINITE, 1e308, 10**400, -(10**400)]


def said(*lines, width: float = 14, so_far: int | None = None) -> dict:
    """What the pad says of strokes that were drawn along straight lines."""
    told = [{"width": width, "points": [[round(x), round(y)] for x, y in line]} for line in lines]
    return {"drawn": len(lines) if so_far is None else so_far, "strokes": told}


def nested(depth: int) -> list:
    found: list = []
    for _ in range(depth):
        found = [found]
    return found


def by_distance(lines, side: int, pen: float) -> np.ndarray:
    """The ink of a round pen (side, side) from 0 to 1: a pixel's, by how far its middle is from the nearest line."""
    down, right = np.mgrid[:side, :side] + 0.5
    nearest = np.full((side, side), np.inf)
    for line in lines:
        for (x0, y0), (x1, y1) in pairwise([line[0], *line]):
            (dx, dy), (across, along) = (x1 - x0, y1 - y0), (right - x0, down - y0)
            share = ((across * dx + along * dy) / ((dx**2 + dy**2) or 1)).clip(0, 1)
            nearest = np.minimum(nearest, np.hypot(across - share * dx, along - share * dy))
    return (pen / 2 - nearest + 0.5).clip(0, 1)


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("pen", [4, 5, 18, 40])
def test_the_picture_of_strokes_is_that_of_the_pen(digit, pen):
    told = said(*placed(STROKES[digit], 60, 50, 150), width=pen)
    found = strokes.drawn(paper_of(told).strokes, 280) / 255
    expected = by_distance([stroke["points"] for stroke in told["strokes"]], 280, pen)
    assert np.abs(found - expected).mean() < 0.002  # half a level of grey
    assert abs((found - expected).mean()) < 0.001, "not wider, nor finer"


@pytest.mark.parametrize("pen", [4, 5, 18, 40])
def test_a_tap_is_a_round_dot_in_its_place(pen):
    picture = strokes.drawn([Stroke(pen, [(30, 20)])], 60) / 255
    assert picture.sum() == pytest.approx(np.pi * pen**2 / 4, rel=0.02)
    down, right = np.mgrid[:60, :60] + 0.5
    assert (picture * right).sum() / picture.sum() == pytest.approx(30)
    assert (picture * down).sum() / picture.sum() == pytest.approx(20)


def test_what_a_pad_says_is_taken_as_it_is():
    assert paper_of(said([(1, 2), (3, 4)], [(280, -5)], width=18)) == Paper(
        2, (Stroke(18, [(1, 2), (3, 4)]), Stroke(18, [(280, -5)]))
    )


def test_places_are_quarters_of_a_pixel():
    told = {"drawn": 1, "strokes": [{"width": 4.4, "points": [[1.4, 2.6]]}]}
    assert paper_of(told).strokes == (Stroke(4, [(1.5, 2.5)]),)
    picture = strokes.drawn([Stroke(8, [(30.25, 20.75)])], 60)
    down, right = np.mgrid[:60, :60] + 0.5
    assert [(picture * one).sum() / picture.sum() for one in (right, down)] == pytest.approx([30.25, 20.75], abs=0.01)


@pytest.mark.parametrize(
    "said",
    [
        *NO_NUMBERS,
        7,
        b"strokes",
        nested(900),
        {"strokes": nested(900)},
        {"strokes": [nested(900)]},
        {"drawn": nested(900), "strokes": [{"width": nested(900), "points": nested(900)}]},
        {"strokes": None},
        {"strokes": {"points": []}},
        {"strokes": [None, 7, "points", [[1, 2]], {"points": "[[1, 2]]", "width": 9}, {"points": 9, "width": 9}]},
        {"strokes": [{"points": [[1, 2]]}]},
        *({"strokes": [{"width": width, "points": [[1, 2]]}]} for width in [*NO_NUMBERS, 0, -3, 1e9]),
        {"strokes": [{"width": 9, "points": [None, 7, "xy", [], [1], [1, 2, 3], {"x": 1, "y": 2}, [[1, 2], [3, 4]]]}]},
        {"strokes": [{"width": 9, "points": [[1, bad] for bad in NO_NUMBERS] + [[bad, 1] for bad in NO_NUMBERS]}]},
    ],
)
def test_whatever_is_no_stroke_is_left_out(said):
    found = paper_of(said)
    assert found.strokes == ()
    assert strokes.drawn(found.strokes, 60).max() == 0
    assert Paper(1, (Stroke(9, [(1, 2)]),)).and_then(found).strokes == (Stroke(9, [(1, 2)]),)


@pytest.mark.parametrize("so_far", [*NO_NUMBERS, -1, 2**60])
def test_what_does_not_say_how_many_strokes_there_were_says_nothing(so_far):
    known = Paper(1, (Stroke(9, [(1, 2)]),))
    assert known.and_then(paper_of(said([(5, 5)], so_far=so_far))) == known


def test_a_damaged_point_does_no_harm_to_the_others():
    told = {"drawn": 1, "strokes": [{"width": 9, "points": [[1, 2], [NAN, 2], "x", [3, 4]]}]}
    assert paper_of(told).strokes == (Stroke(9, [(1, 2), (3, 4)]),)


@pytest.mark.slow
def test_endless_drawings_are_cut_in_bounded_time_and_memory():
    point, far = [5, 5], [FARTHEST, -FARTHEST]
    told = {"drawn": 10**6, "strokes": [{"width": 100, "points": [point, far] * 500_000, "more": "x" * 10**6}] * 10**6}
    tracemalloc.start()
    started = time.perf_counter()
    found = Paper().and_then(paper_of(told))
    took, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.strokes) == MOST_STROKES
    assert max(len(stroke.points) for stroke in found.strokes) == MOST_POINTS
    assert took < 5
    assert peak < 20e6


@pytest.mark.slow
def test_the_heaviest_drawing_is_a_picture_in_a_moment():
    rng = np.random.default_rng(0)
    points = rng.integers(-FARTHEST, FARTHEST, (MOST_STROKES, MOST_POINTS, 2)).tolist()
    heavy = paper_of({"drawn": 1, "strokes": [{"width": 100, "points": line} for line in points]})
    started = time.perf_counter()
    strokes.drawn(heavy.strokes, 280)
    took = time.perf_counter() - started
    print(f"{took:.2f} s")
    assert took < 10


A, B, C = (Stroke(9, [(x, x)]) for x in (1, 2, 3))


@pytest.mark.parametrize(
    ("known", "told", "found"),
    [
        (Paper(), Paper(2, (A, B)), Paper(2, (A, B))),
        (Paper(1, (A,)), Paper(2, (A, B)), Paper(2, (A, B))),
        (Paper(2, (A,)), Paper(2, (A, B)), Paper(2, (A,))),  # B was taken back, and the pad has not heard of it
        (Paper(2, ()), Paper(2, (A, B)), Paper(2, ())),  # or all was cleared
        (Paper(2, (A,)), Paper(3, (A, B, C)), Paper(3, (A, C))),  # and meanwhile C was drawn
        (Paper(2, (A,)), Paper(3, (A, C)), Paper(3, (A, C))),
        (Paper(3, (A, C)), Paper(3, (A, B, C)), Paper(3, (A, C))),  # the same again
        (Paper(3, (A, C)), Paper(2, (A, B)), Paper(3, (A, C))),  # late
        (Paper(3, (A, C)), Paper(), Paper(3, (A, C))),
        (Paper(5, ()), Paper(9, (A,)), Paper(9, (A,))),  # says that it has more than it has
    ],
)
def test_what_was_drawn_and_what_was_taken_back_meet(known, told, found):
    assert known.and_then(told) == found


def test_paper_has_room_for_so_many_strokes():
    full = Paper(MOST_STROKES, (A,) * MOST_STROKES)
    assert full.and_then(Paper(MOST_STROKES + 1, (*full.strokes[1:], B))).strokes == full.strokes
