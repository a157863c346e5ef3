"""How drawings by any hand are read, as tables: python -m tests.any_hand [DRAWINGS OF EACH PEN]. Each row with its n.

The drawings are those of tests/hands.py, from which nobody learns; what is no digit is from tests/nondigits.py.
"""

import sys
from collections.abc import Iterable

import numpy as np

from core import checkpoints
from core.config import PRESETS
from core.sketch.preprocessing import to_mnist
from core.training import Model
from tests import hands, nondigits
from tests.hands import LENGTHS, PENS, Drawing

NETWORKS = ("MLP full", "CNN full", "CNN sketch", "CNN hands")
EACH = 1_500
MIDDLE = 140.0  # of the sheet, in pixels
NEAR = 45.0  # from there is the middle still


class Read:
    """Drawings, and what each network makes of them."""

    def __init__(self, found: list[Drawing], models: dict[str, Model]) -> None:
        images = np.stack([to_mnist(one.sheet, paper=0.0) for one in found])
        self.labels = np.array([one.label for one in found])
        self.pens, self.lengths = np.array([one.pen for one in found]), np.array([one.length for one in found])
        self.off = np.array([_off(one.sheet) for one in found])
        self.probs = {name: model.predict_proba(images) for name, model in models.items()}

    def right(self, name: str) -> np.ndarray:
        return self.probs[name].argmax(axis=1) == self.labels

    def groups(self) -> Iterable[tuple[str, np.ndarray]]:
        """The rows of a table: words, and which drawings they are about."""
        for pen in PENS:
            yield f"a pen of {pen:.0%} of the height", self.pens == pen
        for length in LENGTHS:
            yield f"{length} pixels tall", self.lengths == length
        yield "in the middle", self.off < NEAR
        yield "elsewhere", self.off >= NEAR


def _off(sheet: np.ndarray) -> float:
    """How far from the middle the ink lies, in pixels."""
    places = np.argwhere(sheet > 0.5)
    return float(np.hypot(*(places.mean(axis=0) - MIDDLE)))


def models() -> dict[str, Model]:
    """The networks that come trained, of those that are asked."""
    there = [name for name in NETWORKS if name in PRESETS]
    return {name: checkpoints.load(PRESETS[name].key).model for name in there}


def drawings(each: int, seed: int = 0) -> list[Drawing]:
    """So many with each pen."""
    return [one for pen in PENS for one in hands.drawings(each, pen, seed)]


def nothing(each: int, seed: int = 0) -> dict[str, np.ndarray]:
    """What is no digit, so many of each kind, as the networks receive it: (each, 28, 28)."""
    return {
        kind: np.stack([to_mnist(sheet, paper=0.0) for sheet in nondigits.sheets(kind, each, seed)])
        for kind in nondigits.KINDS
    }


def main() -> None:
    each = int(sys.argv[1]) if len(sys.argv) > 1 else EACH
    asked = models()
    read = Read(drawings(each), asked)
    print(f"| drawings | n | {' | '.join(asked)} |\n|---|---|{'---|' * len(asked)}")
    for words, here in read.groups():
        print(
            f"| {words} | {here.sum():,} | " + " | ".join(f"{read.right(name)[here].mean():.1%}" for name in asked), "|"
        )


if __name__ == "__main__":
    main()
