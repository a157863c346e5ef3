"""The page of all runs in a real browser: what is ticked, sorted, shared, deleted and brought back."""

import re
from collections.abc import Callable

import pytest

from core import checkpoints
from core.config import PRESETS, MLPConfig
from core.labels import run_token
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

OWN = MLPConfig(train_size=500, epochs=4, seed=21)
FIRST_ROW, ROW = 36, 35  # pixels: where the rows of a table begin, and the height of one


class Shelf:
    """The table of runs as somebody sees it. It is a canvas with a table beside it for those who cannot see."""

    def __init__(self, visitor: Visitor, link: str = "/runs"):
        self.page = visitor.open(link)
        self.table = self.page.get_by_test_id("stDataFrame").first
        self.table.get_by_test_id("glide-cell-2-0").wait_for(state="attached")
        self.page.wait_for_timeout(1000)  # a canvas tells nobody when it has been painted

    def box(self) -> dict[str, float]:
        return self.table.get_by_test_id("stDataFrameResizable").bounding_box()

    def names(self) -> list[str]:
        """The names from top to bottom."""
        return self.table.locator("[data-testid^=glide-cell-2-]").all_text_contents()

    def tick(self, name: str) -> None:
        box, row = self.box(), self.names().index(name)
        self.page.mouse.click(box["x"] + 15, box["y"] + FIRST_ROW + ROW * row + ROW / 2)

    def sort_by_name(self) -> None:
        before, box = self.names(), self.box()
        self.page.mouse.click(box["x"] + 75, box["y"] + FIRST_ROW / 2)
        self.until(lambda: self.names() != before)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is true of the table."""
        for _ in range(100):
            if true():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError([self.names(), self.ticked()])

    def ticked(self) -> list[str]:
        """The names of the rows that are ticked on the screen."""
        return sorted(self.table.locator("tr[aria-selected=true] [data-testid^=glide-cell-2-]").all_text_contents())


def test_sort_tick_overlay_reload_and_share(fresh_dashboard, visit):
    teacher = visit(fresh_dashboard)  # so few runs that the table shows every row: it draws no others
    shelf = Shelf(teacher)
    shelf.sort_by_name()
    shelf.tick("CNN small")
    teacher.see("2,000 images, batch 64, rate 0.01, 70 epochs")
    shelf.tick("MLP small")
    teacher.see("2 runs side by side")
    legend = teacher.key("overlay_chart").locator(".role-legend-label text")
    legend.nth(1).wait_for()
    assert sorted(legend.all_text_contents()) == ["CNN small", "MLP small"]
    shelf.until(lambda: shelf.ticked() == ["CNN small", "MLP small"])
    teacher.page.wait_for_url(re.compile("runs=cnn-.*&runs=mlp-"))

    teacher.page.reload()
    teacher.see("2 runs side by side")
    student = visit(fresh_dashboard)
    seen = Shelf(student, teacher.page.url.removeprefix(student.url))
    student.see("2 runs side by side")
    legend = student.key("overlay_chart").locator(".role-legend-label text")
    legend.nth(1).wait_for()
    seen.until(lambda: seen.ticked() == ["CNN small", "MLP small"])


def test_ticks_stay_with_their_runs_while_one_is_trained_deleted_and_brought_back(fresh_dashboard, visit):
    visitor = visit(fresh_dashboard)
    tokens = "&".join(f"runs={run_token(config)}" for config in (PRESETS["MLP small"], PRESETS["MLP full"], OWN))
    shelf = Shelf(visitor, f"/runs?{tokens}")
    visitor.see("Not trained here yet")
    shelf.sort_by_name()
    visitor.press(f"train_{OWN.key}")
    visitor.see("3 runs side by side")
    visitor.see("Delete 1 of 3")
    shelf.until(lambda: shelf.ticked() == ["MLP full", "MLP small", "MLP: 500 images, 4 epochs, seed 21"])

    visitor.press("delete")
    visitor.see("2 runs side by side")
    shelf.until(lambda: shelf.ticked() == ["MLP full", "MLP small"])
    visitor.press("undo")
    visitor.key("undo").wait_for(state="hidden")
    shelf.until(lambda: shelf.ticked() == ["MLP full", "MLP small"])
    shelf.until(lambda: "MLP: 500 images, 4 epochs, seed 21" in shelf.names())


def test_a_run_is_named_downloaded_deleted_and_uploaded(visit, dashboard):
    visitor = visit()
    config = MLPConfig(train_size=500, epochs=3, seed=22)
    shelf = Shelf(visitor, f"/runs?runs={run_token(config)}")
    visitor.press(f"train_{config.key}")
    visitor.key("delete").locator("button:not([disabled])").wait_for()

    visitor.page.get_by_role("button", name="Rename").click()
    visitor.page.get_by_role("textbox", name="Name").fill("my *first* run")
    visitor.page.get_by_role("button", name="Save").click()
    visitor.page.get_by_role("heading", name="my *first* run").wait_for()
    visitor.page.get_by_role("button", name="Save").wait_for(state="hidden")
    shelf.until(lambda: "my *first* run" in shelf.names())

    with visitor.page.expect_download() as downloaded:
        visitor.press("download_run")
    data = downloaded.value.path().read_bytes()
    assert checkpoints.loads(data).config == config
    with visitor.page.expect_download() as downloaded:
        visitor.press("download_history")
    assert downloaded.value.path().read_text().startswith("epoch,loss,train_accuracy,")

    visitor.press("delete")
    visitor.see("Deleted: my *first* run")
    visitor.page.get_by_role("button", name="Upload a run").click()
    chooser = visitor.page.locator("input[type=file]")
    chooser.set_input_files({"name": "run.npz", "mimeType": "application/zip", "buffer": data[: len(data) // 2]})
    visitor.see("This file is no run that can be used")
    chooser.set_input_files({"name": "run.npz", "mimeType": "application/zip", "buffer": data})
    visitor.see("Added: MLP: 500 images")
    visitor.page.get_by_role("heading", name="MLP: 500 images").wait_for()


def test_the_page_fits_the_window_with_six_runs_in_the_chart(visit):
    tokens = "&".join(f"runs={run_token(config)}" for config in PRESETS.values())
    for width, scheme in ((1400, "dark"), (390, "light")):
        visitor = visit(width=width, scheme=scheme)
        Shelf(visitor, f"/runs?{tokens}")
        visitor.key("overlay_chart").locator(".role-legend-label text").nth(5).wait_for()
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
