"""What somebody may predict: a number, one of a few answers, or a curve; how it is read, said, and held against what came."""

import math
from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np

from core.kinds import Range, SettingsError, exactly
from core.words import listed, number

CLOSE = 5.0  # points: a prediction that is no farther off was a good one
Value = float | str | tuple[float, ...]


class Answer(NamedTuple):
    """What an experiment came to: a value as it is predicted, what to call it, and what else the numbers do not tell from it."""

    value: Value
    words: str
    as_good: frozenset[str] = frozenset()  # further answers of a choice


class Asks(Protocol):
    """What a prediction may be. A text is how an address has it."""

    def read(self, text: str) -> Value:
        """The prediction that a text says. Raises SettingsError where it says none."""

    def text(self, value: Value) -> str:
        """The text that `read` reads as this prediction."""

    def words(self, value: Value) -> str:
        """What to call a prediction."""

    def verdict(self, said: Value, came: Answer) -> str:
        """A prediction beside what came, in a sentence or two."""


class Number(NamedTuple):
    """A percentage from 0 to 100, in whole ones."""

    start: int = 50  # where the slider stands before anybody has touched it

    def read(self, text: str) -> Value:
        return float(exactly(_PERCENT, text))

    def text(self, value: Value) -> str:
        return f"{value:.0f}"

    def words(self, value: Value) -> str:
        return f"{value:.0f}%"

    def verdict(self, said: Value, came: Answer) -> str:
        assert isinstance(said, float)
        assert isinstance(came.value, float)
        off = said - came.value
        beside = f"You said **{self.words(said)}**, and it is **{came.words}**"
        if abs(off) <= CLOSE:
            return f"{beside}: close."
        return f"{beside}: you said {number(abs(off), 1)} points too {'many' if off > 0 else 'few'}."


class OneOf(NamedTuple):
    """One of a few answers, by their names in an address."""

    options: Mapping[str, str]

    def read(self, text: str) -> Value:
        if text not in self.options:
            raise SettingsError(f"must be one of {', '.join(self.options)}")
        return text

    def text(self, value: Value) -> str:
        return str(value)

    def words(self, value: Value) -> str:
        return self.options[str(value)]

    def verdict(self, said: Value, came: Answer) -> str:
        if said == came.value and not came.as_good:
            return f"You said **{self.words(said)}**, and so it is."
        if said == came.value or said in came.as_good:
            others = listed(self.options[one] for one in self.options if one in {*came.as_good, came.value} - {said})
            return f"You said **{self.words(said)}**, and that may be: the images do not tell it from {others}."
        return f"You said **{self.words(said)}**, and it is **{came.words}**."


class Curve(NamedTuple):
    """A percentage at each of a few places, which are whole numbers of `unit`."""

    places: tuple[int, ...]
    unit: str
    start: int = 50

    def read(self, text: str) -> Value:
        words = text.split(",", len(self.places))
        if len(words) != len(self.places):
            raise SettingsError(f"must be {len(self.places)} numbers with commas between them")
        return tuple(float(exactly(_PERCENT, word)) for word in words)

    def text(self, value: Value) -> str:
        assert isinstance(value, tuple)
        return ",".join(f"{one:.0f}" for one in value)

    def words(self, value: Value) -> str:
        assert isinstance(value, tuple)
        return listed(f"{one:.0f}%" for one in value)

    def verdict(self, said: Value, came: Answer) -> str:
        assert isinstance(said, tuple)
        assert isinstance(came.value, tuple)
        off = np.subtract(said, came.value)
        worst = int(np.abs(off).argmax())
        mean = math.fsum(np.abs(off)) / len(off)
        words = "above" if off[worst] > 0 else "below"
        return (
            f"Your curve is {number(mean, 1)} points off on the average; most at {self.places[worst]:,} {self.unit}, where it is "
            f"{number(abs(off[worst]), 1)} points {words} what came."
        )


_PERCENT = Range(0, 100, int)
