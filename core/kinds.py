"""What a setting may be: a number from a range, or one of a few words; and how it is read from a text."""

import math
from dataclasses import field, fields
from decimal import Decimal
from numbers import Real
from typing import Any, NamedTuple, Protocol

LABELS = {"train_size": "Training-set size", "drawn": "Share of drawings"}  # where the name in the code is another


class SettingsError(ValueError):
    """A setting that cannot be used. The message is one sentence for the person who chose it."""


class Kind(Protocol):
    """What a setting or a parameter of a page may be. Its `str` says so, e.g. "a whole number from 0 to 9"."""

    def nearest(self, text: str) -> Any:
        """The allowed value that is nearest to a text. Raises SettingsError where there is none in it.

        Its message goes on after the name ("must be …"), or is a sentence of its own, which ends as one.
        """

    def checked(self, value: Any) -> Any:
        """The value itself, in its proper type. Raises SettingsError where it is not allowed."""

    def text(self, value: Any) -> str:
        """The text that `nearest` reads as this value."""


class Range(NamedTuple):
    """A number from `low` to `high`, both included; `kind` is int or float."""

    low: float
    high: float
    kind: type

    def checked(self, value: Any) -> int | float:
        """The value as a number of this kind, and -0.0 as 0.0. Raises SettingsError for any other value."""
        if isinstance(value, bool) or not issubclass(type(value), Real):
            raise SettingsError(f"must be {self}, not {value!r:.40}")
        if not self.low <= value <= self.high or self.kind(value) != value:
            raise SettingsError(f"must be {self}, not {_say(value)}")
        return self.kind(value) + self.kind(0)  # -0.0 + 0.0 is 0.0: one spelling, one key

    def nearest(self, text: str) -> int | float:
        """The allowed number that is nearest to the one in a text. Raises SettingsError where there is none in it."""
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if math.isnan(number):
            raise SettingsError(f"must be {self}, not “{text[:40]}”")
        number = min(max(number, self.low), self.high)
        return self.checked(round(number) if self.kind is int else number)

    def text(self, value: float) -> str:
        """The text that `nearest` reads as this number."""
        return str(value)

    def __str__(self) -> str:
        kind = "a whole number" if self.kind is int else "a number"
        return f"{kind} from {self.low:,} to {self.high:,}"


class Choice(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]

    def checked(self, value: Any) -> str:
        """The value itself. Raises SettingsError where it is none of the words."""
        if not isinstance(value, str) or value not in self.words:
            raise SettingsError(f"must be {self}, not “{_say(value)[:40]}”")
        return str(value)  # of NumPy's words, too

    def nearest(self, text: str) -> str:
        """The word itself: no word is near another. Raises SettingsError as `checked` does."""
        return self.checked(text)

    def text(self, value: str) -> str:
        """The word itself."""
        return value

    def __str__(self) -> str:
        return "one of " + ", ".join(self.words)


def setting(default: Any, limits: Any) -> Any:
    """A field of a record with its default and its kind: what it may be."""
    return field(default=default, metadata={"limits": limits})


def check_settings(record: Any) -> None:
    """Bring every setting of a frozen record into its proper type: 1 becomes 1.0, which is one spelling and one key.

    Raises SettingsError where a value is of the wrong type or outside its limits.
    """
    for spec in fields(record):
        if "limits" in spec.metadata:
            try:
                value = spec.metadata["limits"].checked(getattr(record, spec.name))
            except SettingsError as error:
                raise SettingsError(f"{label(spec.name)} {error}.") from None
            object.__setattr__(record, spec.name, value)


def label(name: str) -> str:
    """A setting's name as people write it, e.g. "Batch size"."""
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def exactly(kind: Kind, text: str) -> Any:
    """The value that a text says. Raises SettingsError where that is not allowed, however near it may be."""
    value = kind.nearest(text)
    if isinstance(kind, Range) and value != float(text):
        raise SettingsError(f"must be {kind}, not {text[:40]}")
    return value


def read_setting(name: str, kind: Kind, default: Any, text: str) -> tuple[Any, list[str]]:
    """The allowed value nearest to a text, else the default; and what to say where it is not what the text says.

    A default of None is decided by whoever reads it.
    """
    try:
        return exactly(kind, text), []
    except SettingsError as error:
        value = _nearest(kind, default, text)
        return value, [objection(name, error, "it was left out" if value is None else f"using {_say(value)}")]


def objection(name: str, error: SettingsError, instead: str) -> str:
    """What to say of a value that is not allowed, in a sentence."""
    return str(error) if str(error).endswith(".") else f"{label(name)} {error}: {instead}."


def _nearest(kind: Kind, default: Any, text: str) -> Any:
    try:
        return kind.nearest(text)
    except SettingsError:
        return default


def _say(value: Any) -> str:
    """A value in a sentence about it."""
    if isinstance(value, int) and abs(value) >= 10**15:
        return f"{Decimal(value):.3g}"  # the digits of a whole number have no end
    return f"{value:,}" if isinstance(value, Real) else str(value)
