"""What the page Search claims of a search over all settings, held against what its journal was written from."""

import numpy as np
from scipy import stats

from core.config import phrase
from tests.pages import claims_of_search
from tests.pages.claims import CONSTANT, claim, count, percent, says
from tests.pages.shelf_of_all_kinds import WORKERS, Facts
from tests.pages.walk import SEARCHED_ALL, Page, accuracies

CONSTANT |= {
    "An interval is what 10,000 validation images leave open (95%, Wilson's); it holds neither what another seed would change nor that "
    "the highest of many is one that had luck.",
}


def runs(page: Page) -> dict[int, tuple[Facts, str, list[float]]]:
    """The runs of a search by their numbers: what is true of each, how it ended, and what the search was told."""
    states = SEARCHED_ALL[int(page.query["runs"])][0]
    pairs = zip([look.facts for look in page.looks], states, strict=True)
    return {i + 1: (facts, state, accuracies(facts, state)) for i, (facts, state) in enumerate(pairs)}


def done(page: Page) -> dict[int, float]:
    """The validation accuracies of those that are at their end, by number, the highest first."""
    found = {number: told[-1] for number, (_, state, told) in runs(page).items() if state == "done"}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def number_of(page: Page, *states: str) -> int:
    return sum(state in states for _, state, _ in runs(page).values())


@claim(
    "search",
    "Of {n#} runs of the MLP that came to their end, the highest validation accuracy is {right%}, of run {run#} ({where@}).",
    "One run has come to its end, with a validation accuracy of {right%}, of run {run#} ({where@}): there is nothing to compare it with.",
)
def _highest(page, right, run, where, n="1") -> None:
    count(n, len(done(page)))
    first, accuracy = next(iter(done(page).items()))
    count(run, first)
    percent(right, accuracy)
    config = runs(page)[first][0].config
    assert where == ", ".join(phrase(name, getattr(config, name)) for name in ("batch_size", "learning_rate"))


def close(page: Page) -> list[float]:
    """Those that a test of two proportions, at 5 % shared among all pairs, cannot tell from the highest."""
    first, *others = done(page).values()
    pairs = len(done(page)) * (len(done(page)) - 1) / 2
    same = []
    for other in others:
        right = [round(10_000 * first), round(10_000 * other)]
        table = [[right[0], 10_000 - right[0]], [right[1], 10_000 - right[1]]]
        if stats.chi2_contingency(table, correction=False).pvalue >= 0.05 / pairs:
            same.append(other)
    return same


@claim("search", "Each of the others is worse by more than chance; the next has {next%}.")
def _worse(page, next) -> None:
    assert not close(page)
    percent(next, list(done(page).values())[1])


@claim(
    "search",
    "{n#} of the {others#} others {are…} within chance of it, {down…} {lowest%}: any of them may be as good, and with another seed "
    "come first.",
    "The other one is within chance of it, with {lowest%}: any of them may be as good, and with another seed come first.",
)
def _within_chance(page, lowest, n="1", others="1", are="is", down="with") -> None:
    count(n, len(close(page)))
    count(others, len(done(page)) - 1)
    percent(lowest, min(close(page)))
    assert (are, down) in (("is", "with"), ("are", "down to"))


@claim(
    "search",
    "{n#} of them {have…} learnt nothing.",
    "{n#} runs were stopped early, as they fell behind the others: each can be resumed on its own page.",
)
@claim("search", "{n#} run was stopped early, as it fell behind the others: each can be resumed on its own page.")
def _early(page, n, have="") -> None:
    if have:
        count(n, sum(value < 0.115 for value in done(page).values()))
    else:
        count(n, number_of(page, "pruned"))


@claim("search", "{n#} run was stopped by somebody, and nothing is told by it.")
def _by_hand(page, n) -> None:
    count(n, number_of(page, "stopped"))


@claim("search", "{n#} run diverged.")
def _diverged(page, n) -> None:
    count(n, number_of(page, "diverged"))


@claim("search", "{n#} run did not finish, for another reason.")
def _failed(page, n) -> None:
    count(n, number_of(page, "failed"))


@claim("search", "{open#} of {n#} runs is not at the end: what is compared is the rest.")
def _open(page, open, n) -> None:
    count(open, number_of(page, "open"))
    count(n, len(runs(page)))


@claim(
    "search",
    "Other settings are not left to try: there are {n#} runs and no more.",
    "This search has had its {n#} runs.",
)
def _all_of_them(page, n) -> None:
    count(n, len(runs(page)))
    assert SEARCHED_ALL[int(page.query["runs"])][1] in ("runs", "space")


@claim("search", "{n#} runs are still to come.", "{n#} run is still to come.")
def _to_come(page, n) -> None:
    count(n, int(page.query["runs"]) - len(runs(page)) + number_of(page, "open"))


@claim("search", "Which setting matters is not said of fewer than 10 finished runs: there {are…} {n#}.")
def _too_few(page, are, n) -> None:
    count(n, len(done(page)))
    assert (are == "is") == (n == "1")


@claim("search", "The best {n#}")
def _best(page, n) -> None:
    count(n, min(10, len(done(page))))


@claim("search", "Search with {n#} runs")
def _press(page, n) -> None:
    count(n, int(page.query.get("runs", "20")))


@claim(
    "search",
    "at most {minutes#} minutes, as many runs at a time as there are workers: {workers#}",
    "at most {minutes#} minute, as many runs at a time as there are workers: {workers#}",
    "done in {time@}, at most {minutes#} minutes, as many runs at a time as there are workers: {workers#}",
)
def _cost(page, minutes, workers, time="") -> None:
    count(minutes, int(page.query.get("minutes", "10")))
    count(workers, WORKERS)


@claim("search", "Train run {run#}'s settings on all images, with {n#} seeds")
def _at_last(page, run, n) -> None:
    count(run, next(iter(done(page))))
    count(n, 3)


def _table(page: Page, table) -> None:
    if "all" not in page.query:
        return
    assert list(table["Run"]) == [*done(page)][:10]
    for _, row in table.iterrows():
        config, accuracy = runs(page)[row["Run"]][0].config, done(page)[row["Run"]]
        says(f"{row['Validation %']:.2f}", 100 * accuracy)
        assert (row["Batch size"], row["Learning rate"]) == (config.batch_size, config.learning_rate)
        low, high = stats.binomtest(round(10_000 * accuracy), 10_000).proportion_ci(method="wilson")
        np.testing.assert_allclose([row["From %"], row["To %"]], [100 * low, 100 * high], atol=0.006)
        assert row["Epochs"] == len(runs(page)[row["Run"]][2])


claims_of_search.OF_TABLES["search"].append(_table)
