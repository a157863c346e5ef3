"""What of the effect of data remains where all sizes have had as many steps, or as much time: in a sentence."""

from collections.abc import Sequence

from core.search.outcome import Outcome
from core.search.overfitting_reading import same
from core.words import signed

EQUAL = {"steps": "equal steps", "seconds": "equal time"}
MORE = {"steps": "steps", "seconds": "time"}


def remains(ends: Sequence[Outcome], cuts: Sequence[Outcome], along: str) -> str:
    """How far the largest size is ahead of the smallest at the end of training, and how far at equal steps or time.

    Both are outcomes of one network, at the ends and cut off. Nothing where more data does not help at the end by more than seeds and
    chance, or where there is nothing at one of the two to compare.
    """
    end, early = ({one.size: one for one in found if one.finished and one.chance == 0} for found in (ends, cuts))
    sizes = sorted(end.keys() & early.keys())
    if len(sizes) < 2:
        return ""
    small, large = sizes[0], sizes[-1]
    whole, left = (100 * (found[large].validation.mean - found[small].validation.mean) for found in (end, early))
    if whole <= 0 or same(end[small], end[large], "validation"):
        return ""
    at = EQUAL[along]
    said = (
        f"At the end of training {large:,} images are ahead of {small:,} by {signed(whole, 2)} points of validation accuracy, at {at} by "
        f"{signed(left, 2)}"
    )
    if same(early[small], early[large], "validation"):
        return f"{said}, which these runs cannot tell from nothing: as far as they can tell, **the effect of data is there only with more {MORE[along]}**."
    if left < 0:
        return f"{said}: it is **behind** there, and ahead only with more {MORE[along]}."
    if left >= whole:
        return f"{said}: **all of the effect of data remains**."
    return f"{said}: **{left / whole:.0%} of the effect of data remains**, and the rest is there only with more {MORE[along]}."
