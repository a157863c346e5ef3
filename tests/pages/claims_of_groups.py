"""What the page of all runs claims of two groups of seeds, held against the histories of their runs with SciPy's Welch test."""

import re

import numpy as np
from scipy import stats

from tests.pages.claims import CONSTANT, claim, count, percent, says
from tests.pages.shelf_of_all_kinds import Facts
from tests.pages.walk import Page

CONSTANT |= {"It speaks of other seeds, on these 10,000 validation images."}


def groups(page: Page) -> list[list[Facts]]:
    """The runs that are ticked, by their settings but for the seed."""
    found: dict[str, list[Facts]] = {}
    for look in page.looks:
        found.setdefault(str({**vars(look.facts.config), "seed": 0}), []).append(look.facts)
    return list(found.values())


def ends(page: Page) -> list[list[float]]:
    """The validation accuracies of two groups after the last epoch, the higher mean first."""
    values = [[facts.history[-1].val_accuracy for facts in group if facts.finished] for group in groups(page)]
    return sorted(values, key=lambda of_group: -np.mean(of_group))


@claim("runs", "Of the validation images {a@} reads {right%} right ({how@}), {b@} {other%} ({and@}).")
def _means(page, a, right, how, b, other, **more) -> None:
    found = ends(page)
    for share, words, values in zip((right, other), (how, more["and"]), found, strict=True):
        percent(share, np.mean(values))
        n, spread = re.fullmatch(r"mean of (\d) seeds, standard deviation ([\d.]+) points", words).groups()
        count(n, len(values))
        says(spread, 100 * np.std(values, ddof=1), "standard deviation")


@claim(
    "runs",
    *(
        f"The difference, {{points±}} points (95% interval {{low±}} to {{high±}}), is {more} than the seeds differ."
        for more in ("more", "no more")
    ),
)
def _difference(page, points, low, high) -> None:
    first, second = ends(page)
    says(points, 100 * (np.mean(first) - np.mean(second)))
    test = stats.ttest_ind(first, second, equal_var=False)
    for words, value in zip((low, high), test.confidence_interval(0.95), strict=True):
        says(words, 100 * value)
    told = re.search(r"is \**(no )?more than the seeds differ", page.around)
    assert bool(told[1]) == (test.pvalue > 0.05), f"p is {test.pvalue}"


@claim("runs", "{n#} run{s…} that {are…} not at the end {so…} left out.")
def _left_out(page, n, s, are, so) -> None:
    count(n, sum(not facts.finished for group in groups(page) for facts in group))
