"""What is inside a network as charts: its ten outputs, and what single neurons give. Pure: no page, no files.

The specs are plain Vega-Lite, each made once; the rows that belong to them are made beside them.
"""

from functools import lru_cache

import numpy as np

from core.charts.colours import LIGHT, Colours, css
from core.data import CLASSES
from core.words import percent, signed

NEURON = "neuron"  # the name of the selection of a neuron
MOST_NEURONS = 12  # the strongest, that are shown
BAR = 23  # pixels from one bar to the next
NO_AXIS = {"title": None, "axis": None}
DIGIT_AXIS = {"title": None, "axis": {"ticks": False, "domain": False, "labelOverlap": False, "labelFontSize": 13}}


def logit_rows(logits: np.ndarray, true: int | None, colours: Colours = LIGHT) -> list[dict]:
    """Ten logits (10,) as the rows of `outputs_chart`: the digit that is true is ticked, where it is known."""
    return _rows(logits, [signed(value, 1) for value in logits], true, colours)


def probability_rows(probs: np.ndarray, true: int | None, colours: Colours = LIGHT) -> list[dict]:
    """Ten probabilities (10,) as the rows of `outputs_chart`."""
    return _rows(probs, [percent(p) for p in probs], true, colours)


def key_of_outputs(values: np.ndarray, true: int | None) -> str:
    """What the colours of such rows mean, in a sentence."""
    answer = int(np.argmax(values))
    if true is None:
        return f"The answer, {answer}, stands out."
    if answer == true:
        return f"Green and ticked is the true digit, {true}, which is the answer too."
    return f"Green and ticked is the true digit, {true}; orange is the answer, {answer}."


@lru_cache(maxsize=8)
def outputs_chart(low: float, high: float, colours: Colours = LIGHT) -> dict:
    """The spec of ten bars with their values written beside them, on a scale from `low` to `high`: rows named "outputs"."""
    room = 0.34 * (high - low)  # for the words, on a phone too
    scale = {"domain": [low - room if low < 0 else 0, high + room], "nice": False}
    x = {"field": "value", "type": "quantitative", "scale": scale, **NO_AXIS}
    return {
        "data": {"name": "outputs"},
        "height": CLASSES * BAR,
        "encoding": {"y": {"field": "digit", "type": "ordinal", **DIGIT_AXIS}, "x": x},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadius": 2},
                "encoding": {"color": {"field": "colour", "scale": None}},
            },
            *_words_beside_bars("value", colours),
        ],
    }


def neuron_rows(given: np.ndarray, chosen: int, turn: int = 0, most: int = MOST_NEURONS) -> list[dict]:
    """The neurons that give most, either way, and the chosen one, as the rows of `neurons_chart`: given (hidden,).

    Those that speak for it come first, the strongest at the top, and at the bottom is what speaks most against it. `turn`
    comes back with a click; whoever chooses by other means raises it, so that the same bar can be clicked again.
    """
    strongest = np.argsort(-np.abs(given), kind="stable")[:most]
    shown = np.array(sorted({*strongest.tolist(), chosen}))
    return [
        {
            "neuron": int(neuron),
            "given": round(float(given[neuron]), 4),
            "words": signed(given[neuron], 2),
            "chosen": bool(neuron == chosen),
            "turn": turn,
        }
        for neuron in shown[np.argsort(-given[shown], kind="stable")]
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
    scale = {"domain": [-1.45 * largest, 1.45 * largest], "nice": False}
    x = {"field": "given", "type": "quantitative", "scale": scale, **NO_AXIS}
    colour = {
        "condition": {"test": "datum.given > 0", "value": css(colours.positive)},
        "value": css(colours.negative),
    }
    select = {"type": "point", "fields": ["neuron", "turn"], "toggle": False, "clear": False}
    edge = {"condition": {"test": "datum.chosen", "value": 2.5}, "value": 0}
    return {
        "data": {"name": "neurons"},
        "height": bars * BAR,
        "encoding": {"y": y, "x": x},
        "layer": [
            {
                "params": [{"name": NEURON, "select": select}],
                "mark": {"type": "bar", "cornerRadius": 2, "cursor": "pointer", "stroke": css(colours.ink)},
                "encoding": {"color": colour, "strokeWidth": edge},
            },
            *_words_beside_bars("given", colours),
        ],
    }


def _words_beside_bars(field: str, colours: Colours) -> list[dict]:
    """The layers that write "words" at the ends of bars: on the right of those of zero and more, on the left of the others."""
    words = {"type": "text", "color": css(colours.ink), "fontSize": 12}
    return [
        {
            "mark": {**words, "align": align, "dx": dx},
            "encoding": {"text": {"field": "words"}},
            "transform": [{"filter": f"datum.{field} {side} 0"}],
        }
        for align, dx, side in (("left", 5, ">="), ("right", -5, "<"))
    ]


def end_of(values: np.ndarray) -> float:
    """A round number that no size of a value is above, such as 0.15 or 2, and 1 for nothing but zeros.

    Scales that change by such steps make one spec do for many images, and bars can be compared from one to the next.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(largest))
    return float(next(step * power for step in (1, 1.5, 2, 3, 5, 7, 10) if step * power >= largest))


def _rows(values: np.ndarray, words: list[str], true: int | None, colours: Colours) -> list[dict]:
    answer = int(np.argmax(values))
    hues = {answer: colours.line if true is None else colours.wrong} | ({} if true is None else {true: colours.right})
    return [
        {
            "digit": digit,
            "value": round(float(value), 5),
            "words": f"{word} ✓" if digit == true else word,
            "colour": css(hues.get(digit, colours.other)),
        }
        for digit, (value, word) in enumerate(zip(values, words, strict=True))
    ]
