"""Two thousand runs on the shelf: every page that lists them answers nearly as soon as with ten."""

import time

import pytest

from core import labels
from core.host.visitors import owner
from core.labels import UNLABELLED, Label
from tests.fuzz.quiet import quiet
from tests.load.shelf import fill
from tests.pages.visit import visit
from ui.tables import MOST_ROWS

pytestmark = pytest.mark.slow
FEW, MANY = 10, 2_000
SECONDS_MORE = 0.5  # of the processor's time, of which a busy machine does not need more
PAGES = (
    None,
    "runs",
    "train",
    "overfitting",
    "search",
    "confusion",
    "weights",
    "sketch",
    "lessons",
    "report",
    "glossary",
)


def seconds(at) -> float:
    """The least time of a few reruns of a page."""
    times = []
    for _ in range(4):
        began = time.process_time()
        at.run()
        times.append(time.process_time() - began)
        assert not at.exception
    return min(times)


def all_pages(n: int) -> dict[str | None, float]:
    """How long each page takes with so many runs on the shelf, all of them somebody's and some with a name."""
    with quiet() as runs:
        keys = [config.key for config in fill(runs.folder, n)]
        labels.own(keys, owner("ann"), keys, runs.folder)
        for key in keys[:: n // 5]:
            labels.put(key, Label(f"run {key}", pinned=True, owner=owner("ann")), runs.folder)
        assert len(runs.all()) >= n
        return {page: seconds(visit(page)) for page in PAGES}


@pytest.fixture(scope="module")
def times():
    return all_pages(FEW), all_pages(MANY)


@pytest.mark.parametrize("page", PAGES)
def test_with_two_thousand_runs_a_page_takes_no_half_second_more_than_with_ten(page, times):
    few, many = times
    assert many[page] - few[page] < SECONDS_MORE


def test_a_table_sends_the_first_runs_and_all_of_them_to_whoever_asks():
    with quiet() as runs:
        keys = [config.key for config in fill(runs.folder, MOST_ROWS + 30)]
        n = len(runs.all())
        labels.put(keys[-1], Label("the pinned one", pinned=True), runs.folder)
        for page, key in (("runs", "every_row"), (None, "every_run")):
            at = visit(page)
            assert len(at.dataframe[0].value) == MOST_ROWS
            assert any(f"The first 200 of {n} runs." in caption.value for caption in at.caption)
            at.button(key=f"{key}_button").click().run()
            assert len(at.dataframe[0].value) == n
            at.button(key=f"{key}_button").click().run()
            assert len(at.dataframe[0].value) == MOST_ROWS
        at = visit("runs", find="the pinned one")
        assert list(at.dataframe[0].value["Name"]) == ["the pinned one"]
        assert not any("The first" in caption.value for caption in at.caption)
        labels.put(keys[-1], UNLABELLED, runs.folder)
