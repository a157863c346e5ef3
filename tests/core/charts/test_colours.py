"""Arrays painted as pictures."""

import numpy as np
import pytest

from core.charts.colours import BORDER, DARK, LIGHT, contrast, css, diverging, inked, on_sheets, row, tile

# How colours look without the long, the middle and the short cones (G. Machado, M. Oliveira, L. Fernandes, "A
# physiologically-based model for simulation of color vision deficiency", 2009, severity 1), for linear red, green, blue.
SEEN = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lab(colour, cones: str) -> np.ndarray:
    """A colour as it is seen, in CIELAB under D65."""
    levels = np.array(colour) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SEEN[cones] @ linear, 0, 1)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
    )
    ratios = to_xyz @ seen / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratios > (6 / 29) ** 3, np.cbrt(ratios), ratios / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("cones", SEEN)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_that_mean_opposites_can_be_told_apart_by_everybody(theme, cones):
    for one, other in (("right", "wrong"), ("negative", "positive"), ("right", "other"), ("wrong", "other")):
        distance = np.linalg.norm(lab(getattr(theme, one), cones) - lab(getattr(theme, other), cones))
        assert distance > 20, f"{one} and {other} are {distance:.0f} apart"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_of_a_mark_stands_out_from_the_paper_and_means_one_thing(theme):
    marks = [getattr(theme, name) for name in ("ink", "negative", "positive", "right", "wrong", "line", "other")]
    assert all(contrast(css(colour), css(theme.paper)) >= 3 for colour in marks)
    assert len(set(marks)) == len(marks)


def test_zero_has_no_hue_and_the_ends_have_theirs():
    values = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    colours = diverging(values, 1.0)
    assert colours.tolist() == [
        list(c) for c in (LIGHT.negative, LIGHT.negative, LIGHT.zero, LIGHT.positive, LIGHT.positive)
    ]


def test_nothing_but_zeros_is_no_division_by_zero():
    assert (diverging(np.zeros((2, 3)), 0.0, DARK) == DARK.zero).all()


def test_ink_and_paper_are_the_themes():
    image = np.array([[0, 255]], np.uint8)
    assert inked(image, DARK).tolist() == [[list(DARK.paper), list(DARK.ink)]]


def test_tiles_stand_in_rows_with_paper_between():
    pictures = np.stack([np.full((2, 3, 3), i, np.uint8) for i in range(5)])
    sheet = tile(pictures, columns=3, border=1)
    assert sheet.shape == (2 * 3 + 1, 3 * 4 + 1, 3)
    assert (sheet[1:3, 5:8] == 1).all()
    assert (sheet[4:6, 5:8] == 4).all()
    assert (sheet[4:6, 9:12] == LIGHT.paper).all(), "the last row is not full"


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_in_a_row_every_sheet_is_seen_on_the_paper_and_none_has_paper_around_it(colours):
    ink = np.zeros((3, 28, 28), np.uint8)
    ink[:, 10, 10] = 255
    sheets = on_sheets(ink, colours)
    found = row(sheets, colours)
    assert found.shape == (28, 3 * 28 + 2 * BORDER, 3)
    np.testing.assert_array_equal(found[:, :28], sheets[0])
    np.testing.assert_array_equal(found[:, -28:], sheets[2])
    assert tuple(found[0, 28]) == colours.paper
    assert tuple(found[10, 10]) == colours.ink
    assert 1.15 < contrast(css(found[0, 0]), css(colours.paper)) < contrast(css(found[0, 0]), css(colours.ink))
