"""How numbers become words."""

import pytest

from core import words


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0, "<\u00a00.1%"),
        (0.0009, "<\u00a00.1%"),
        (0.001, "0.1%"),
        (0.5, "50.0%"),
        (0.95249, "95.2%"),
        (0.999, "99.9%"),
        (0.99951, ">\u00a099.9%"),
        (1.0, ">\u00a099.9%"),
    ],
)
def test_a_probability_never_claims_certainty(p, said):
    assert words.percent(p) == said


def test_no_probability_is_said_to_be_nothing_or_all():
    assert not {words.percent(k / 100_000) for k in range(100_001)} & {"0.0%", "100.0%", "0%", "100%"}


@pytest.mark.parametrize(
    ("right", "n", "said"),
    [
        (9751, 10_000, "97.51%"),
        (1955, 2_000, "97.8%"),
        (4999, 5_000, "99.98%"),
        (98, 100, "98.0%"),
        (10_000, 10_000, "100%"),
        (0, 10_000, "0%"),
        (49_999, 50_000, ">\u00a099.99%"),
        (1, 50_000, "<\u00a00.01%"),
        (1, 10_000, "0.01%"),
        (1_999, 2_000, ">\u00a099.9%"),
        (4_998, 4_999, ">\u00a099.9%"),
        (3, 50_000, "0.01%"),
    ],
)
def test_a_share_has_two_decimals_of_many_images_and_is_all_only_if_it_is_all(right, n, said):
    assert words.share_words(right / n, n) == said


def test_the_share_of_no_images_is_a_dash():
    assert words.share_words(float("nan"), 0) == "–"


def test_an_interval_and_a_difference_have_the_decimals_of_their_share():
    assert words.interval_words((0.9718, 0.978), 10_000) == "97.18% to 97.80%"
    assert words.interval_words((0, 0.0019), 2_000) == "0.0% to 0.2%"
    assert words.points_words(-0.0125, 10_000) == "−1.25 points"
    assert words.points_words(0.0125, 100) == "+1.2 points"
    assert words.points_words(0, 100) == "0.0 points"


@pytest.mark.parametrize(
    ("number", "places", "said"),
    [(-0.004, 2, "0.00"), (-1.5, 1, "−1.5"), (12.345, 2, "+12.35"), (0.0, 1, "0.0"), (-0.0, 1, "0.0")],
)
def test_nothing_has_no_sign_and_less_than_nothing_has_a_minus_sign(number, places, said):
    assert words.signed(number, places) == said


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (0.04, f"under 0.1{words.SPACE}s"),
        (0.8, f"0.8{words.SPACE}s"),
        (9.94, f"9.9{words.SPACE}s"),
        (9.96, f"10{words.SPACE}s"),
        (12.4, f"12{words.SPACE}s"),
        (59.7, f"1{words.SPACE}min"),
        (120, f"2{words.SPACE}min"),
        (200, f"3{words.SPACE}min 20{words.SPACE}s"),
        (3599.9, f"1{words.SPACE}h"),
        (3_900, f"1{words.SPACE}h 5{words.SPACE}min"),
        (90_000, f"25{words.SPACE}h"),
    ],
)
def test_a_time_is_said_as_people_say_it_and_breaks_before_no_unit(time, said):
    assert words.seconds_words(time) == said


def test_what_happens_within_a_second_happens_in_a_moment():
    assert words.soon(0.02) == "in a moment"
    assert words.soon(12) == f"in about 12{words.SPACE}s"


def test_no_run_is_ever_after_epoch_0():
    assert words.reached(3, 60) == "after epoch 3 of 60"
    assert words.reached(0, 60) == "before the end of epoch 1 of 60"


def test_one_is_counted_in_the_singular():
    assert words.counted(1, "image") == "1 image"
    assert words.counted(0, "image") == "0 images"
    assert words.counted(2_000, "image") == "2,000 images"
    assert words.counted(2, "class", "classes") == "2 classes"


def test_a_list_has_commas_and_one_word_before_its_end():
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a", "b"], "or") == "a or b"
    assert words.listed(["a"]) == "a"


def test_eight_begins_with_a_vowel():
    assert [words.article(digit) for digit in range(10)] == ["a"] * 8 + ["an", "a"]


def test_a_plain_number_has_a_sign_only_below_zero():
    assert [words.number(value, 2) for value in (1.5, -0.2, -0.001)] == ["1.50", "−0.20", "0.00"]


def test_a_number_is_written_out_to_its_significant_digits():
    assert [words.significant(value, 2) for value in (0.0123, 0.5, 3.44, 19_876.0)] == ["0.012", "0.5", "3.4", "20,000"]


@pytest.mark.parametrize(
    ("number", "digits", "said"),
    [
        (0.0, 3, "0"),
        (0.012345, 3, "0.0123"),
        (-4.5678, 3, "−4.57"),
        (123.4, 4, "123.4"),
        (0.001, 3, "0.001"),
        (-2.134e-7, 3, "−2.13\u00a0×\u00a010⁻⁷"),
        (9.9999e-4, 3, "1.00\u00a0×\u00a010⁻³"),
        (1.5e20, 2, "1.5\u00a0×\u00a010²⁰"),
    ],
)
def test_a_very_small_or_large_number_is_written_in_powers_of_ten(number, digits, said):
    assert words.compact(number, digits) == said


def test_a_number_on_a_slider_has_no_exponent():
    assert [words.decimal(one) for one in (1e-05, 0.001, 0.5, 1.0, 0.0, 256)] == [
        "0.00001",
        "0.001",
        "0.5",
        "1",
        "0",
        "256",
    ]
