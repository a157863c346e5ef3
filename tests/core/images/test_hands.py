"""Digits that are drawn by strokes: the same for the same seed, of every shape and pen, and what the sketch page would make of them."""

import numpy as np
import pytest

from core.images.allographs import ALLOGRAPHS, line_through, strokes_of
from core.images.hands import FINEST, WIDEST, Pen, any_pen, drawings, inked, made_ready, written
from core.images.ready import pen_width
from core.sketch.preprocessing import to_mnist
from core.sketch.strokes import Stroke, drawn
from tests import strokes as of_tests
from tests.core.sketch.test_preprocessing import alike

EVERY = [(digit, kind) for digit, kinds in ALLOGRAPHS.items() for kind in kinds]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def lines_of(digit: int, kind: str) -> list[np.ndarray]:
    """An allograph as it stands in the table, written by nobody."""
    return [line_through(corners, 8) @ points for points, corners in strokes_of(ALLOGRAPHS[digit][kind])]


def test_every_digit_has_at_least_six_shapes():
    assert list(ALLOGRAPHS) == list(range(10))
    assert min(map(len, ALLOGRAPHS.values())) >= 6


@pytest.mark.parametrize(("digit", "kind"), EVERY)
def test_a_line_goes_through_the_points_of_its_stroke_and_turns_sharply_only_at_corners(digit, kind):
    for points, corners in strokes_of(ALLOGRAPHS[digit][kind]):
        line = line_through(corners, 8) @ points
        np.testing.assert_allclose(line[::8], points, atol=1e-12)
        if corners.all():  # straight from corner to corner
            np.testing.assert_allclose(
                (line[1:8] - points[0]) @ [[0, -1], [1, 0]] @ (points[1] - points[0]), np.zeros(7), atol=1e-12
            )


def test_a_smooth_line_is_that_of_catmull_and_rom_as_the_tests_have_it():
    points = [(0.1, 0.2), (0.5, 0.1), (0.7, 0.6), (0.3, 0.9)]
    ours = line_through(np.zeros(4, bool), 8) @ np.array(points)
    np.testing.assert_allclose(ours, of_tests.bent(*points, steps=8), atol=1e-12)


def test_the_same_seed_draws_the_same_and_a_longer_row_begins_with_it():
    few, _ = drawings(20, 5)
    drawings.cache_clear()
    more, labels = drawings(40, 5)
    np.testing.assert_array_equal(more[:20], few)
    assert labels.tolist() == [*range(10)] * 4
    assert (drawings(20, 6)[0] != few).any(axis=(1, 2)).all()
    assert not more.flags.writeable


@pytest.mark.slow
def test_no_two_drawings_of_a_digit_are_the_same_and_each_is_made_as_mnists_images_were():
    images, _ = drawings(300, 1)
    assert len(np.unique(images.reshape(300, -1), axis=0)) == 300
    for image in images:
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=1)
        assert image.sum(axis=1, dtype=float) @ np.arange(28) / image.sum(dtype=float) == pytest.approx(14, abs=1.1)


def test_pens_are_from_fine_to_a_third_of_the_height_and_mostly_round():
    pens = [any_pen(generator) for generator in [rng()] for _ in range(2_000)]
    widths = np.array([pen.width for pen in pens])
    assert (widths.min(), widths.max()) == pytest.approx((FINEST, WIDEST), rel=0.02)
    assert np.median(widths) == pytest.approx(np.sqrt(FINEST * WIDEST), rel=0.1)
    assert np.mean([pen.shape == "round" for pen in pens]) == pytest.approx(0.6, abs=0.05)
    assert {pen.shape for pen in pens} == {"round", "square", "chisel"}


@pytest.mark.parametrize("width", [0.03, 0.1, 0.3])
def test_a_round_pen_leaves_a_line_as_wide_as_it_is(width):
    ink = inked([np.array([[0.0, 0.0], [0.3, 1.0]])], Pen(width, "round"))
    assert max(ink.shape) == pytest.approx(80, abs=4)
    length, pen = 80 / (1 + width) * np.hypot(0.3, 1), 80 / (1 + width) * width
    assert ink.sum() == pytest.approx(length * pen + np.pi / 4 * pen**2, rel=0.12, abs=0.5 * length)


def test_a_chisel_is_wide_one_way_and_thin_the_other():
    rising, falling = (
        pen_width(inked([np.array([[0.0, start], [1.0, 1 - start]])], Pen(0.2, "chisel")) > 0.5) for start in (1.0, 0.0)
    )
    assert max(rising, falling) > 2 * min(rising, falling)


@pytest.mark.slow
@pytest.mark.parametrize("width", [0.04, 0.08, 0.12, 0.2, 0.33])
def test_a_drawing_is_what_the_sketch_page_makes_of_the_same_lines(width):
    """Drawn by another program on a sheet of 280 pixels, in the midst of it, and made ready by all that a sketch goes through."""
    likeness = []
    for i in range(40):
        strokes = strokes_of(list(ALLOGRAPHS[i % 10].values())[i % 6])
        lines = written(strokes, rng(i))
        places = np.concatenate(lines)
        on_pad = [(line - places.min(axis=0)) / np.ptp(places, axis=0).max() * 150 + 60 for line in lines]
        sheet = drawn([Stroke(round(150 * width), list(map(tuple, line.tolist()))) for line in on_pad], 280)
        likeness.append(alike(to_mnist(sheet, paper=0.0), made_ready(lines, Pen(width, "round"))))
    assert np.mean(likeness) > 0.97
    assert min(likeness) > 0.85, "a few lie between two pixels"


@pytest.mark.slow
@pytest.mark.parametrize(("digit", "kind"), EVERY)
def test_a_hand_varies_what_it_writes_and_leaves_it_what_it_is(digit, kind):
    strokes, pen = strokes_of(ALLOGRAPHS[digit][kind]), Pen(0.1, "round")
    plain = made_ready(lines_of(digit, kind), pen)
    likeness = [alike(plain, made_ready(written(strokes, rng(seed)), pen)) for seed in range(12)]
    assert max(likeness) < 0.999
    assert np.mean(likeness) > 0.5
