"""How drawings by any hand are read, as tables: python -m tests.any_hand [DRAWINGS OF EACH PEN]. Each row with its n.

The drawings are those of tests/hands.py, from which nobody learns; what is no digit is from tests/nondigits.py.
"""

import sys
from collections.abc import Iterable, Iterator

import numpy as np

from core import checkpoints
from core.analysis.doubt import SURE
from core.config import PRESETS
from core.networks import Model
from core.sketch.preprocessing import to_mnist
from tests import hands, nondigits
from tests.hands import LENGTHS, PENS, Drawing

NETWORKS = ("MLP full", "CNN full", "CNN sketch", "CNN hands")
EACH, OTHERS = 500, 200  # drawings with each pen, and of each kind that is no digit
MIDDLE = 140.0  # of the sheet, in pixels
NEAR = 45.0  # from there is the middle still


class Read:
    """Drawings, and what each network makes of them."""

    def __init__(self, found: Iterable[Drawing], models: dict[str, Model]) -> None:
        rows = [(to_mnist(one.sheet, paper=0.0), one.label, one.pen, one.length, _off(one.sheet)) for one in found]
        images, self.labels, self.pens, self.lengths, self.off = map(np.array, zip(*rows, strict=True))
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


def drawings(each: int, seed: int = 0) -> Iterator[Drawing]:
    """So many with each pen."""
    for pen in PENS:
        yield from hands.drawings(each, pen, seed)


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
    print(f"\n{doubts(read, asked)}")


def doubts(read: Read, asked: dict[str, Model]) -> str:
    """How often each network refuses these digits, and is sure of what is none, at the threshold that was chosen elsewhere."""
    at = {name: SURE[PRESETS[name].key] for name in asked}
    rows = [f"| | n | {' | '.join(asked)} |", f"|---|---|{'---|' * len(asked)}"]
    shares = [f"{(read.probs[name].max(axis=1) < at[name]).mean():.1%}" for name in asked]
    rows.append(f"| digits that are refused | {len(read.labels):,} | {' | '.join(shares)} |")
    for kind, images in nothing(OTHERS).items():
        shares = [
            f"{(model.predict_proba(images).max(axis=1) >= at[name]).mean():.1%}" for name, model in asked.items()
        ]
        rows.append(f"| sure of {kind} | {len(images)} | {' | '.join(shares)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
