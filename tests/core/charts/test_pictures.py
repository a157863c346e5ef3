"""Pictures and charts of what is inside a network."""

import altair as alt
import numpy as np
import pytest

from core.charts import outputs, pictures
from core.charts.colours import DARK, LIGHT


def test_the_part_that_a_filter_sees_is_lit_and_framed():
    images = np.full((2, 28, 28), 255, np.uint8)
    picture = pictures.exciting(images, np.array([[10, 6], [-3, 20]]), 14, np.array([3.25, 1.0]))
    first, second = picture[:140, :140], picture[:140, 150:290]
    assert first[16 * 5, 12 * 5].tolist() == list(LIGHT.ink)
    dim = np.array(LIGHT.paper) + 63 / 255 * (np.array(LIGHT.ink) - np.array(LIGHT.paper))
    np.testing.assert_allclose(first[8 * 5 + 2, 12 * 5], dim, atol=2)
    frame = list(LIGHT.line)
    assert first[50, 30].tolist() == first[24 * 5 - 1, 20 * 5 - 1].tolist() == frame
    assert second[0, 100].tolist() == second[11 * 5 - 1, 139].tolist() == frame, "cut off where the image ends"
    assert second[11 * 5 + 1, 120].tolist() != list(LIGHT.ink)


def test_attribution_is_coloured_and_silent_ink_is_grey():
    values, image = np.zeros((28, 28)), np.zeros((28, 28), np.uint8)
    values[3, 4], values[5, 6], image[8, 9] = 2.0, -1.0, 255
    picture = pictures.over_ink(values, image, 2.0, DARK)
    assert picture[3, 4].tolist() == list(DARK.positive)
    half = (np.array(DARK.zero) + np.array(DARK.negative)) / 2
    np.testing.assert_allclose(picture[5, 6], half, atol=1)
    assert (picture[8, 9].astype(int) > np.array(DARK.zero) + 20).all()
    assert picture[0, 0].tolist() == list(DARK.zero)
    assert picture[29, 0].tolist() == list(DARK.negative)
    assert picture[29, -1].tolist() == list(DARK.positive)


def test_nothing_but_zeros_can_be_painted():
    zeros = np.zeros((28, 28))
    assert (pictures.over_ink(zeros, zeros.astype(np.uint8), 0.0)[:28] == LIGHT.zero).all()
    maps = pictures.sheet_of_maps(np.zeros((6, 24, 24), np.float32))
    assert (maps[1:25, 1:25] == LIGHT.zero).all()
    assert (pictures.strip_of_units(np.zeros(84, np.float32))[1:11, 1:11] == LIGHT.zero).all()


@pytest.mark.parametrize(("maps", "columns"), [(6, 3), (16, 4), (32, 6), (64, 8)])
@pytest.mark.parametrize(("side", "dots"), [(4, 12), (12, 12)])
def test_maps_are_in_their_order(maps, columns, side, dots):
    values = np.zeros((maps, side, side), np.float32)
    values[-1] = 1
    sheet = pictures.sheet_of_maps(values)
    top, left = (maps - 1) // columns * (dots + 1) + 1, (maps - 1) % columns * (dots + 1) + 1
    assert (sheet[top : top + dots, left : left + dots] == LIGHT.positive).all()
    assert (sheet == LIGHT.positive).all(axis=2).sum() == dots**2


def test_a_single_map_needs_no_border():
    assert pictures.sheet_of_maps(np.ones((1, 28, 28), np.float32)).shape == (28, 28, 3)


def test_the_units_of_a_layer_are_squares_in_rows_of_thirty():
    values = np.zeros(84, np.float32)
    values[31] = -2
    strip = pictures.strip_of_units(values)
    assert strip.shape == (3 * 11 + 1, 30 * 11 + 1, 3)
    assert strip[12, 12].tolist() == strip[21, 21].tolist() == list(LIGHT.negative)


def test_the_entries_of_a_matrix_are_squares_in_its_rows_and_columns():
    values = np.zeros((10, 64))
    values[3, 5], values[9, 63] = -2, 2
    picture = pictures.matrix(values, DARK)
    assert picture.shape == (10 * 11 + 1, 64 * 11 + 1, 3)
    assert picture[3 * 11 + 1, 5 * 11 + 1].tolist() == list(DARK.negative)
    assert picture[-2, -2].tolist() == list(DARK.positive)
    assert picture[1, 1].tolist() == list(DARK.zero)


def test_a_value_of_each_digit_stands_above_it():
    values = np.zeros(10)
    values[7], values[2] = -0.5, 0.25
    picture = pictures.of_digits(values)
    assert picture[20, 7 * 68 + 20].tolist() == list(LIGHT.negative)
    half = (np.array(LIGHT.zero) + np.array(LIGHT.positive)) / 2
    np.testing.assert_allclose(picture[20, 2 * 68 + 20], half, atol=1)
    below = picture[68:]
    assert all((below[:, i * 68 : i * 68 + 60] != LIGHT.paper).any() for i in range(10)), "a digit below each"
    assert (pictures.of_digits(np.zeros(10))[:60, :60] == LIGHT.zero).all()


def test_the_strongest_neurons_are_shown_those_for_it_first_and_those_against_it_last():
    given = np.array([0.1, -3.0, 2.0, 0.0, 2.5])
    rows = outputs.neuron_rows(given, chosen=2, turn=5, most=3)
    assert [row["neuron"] for row in rows] == [4, 2, 1]
    assert [row["chosen"] for row in rows] == [False, True, False]
    assert [row["words"] for row in rows] == ["+2.50", "+2.00", "\u22123.00"]
    assert {row["turn"] for row in rows} == {5}


def test_the_neuron_that_is_explained_is_always_among_those_shown():
    given = np.linspace(-3, 3, 64)
    for chosen in (0, 30, 63):
        rows = outputs.neuron_rows(given, chosen)
        assert [row["neuron"] for row in rows if row["chosen"]] == [chosen]
        assert len(rows) == outputs.MOST_NEURONS + (chosen == 30)
        assert [row["given"] for row in rows] == sorted((row["given"] for row in rows), reverse=True)


def test_the_bars_of_the_right_digit_have_a_colour_of_their_own():
    probs = np.full(10, 0.05)
    probs[3] = 0.55
    rows = outputs.probability_rows(probs, true=3)
    assert len({row["colour"] for row in rows}) == 2
    assert [row["digit"] for row in rows if row["colour"] == rows[3]["colour"]] == [3]
    assert [rows[3]["words"], rows[4]["words"]] == ["55.0% ✓", "5.0%"]
    wrong = outputs.probability_rows(probs, true=5)
    assert len({row["colour"] for row in wrong}) == 3
    assert wrong[5]["colour"] == rows[3]["colour"], "the true digit has one colour, whatever the answer is"
    unknown = outputs.probability_rows(probs, true=None)
    assert [row["digit"] for row in unknown if row["colour"] != unknown[0]["colour"]] == [3]
    assert not any("✓" in row["words"] for row in unknown)


@pytest.mark.parametrize(
    ("true", "sentence"),
    [
        (3, "Green and ticked is the true digit, 3, which is the answer too."),
        (5, "Green and ticked is the true digit, 5; orange is the answer, 3."),
        (None, "The answer, 3, stands out."),
    ],
)
def test_the_colours_of_outputs_are_explained(true, sentence):
    assert outputs.key_of_outputs(np.eye(10)[3], true) == sentence
    assert outputs.logit_rows(np.array([-1.26] * 10), 0)[4]["words"] == "\u22121.3"


@pytest.mark.parametrize("spec", [outputs.outputs_chart(-20.0, 20.0), outputs.neurons_chart(3.0, 12, DARK)])
def test_the_specs_are_vega_lite(spec):
    alt.LayerChart.from_dict(spec).to_dict()


@pytest.mark.parametrize(
    ("values", "end"), [([0.0, 0], 1), ([-3, 2.0], 3), ([0.014], 0.015), ([71], 100), ([-7.0], 7), ([], 1)]
)
def test_scales_end_at_round_numbers(values, end):
    assert outputs.end_of(np.array(values)) == pytest.approx(end)


def test_numbers_stand_in_squares_of_their_colour_in_letters_that_can_be_read():
    values = np.array([[2.0, -1.0], [0.0, 0.004]])
    for colours in (LIGHT, DARK):
        picture = pictures.numbered(values, colours)
        step = pictures.CELL + 4
        assert picture.shape == (2 * step - 4, 2 * step - 4, 3)
        for (row, column), colour in {(0, 0): colours.positive, (1, 0): colours.zero}.items():
            square = picture[row * step : row * step + pictures.CELL, column * step : column * step + pictures.CELL]
            assert square[2, 2].tolist() == list(colour)
            farthest = np.abs(square.astype(int) - colour).sum(axis=2).max()
            assert farthest > 250, "the letters are far from the colour behind them"
    assert pictures.cell_words(values) == [["2.00", "\u22121.00"], ["0.00", "0.00"]]


def test_a_frame_stands_around_the_patch_and_reaches_into_the_padding():
    picture = np.full((12, 12, 3), 77, np.uint8)
    framed = pictures.framed(picture, (-1, 10), 3, 1, LIGHT)
    times = pictures.DOTS // 14
    assert framed.shape == (14 * times, 14 * times, 3)
    on_frame = (framed == LIGHT.line).all(axis=2)
    rows, columns = np.nonzero(on_frame)
    assert (rows.min(), rows.max() + 1) == (0, 3 * times)
    assert (columns.min(), columns.max() + 1) == (11 * times, 14 * times)
    assert framed[times // 2, times // 2].tolist() == list(LIGHT.zero), "padding"
    assert framed[times + 1, times + 1].tolist() == [77, 77, 77]


def test_small_pictures_stand_a_part_of_a_value_from_one_another_and_one_alone_has_no_border():
    kernels = np.ones((6, 5, 5), np.float32)
    assert pictures.grid(kernels, np.ones(6), columns=3).shape == (2 * 17 + 2, 3 * 17 + 2, 3), "three dots a weight"
    assert pictures.grid(np.ones((6, 28, 28)), np.ones(6), columns=3).shape == (2 * 30 + 2, 3 * 30 + 2, 3)
    assert (pictures.filter_picture(kernels[:1], 1.0) == LIGHT.positive).all()
    assert (pictures.filter_picture(kernels[:2], 1.0)[0] == LIGHT.paper).all()
