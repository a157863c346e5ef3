"""How numbers become words: the one way for every page, chart and command. The standard library alone.

What is rounded never says more than is known: a probability is not 100.0%, a share is 100% only if it is all of them.
A percent sign follows its number at once, a minus sign is − and a multiplication sign is ×.
"""

import math
from collections.abc import Iterable
from decimal import Decimal

MINUS, TIMES, NONE = "\u2212", "\u00d7", "\u2013"
SPACE = "\u00a0"  # that no line breaks at
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
MANY = 5_000  # images: from so many on, the second decimal of an accuracy means something


def percent(p: float) -> str:
    """A probability from 0 to 1, such as "95.2%". It never claims certainty: "> 99.9%", "< 0.1%".

    Markdown takes a > that begins a line for a quotation: whoever begins one with it puts a backslash before it.
    """
    return f"<{SPACE}0.1%" if p < 0.001 else f">{SPACE}99.9%" if p > 0.999 else f"{p:.1%}"


def share_words(value: float, n: int) -> str:
    """A share from 0 to 1 of n images, such as an accuracy: "97.51%", or "97.5%" of fewer than 5,000 images.

    "100%" is all of them and "0%" none. Not a number, which a share of no images is: "–".
    """
    if math.isnan(value):
        return NONE
    if value in (0, 1):
        return f"{value:.0%}"
    places = decimals(n)
    rounded, least = round(value, places + 2), 10.0 ** -(places + 2)
    if rounded == 0:
        return f"<{SPACE}{least:.{places}%}"
    if rounded == 1:
        return f">{SPACE}{1 - least:.{places}%}"
    return f"{value:.{places}%}"


def interval_words(interval: tuple[float, float], n: int) -> str:
    """The interval of such a share, from 0 to 1: "97.18% to 97.80%"."""
    low, high = interval
    return f"{low:.{decimals(n)}%} to {high:.{decimals(n)}%}"


def points_words(difference: float, n: int) -> str:
    """A difference of two such shares, from -1 to 1, in points: "+1.25 points"."""
    return f"{signed(difference * 100, decimals(n))} points"


def decimals(n: int) -> int:
    """How many decimals a percentage of n images has."""
    return 2 if n >= MANY else 1


def signed(number: float, places: int) -> str:
    """A number with its sign, as print writes it: +1.5, −0.2, 0.0."""
    words = f"{number:+.{places}f}"
    return words[1:] if float(words) == 0 else words.replace("-", MINUS)


def number(value: float, places: int) -> str:
    """A number with a sign only where it is below zero: 1.50, −0.20."""
    return signed(value, places).removeprefix("+")


def significant(number: float, digits: int) -> str:
    """A number above zero to so many digits, written out: "0.012", "3.4", "20,000"."""
    return f"{Decimal(f'{number:.{digits - 1}e}').normalize():,f}"


def decimal(value: float) -> str:
    """A number without an exponent, as on a slider: "0.00001", "0.5", "1"."""
    return f"{Decimal(repr(value)):f}".removesuffix(".0")


def compact(number: float, digits: int = 3) -> str:
    """A number to so many digits, small ones in powers of ten: "0", "0.0123", "−4.56", "−2.13 × 10⁻⁷"."""
    if number == 0:
        return "0"
    sign, size = MINUS if number < 0 else "", abs(number)
    if 0.001 <= size < 100_000:
        return sign + significant(size, digits)
    mantissa, power = f"{size:.{digits - 1}e}".split("e")
    return f"{sign}{mantissa}{SPACE}{TIMES}{SPACE}10{str(int(power)).translate(RAISED)}"


def seconds_words(time: float) -> str:
    """A time in seconds as people say it: under 0.1 s, 0.8 s, 12 s, 3 min 20 s, 1 h 5 min. No line breaks before a unit."""
    if time < 0.05:
        return f"under 0.1{SPACE}s"
    if time < 9.95:
        return f"{time:.1f}{SPACE}s"
    minutes, rest = divmod(round(time), 60)
    hours, left = divmod(round(time / 60), 60)
    parts = ((hours, "h"), (left, "min")) if minutes >= 60 else ((minutes, "min"), (rest, "s"))
    return " ".join(f"{number}{SPACE}{unit}" for number, unit in parts if number)


def soon(time: float) -> str:
    """When something happens that is so many seconds away: "in a moment", "in about 12 s"."""
    return f"in about {seconds_words(time)}" if time >= 1 else "in a moment"


def counted(n: int, one: str, more: str = "") -> str:
    """A number of things: "1 image", "2,000 images"; `more` where the plural is not made with an s."""
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def reached(epoch: int, epochs: int) -> str:
    """How far a run has come that has done so many of its epochs: "after epoch 3 of 60", "before the end of epoch 1 of 60"."""
    return f"after epoch {epoch} of {epochs}" if epoch else f"before the end of epoch 1 of {epochs}"


def article(digit: int) -> str:
    """The article of a digit: a 7, an 8."""
    return "an" if digit == 8 else "a"


def listed(words: Iterable[str], last: str = "and") -> str:
    """A list in words: a, b and c."""
    *before, end = list(words)
    return f"{', '.join(before)} {last} {end}" if before else end
