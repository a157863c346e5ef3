"""How good a network is, and how sure one can be of that."""

import math


def wilson_interval(right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a share, from `right` of `n` (E. B. Wilson, 1927); z is the normal quantile of 97.5 %.

    Unlike the textbook's p +- z sqrt(p (1 - p) / n) it stays within [0, 1] and holds near both ends. No images at all say
    nothing: (0, 1).
    """
    if n == 0:
        return 0.0, 1.0
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)
