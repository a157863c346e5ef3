"""Whether two settings differ by more than their seeds do: Welch's interval of the difference of two means."""

import math
from statistics import fmean, variance

from core.search.outcome import Outcome

LEVEL = 0.05
RULE = (
    "By more than the seeds differ: the 95% interval of the difference of the two means (Welch's, which lets the one differ more "
    "than the other) leaves zero out. It takes the seeds' values for a sample of a normal distribution."
)


def difference(first: list[float], second: list[float], level: float = LEVEL) -> tuple[float, float] | None:
    """The interval of the difference of two means, the first minus the second, missed with a chance of `level`.

    B. L. Welch, "The generalization of Student's problem when several different population variances are involved", 1947. None
    where fewer than two values on either side, or no spread on both, leave nothing to measure a difference by.
    """
    if min(len(first), len(second)) < 2:
        return None
    parts = [variance(values) / len(values) for values in (first, second)]
    error = math.sqrt(sum(parts))
    if error == 0:
        return None
    from scipy.special import stdtrit  # here, for the pages that show seeds and compare nothing do not wait for SciPy

    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True)
    )
    reach = float(stdtrit(freedom, 1 - level / 2)) * error
    middle = fmean(first) - fmean(second)
    return middle - reach, middle + reach


def above(one: Outcome, other: Outcome, name: str, level: float = LEVEL) -> bool:
    """Whether a number of one is higher than that of another by more than the seeds differ. Never with one seed."""
    found = difference(one.values(name), other.values(name), level)
    return found is not None and found[0] > 0


def deviation(values: list[float]) -> float | None:
    """The standard deviation over seeds, of those that might have been drawn (n - 1); None of one."""
    if len(values) < 2:
        return None
    mean = fmean(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
