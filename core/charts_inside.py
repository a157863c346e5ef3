"""What is inside a network as charts: its ten outputs, and what single neurons give. Pure: no page, no files.

The specs are plain Vega-Lite, each made once; the rows that belong to them are made beside them.
"""

from functools import lru_cache

import numpy as np

from core.paint import LIGHT, Colours

NEURON = "neuron"  # the name of the selection of a neuron
BAR = 23  # pixels from one bar to the next
NO_AXIS = {"title": None, "axis": None}
DIGIT_AXIS = {"title": None, "axis": {"ticks": False, "domain": False, "labelOverlap": False, "labelFontSize": 13}}


def logit_rows(logits: np.ndarray, right: int, colours: Colours = LIGHT) -> list[dict]:
    """Ten logits (10,) as the rows of `outputs_chart`: the digit `right` is blue, the others are red."""
    return _rows(logits, [signed(value, 1) for value in logits], right, colours)


def probability_rows(probs: np.ndarray, right: int, colours: Colours = LIGHT) -> list[dict]:
    """Ten probabilities (10,) as the rows of `outputs_chart`."""
    return _rows(probs, [percent(p) for p in probs], right, colours)


@lru_cache(maxsize=8)
def outputs_chart(low: float, high: float, colours: Colours = LIGHT) -> dict:
    """The spec of ten bars with their values written beside them, on a scale from `low` to `high`: rows named "outputs"."""
    room = 0.22 * (high - low)  # for the words
    scale = {"domain": [low - room if low < 0 else 0, high + room], "nice": False}
    x = {"field": "value", "type": "quantitative", "scale": scale, **NO_AXIS}
    words = {"type": "text", "color": _hex(colours.ink), "fontSize": 12}
    text = {"text": {"field": "words"}}
    return {
        "data": {"name": "outputs"},
        "height": 10 * BAR,
        "encoding": {"y": {"field": "digit", "type": "ordinal", **DIGIT_AXIS}, "x": x},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadius": 2},
                "encoding": {"color": {"field": "colour", "scale": None}},
            },
            {
                "mark": {**words, "align": "left", "dx": 5},
                "encoding": text,
                "transform": [{"filter": "datum.value >= 0"}],
            },
            {
                "mark": {**words, "align": "right", "dx": -5},
                "encoding": text,
                "transform": [{"filter": "datum.value < 0"}],
            },
        ],
    }


def neuron_rows(given: np.ndarray, chosen: int, turn: int = 0, most: int = 12) -> list[dict]:
    """The neurons that give most, either way, as the rows of `neurons_chart`: given (hidden,), the chosen one marked.

    `turn` comes back with a click; whoever chooses by other means raises it, so that the same bar can be clicked again.
    """
    first = np.argsort(-np.abs(given), kind="stable")[:most]
    return [
        {
            "neuron": int(neuron),
            "given": round(float(given[neuron]), 4),
            "words": signed(given[neuron], 2),
            "chosen": bool(neuron == chosen),
            "turn": turn,
        }
        for neuron in first
    ]


@lru_cache(maxsize=16)
def neurons_chart(largest: float, bars: int, colours: Colours = LIGHT) -> dict:
    """The spec of bars to the left and to the right, from -largest to largest, of rows named "neurons".

    A click selects {"neuron", "turn"}.
    """
    y = {
        "field": "neuron",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "axis": {"ticks": False, "domain": False, "labelExpr": "'neuron ' + datum.label", "labelOverlap": False},
    }
    scale = {"domain": [-1.25 * largest, 1.25 * largest], "nice": False}
    x = {"field": "given", "type": "quantitative", "scale": scale, **NO_AXIS}
    colour = {
        "condition": {"test": "datum.given > 0", "value": _hex(colours.positive)},
        "value": _hex(colours.negative),
    }
    words = {"type": "text", "color": _hex(colours.ink), "fontSize": 12}
    text = {"text": {"field": "words"}}
    select = {"type": "point", "fields": ["neuron", "turn"], "toggle": False, "clear": False}
    edge = {"condition": {"test": "datum.chosen", "value": 2.5}, "value": 0}
    return {
        "data": {"name": "neurons"},
        "height": bars * BAR,
        "encoding": {"y": y, "x": x},
        "layer": [
            {
                "params": [{"name": NEURON, "select": select}],
                "mark": {"type": "bar", "cornerRadius": 2, "cursor": "pointer", "stroke": _hex(colours.ink)},
                "encoding": {"color": colour, "strokeWidth": edge},
            },
            {
                "mark": {**words, "align": "left", "dx": 5},
                "encoding": text,
                "transform": [{"filter": "datum.given >= 0"}],
            },
            {
                "mark": {**words, "align": "right", "dx": -5},
                "encoding": text,
                "transform": [{"filter": "datum.given < 0"}],
            },
        ],
    }


def end_of(values: np.ndarray) -> float:
    """A round number that no size of a value is above, such as 0.15 or 2, and 1 for nothing but zeros.

    Scales that change by such steps make one spec do for many images, and bars can be compared from one to the next.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(largest))
    return float(next(step * power for step in (1, 1.5, 2, 3, 5, 7, 10) if step * power >= largest))


def signed(number: float, digits: int) -> str:
    """A number with its sign, as print writes it: +1.5, \u22120.2, 0.0."""
    words = f"{number:+.{digits}f}"
    return words[1:] if float(words) == 0 else words.replace("-", "\u2212")


def percent(p: float) -> str:
    """A probability in a few characters that never claims certainty."""
    return "<\u00a00.1%" if p < 0.001 else ">\u00a099.9%" if p > 0.9995 else f"{p:.1%}"


def _rows(values: np.ndarray, words: list[str], right: int, colours: Colours) -> list[dict]:
    return [
        {
            "digit": digit,
            "value": round(float(value), 5),
            "words": word,
            "colour": _hex(colours.negative if digit == right else colours.positive),
        }
        for digit, (value, word) in enumerate(zip(values, words, strict=True))
    ]


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
