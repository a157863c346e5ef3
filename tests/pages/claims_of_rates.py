"""What Train says of a learning-rate test, checked as in claims.py, against losses that are measured here once more."""

from functools import cache

import numpy as np

from core.config import Config, from_query
from core.data import load_digits
from core.search.rates import Point, rate_test
from tests.pages.claims import claim, count, number

AROUND = 1.25  # times a rate, to either side


@cache
def _points(config: Config) -> list[Point]:
    return list(rate_test(config, load_digits()))


def _config(page) -> Config:
    return page.looks[0].facts.config if page.looks else from_query(page.query)[0]


def _smoothed(page, rate: str) -> float:
    """The smoothed loss at the step whose rate is nearest."""
    points = _points(_config(page))
    return points[int(np.argmin([abs(np.log(point.rate / number(rate))) for point in points]))].smoothed


def _rates(page) -> dict[str, str]:
    """The rates that the page names."""
    words = page.words
    found = {"fastest": words.partition("falls fastest at a learning rate of ")[2].split(",")[0]}
    away = words.partition("breaks away at ")[2].split("\n")[0].rstrip(".")
    return found | ({"away": away} if away else {})


@claim(
    "train",
    "A short run with these settings, of at most {steps#} steps: the learning rate grows with each of them, until the loss breaks away.",
)
def _steps(page, steps) -> None:
    count(steps, min(max(32_000 // _config(page).batch_size, 200), 2_000))


@claim(
    "train",
    "The loss falls fastest at a learning rate of {rate±}, and breaks away at {away±}.",
    "The loss falls fastest at a learning rate of {rate±}, and never breaks away.",
)
def _falls(page, rate, away=None) -> None:
    points = _points(_config(page))
    first, low = points[0].smoothed, min(point.smoothed for point in points)
    # Around it the loss falls by more, in logarithms, than over any other on the way to its lowest.
    ways = [point.rate for point in points if point.rate > 2e-5 and point.rate * AROUND < points[-1].rate]
    lowest = points[int(np.argmin([point.smoothed for point in points]))].rate
    falls = [_fall(page, middle) for middle in ways if middle * AROUND < lowest]
    assert _fall(page, number(rate)) > 0.7 * max(falls)
    if away is not None:
        assert _smoothed(page, away) > 0.9 * first or number(away) > 0.95 * points[-1].rate
        assert number(rate) < number(away)
    else:
        assert points[-1].rate > 0.99
        assert points[-1].smoothed < first * 1.05
    assert low < 0.95 * first


def _fall(page, middle: float) -> float:
    return float(np.log(_smoothed(page, str(middle / AROUND)) / _smoothed(page, str(middle * AROUND))))


@claim(
    "train",
    "Suggested: {rate±}, where it falls fastest.",
    "Suggested: {rate±}, where it falls fastest: no more than a tenth of the rate at which it broke away.",
)
def _where_it_falls(page, rate) -> None:
    named = _rates(page)
    assert abs(number(rate) / number(named["fastest"]) - 1) < 0.5
    assert "away" not in named or number(named["fastest"]) <= 0.103 * number(named["away"])


@claim(
    "train",
    "Suggested: {rate±}, a tenth of the rate at which it broke away, which leaves more room than where it falls fastest.",
)
def _a_tenth(page, rate) -> None:
    named = _rates(page)
    assert abs(number(rate) / (number(named["away"]) / 10) - 1) < 0.5
    assert number(named["fastest"]) >= 0.097 * number(named["away"])


@claim("train", "The loss fell by less than a tenth in {steps#} steps: this test suggests no learning rate.")
def _nothing(page, steps) -> None:
    points = _points(_config(page))
    count(steps, len(points))
    assert min(point.smoothed for point in points) > 0.85 * points[0].smoothed


@claim("train", "Take {rate±}")
def _take(page, rate) -> None:
    assert f"Suggested: {rate}," in page.words.replace("**", "")


@claim("train", "Keep {rate±}")
def _keep(page, rate) -> None:
    assert number(rate) == _config(page).learning_rate
