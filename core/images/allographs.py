"""The shapes that people in several countries give the ten digits, as strokes: a table to read, and how its words are meant.

Each allograph is a list of strokes in the order of writing, and a stroke the points that the pen goes through: "x,y", x to
the right and y down, in hundredths of the digit's height. The line is smooth, save at a point with "!", where it turns
sharply. None of them was taken from MNIST; docs/allographs.png shows them all (`python -m tests.allographs`).
"""

from typing import NamedTuple

import numpy as np

OVAL = "30,0 10,14 0,50 10,86 30,100 50,86 60,50 50,14 31,1"
BASE = "0,100 42,100"

ALLOGRAPHS: dict[int, dict[str, tuple[str, ...]]] = {
    0: {
        "oval": (OVAL,),
        "clockwise, from below": ("24,98 6,80 2,40 16,6 36,0 54,16 58,56 46,90 26,100",),
        "open above": ("42,8 24,2 6,22 1,58 12,92 34,100 54,80 58,44 50,14",),
        "ends within": ("40,2 16,6 0,40 8,86 32,100 56,76 58,34 46,8 30,2 24,16",),
        "with a loop": ("36,4 12,12 0,48 10,90 32,100 54,82 58,40 42,8 32,6 38,16 62,8",),
        "slashed": (OVAL, "66,-4! -4,104!"),
        "slashed within": (OVAL, "46,24! 14,76!"),
        "slashed the other way": (OVAL, "2,10! 58,92!"),
    },
    1: {
        "bar": ("0,0! 0,100!",),
        "bent bar": ("4,0 0,50 4,100",),
        "short flag": ("0,20! 18,0! 18,100!",),
        "long flag": ("0,46! 32,0! 32,100!",),
        "curved flag": ("0,24 14,14 22,0! 22,100!",),
        "flag and base": ("4,22! 22,0! 22,100!", BASE),
        "serif and base": ("10,6! 22,0! 22,100!", BASE),
        "bar and base": ("21,0! 21,100!", BASE),
        "long flag and base": ("-6,36! 22,0! 22,100!", "-2,100! 46,100!"),
        "down and up again": ("18,0! 10,100! 20,2!",),
        "up and down again": ("0,96! 26,0! 22,100!",),
        "from the middle up": ("0,72! 30,0! 26,100!",),
        "with a foot": ("16,0 12,60 16,94 26,100 38,94",),
    },
    2: {
        "pointed": ("2,22 14,2 38,0 54,18 48,42 26,70 0,100! 60,100!",),
        "looped": ("4,20 22,1 46,5 52,28 32,64 8,94 0,94 6,84 20,86 38,97 62,94",),
        "swan": ("2,24 20,2 46,4 54,26 38,58 2,98! 20,91 40,98 64,90",),
        "as a Z": ("0,6! 54,2! 0,98! 58,97!",),
        "curled at the start": ("18,28 5,24 8,6 30,0 52,12 48,38 24,70 0,100! 60,98!",),
        "round below": ("4,16 26,0 50,14 44,44 14,76 4,94 24,100 62,95",),
        "long tail": ("0,30 18,2 44,2 52,26 34,62 0,98! 30,94 92,100",),
    },
    3: {
        "round": ("2,14 22,0 46,8 46,32 22,46! 50,56 58,78 38,98 14,99 0,86",),
        "flat above": ("2,2! 54,2! 22,42! 48,50 58,74 40,97 14,99 0,88",),
        "looped in the middle": ("4,14 24,0 47,10 42,34 24,48 14,44 24,38 42,50 56,72 42,96 16,100 0,84",),
        "long ends": ("-12,20 16,0 46,10 38,38 18,46! 50,58 52,86 22,102 -20,80",),
        "without a notch": ("2,8 32,0 50,20 32,46 52,70 38,96 4,94",),
        "long below": ("6,12 28,0 46,12 22,40! 50,50 54,74 36,98 -2,112 -22,98",),
        "curled ends": ("8,22 2,12 20,0 46,8 44,34 22,46! 52,58 56,80 34,100 6,96 2,84 12,80",),
    },
    4: {
        "open": ("14,0! 0,58! 60,58!", "44,22! 42,100!"),
        "open and curved": ("16,0 2,38 10,58 58,54", "46,8 38,100"),
        "square": ("2,0! 0,52! 50,52!", "50,0! 50,100!"),
        "closed": ("46,100! 46,0! 0,66! 62,66!",),
        "closed, in two strokes": ("44,0! 0,64! 62,64!", "44,0! 44,100!"),
        "short upright": ("32,0! 0,68! 58,66!", "34,42! 32,100!"),
        "one line": ("18,0! 2,54! 52,50! 44,14! 38,100!",),
        "round, as a U": ("2,0 0,36 14,54 38,50 48,34", "50,0! 46,100!"),
        "long bar": ("24,0! 0,62! 84,58!", "46,28! 40,104!"),
    },
    5: {
        "two strokes": ("8,2! 5,44! 30,37 56,54 54,84 28,100 0,90", "8,2! 58,0!"),
        "one line": ("56,2! 12,2! 6,45! 30,38 56,54 52,84 26,100 0,90",),
        "as an S": ("54,4 24,2 8,20 20,42 46,54 54,78 34,99 0,92",),
        "hat apart": ("12,10! 6,46! 34,38 54,58 50,86 26,100 0,92", "14,2 38,4 66,-6"),
        "long ends": ("16,4! 8,46! 34,38 56,58 48,92 14,104 -22,84", "14,4 48,8 86,-4"),
        "angular": ("54,0! 6,0! 6,44! 40,44! 54,64 50,92 38,100 0,98!",),
        "curled below": ("58,0 12,4! 8,44! 34,38 56,60 46,92 20,100 4,90 10,80 20,86",),
    },
    6: {
        "spiral": ("48,2 20,22 4,56 7,86 28,100 50,84 46,62 26,55 6,72",),
        "straight stem": ("36,0! 8,58 4,82 26,100 48,86 44,64 24,58 6,76",),
        "curled above": ("54,12 40,0 18,16 4,54 8,88 30,100 52,82 42,60 20,60 6,76",),
        "open loop": ("44,0 16,26 2,64 12,95 36,98 52,78 42,60 26,62",),
        "as a b": ("8,0! 4,84 16,99 40,97 50,76 34,58 6,72",),
        "small loop": ("60,0 30,16 8,52 2,82 16,99 34,92 34,78 20,74 4,84",),
    },
    7: {
        "plain": ("0,2! 54,2! 22,100!",),
        "curved": ("0,4! 54,2! 30,44 20,100",),
        "crossed": ("0,2! 54,2! 22,100!", "10,52! 54,48!"),
        "curved and crossed": ("0,6 24,2 54,2! 32,48 26,100", "4,54 56,46"),
        "hooked": ("2,20! 2,2! 54,2! 24,100!",),
        "waved": ("0,18 8,2 28,9 54,2! 28,50 20,100",),
        "hooked and crossed": ("2,18! 3,2! 54,2! 26,100!", "10,54! 56,50!"),
        "steep": ("0,8! 44,0! 36,100!",),
        "low cross": ("0,0! 56,4! 14,100!", "4,64! 54,58!"),
    },
    8: {
        "from the right, as an S": ("48,12 28,0 8,14 16,38 42,56 53,80 28,100 4,82 14,58 40,38 50,16 44,6",),
        "two rings": ("28,0 10,12 12,36 28,46 46,36 48,12 28,0", "28,46 6,58 4,88 28,100 54,88 52,58 28,46"),
        "from the middle": ("28,46 8,28 14,4 30,0 46,8 44,30 6,70 10,94 30,100 50,92 50,70 28,46",),
        "begun as %": ("62,-2 46,14 26,2 8,16 18,38 44,58 48,86 26,100 6,84 14,60 64,-4",),
        "open above": ("42,2 20,4 10,22 40,54 50,80 28,100 8,84 18,58 52,8",),
        "from the left": ("6,14 26,0 48,14 42,36 12,58 4,82 28,100 52,82 42,58 14,38 4,18",),
        "slim": ("36,6 22,0 12,16 30,50 38,84 22,100 10,84 22,50 38,14",),
    },
    9: {
        "ring and stem": ("48,14 28,0 6,12 4,36 24,48 44,34 48,12! 46,100!",),
        "curved stem": ("50,20 32,0 8,10 6,38 28,48 48,26 48,50 26,100",),
        "hooked": ("50,18 30,0 6,14 6,40 30,48 50,24 50,70 34,98 4,90",),
        "two strokes": ("46,10 26,0 4,14 4,38 24,48 46,34", "50,0! 48,100!"),
        "begun at the stem": ("50,4 22,2 4,24 14,48 38,42 50,6! 50,100!",),
        "open ring": ("42,8 18,2 2,24 14,46 36,42 52,18! 46,100!",),
        "slanted": ("58,16 40,0 16,12 10,36 28,46 52,28 58,12! 8,100!",),
    },
}  # fmt: skip


class Stroke(NamedTuple):
    """Where a pen goes: points (n, 2), x and y in heights of the digit, and which of them are corners, (n,) bool."""

    points: np.ndarray
    corners: np.ndarray


def strokes_of(words: tuple[str, ...]) -> list[Stroke]:
    """The strokes that a row of the table means."""
    return [_stroke(stroke.split()) for stroke in words]


def _stroke(points: list[str]) -> Stroke:
    places = [[float(number) / 100 for number in point.rstrip("!").split(",")] for point in points]
    return Stroke(np.array(places), np.array([point.endswith("!") for point in points]))


def line_through(corners: np.ndarray, steps: int) -> np.ndarray:
    """What makes a line of a stroke's points: a matrix (places, points), with so many places from one point to the next.

    Between corners it is the curve of E. Catmull and R. Rom ("A class of local interpolating splines", 1974).
    """
    n = len(corners)
    each = np.eye(n)
    t = np.arange(steps)[:, None] / steps
    rows = []
    for i in range(n - 1):
        here, there = each[i], each[i + 1]
        before = here if i == 0 or corners[i] else each[i - 1]
        after = there if i == n - 2 or corners[i + 1] else each[i + 2]
        rows.append(
            here
            + (there - before) * t / 2
            + (2 * before - 5 * here + 4 * there - after) * t**2 / 2
            + (3 * here - before - 3 * there + after) * t**3 / 2
        )
    return np.vstack([*rows, each[-1:]])
