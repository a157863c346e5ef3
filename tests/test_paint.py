"""Arrays painted as pictures."""

import numpy as np

from core.paint import DARK, LIGHT, digits, diverging, tile


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
    assert digits(image, DARK).tolist() == [[list(DARK.paper), list(DARK.ink)]]


def test_tiles_stand_in_rows_with_paper_between():
    pictures = np.stack([np.full((2, 3, 3), i, np.uint8) for i in range(5)])
    sheet = tile(pictures, columns=3, border=1)
    assert sheet.shape == (2 * 3 + 1, 3 * 4 + 1, 3)
    assert (sheet[1:3, 5:8] == 1).all()
    assert (sheet[4:6, 5:8] == 4).all()
    assert (sheet[4:6, 9:12] == LIGHT.paper).all(), "the last row is not full"
