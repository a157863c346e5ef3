"""Where the best value of one setting moves with another: the ridge of a heat map, and whether the two trade off."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.search.found import ranking
from core.search.grid import Place
from core.search.outcome import Outcome
from core.search.seeds import above


class TradeOff(NamedTuple):
    """Two values of each of two settings, of which either is better with one of the other and worse with the other."""

    first: tuple[Place, Place]  # the better and the worse
    second: tuple[Place, Place]  # the same two values of the first setting, of which now the other one is better


def highest_of_rows(compared: Mapping[Place, Outcome]) -> dict[Any, Place]:
    """For each value of the second setting the place with the highest validation accuracy, where there are several."""
    rows: dict[Any, list[Place]] = {}
    for place in ranking(compared):
        rows.setdefault(place[2], []).append(place)
    return {value: places[0] for value, places in rows.items() if len(places) > 1}


def trade_off(compared: Mapping[Place, Outcome]) -> TradeOff | None:
    """Two rows whose highest values are each better there than the other's, by more than the seeds differ; the furthest apart."""
    highest = highest_of_rows(compared)
    order = sorted(highest)
    pairs = [(a, b) for i, a in enumerate(order) for b in order[i + 1 :]]
    for low, high in sorted(pairs, key=lambda pair: order.index(pair[0]) - order.index(pair[1])):
        one, other = highest[low], highest[high]
        first, second = (one, (*other[:2], low)), (other, (*one[:2], high))
        if one[1] != other[1] and all(
            worse in compared and above(compared[better], compared[worse], "validation")
            for better, worse in (first, second)
        ):
            return TradeOff(first, second)
    return None
