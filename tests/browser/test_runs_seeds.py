"""Seeds as one row in a real browser: the row is opened, ticked and closed by mouse, by touch and by keyboard."""

import pytest

from core.config import MLPConfig
from tests.browser.test_phone import PHONE
from tests.browser.test_runs import FIRST_ROW, ROW, Shelf
from tests.seeded import finished

pytestmark = pytest.mark.browser

SETTINGS = MLPConfig(train_size=300, epochs=4, hidden_units=17)
NAME = "MLP: 300 images, 4 epochs, hidden units 17"
GROUP = f"{NAME} · 3 seeds"
INSIDE = [f"Seed {seed} · {NAME}" for seed in range(3)]
FEW = "/runs?network=mlp"  # so few rows that all of them are in sight
BUTTON = 40 + 30 + 170 + 36  # pixels from the left of a table to the middle of the button that opens a row


class Seeds(Shelf):
    """The table of runs with buttons in it."""

    def place(self, name: str) -> tuple[float, float]:
        """The middle of the button of a row."""
        box = self.box()
        return box["x"] + BUTTON, box["y"] + FIRST_ROW + ROW * (self.names().index(name) + 0.5)

    def inside(self) -> list[str]:
        return sorted(name for name in self.names() if name.startswith("Seed "))


@pytest.fixture
def seeds(fresh_dashboard):
    finished(SETTINGS, (0.80, 0.82, 0.87), fresh_dashboard.weights)
    return fresh_dashboard


def test_a_row_of_seeds_opens_and_closes_by_mouse_sorted_or_not_and_ticks_them(seeds, visit):
    visitor = visit(seeds)
    shelf = Seeds(visitor, FEW)
    visitor.page.mouse.click(*shelf.place(GROUP))
    shelf.until(lambda: shelf.inside() == INSIDE)
    visitor.page.wait_for_url("**opened=mlp-*")
    visitor.page.mouse.click(*shelf.place(GROUP))
    shelf.until(lambda: shelf.inside() == [])
    shelf.sort_by_name()
    visitor.page.mouse.click(*shelf.place(GROUP))
    shelf.until(lambda: shelf.inside() == INSIDE)
    shelf.tick(GROUP)
    shelf.until(lambda: shelf.ticked() == sorted([GROUP, *INSIDE]))
    visitor.page.get_by_role("heading", name=GROUP).wait_for()
    shelf.tick(INSIDE[1])
    shelf.until(lambda: shelf.ticked() == [INSIDE[0], INSIDE[2]])
    visitor.see(f"{NAME} · 2 seeds")


def test_a_row_of_seeds_opens_by_touch(seeds, visit):
    visitor = visit(seeds, **PHONE)
    shelf = Seeds(visitor, FEW)
    visitor.page.touchscreen.tap(*shelf.place(GROUP))
    shelf.until(lambda: shelf.inside() == INSIDE)
    visitor.page.touchscreen.tap(*shelf.place(GROUP))
    shelf.until(lambda: shelf.inside() == [])


def test_a_row_of_seeds_is_ticked_and_opened_by_keyboard(seeds, visit):
    visitor = visit(seeds)
    shelf = Seeds(visitor, FEW)
    keyboard = visitor.page.keyboard
    shelf.table.get_by_test_id("data-grid-canvas").focus()
    for _ in range(shelf.names().index(GROUP)):
        keyboard.press("ArrowDown")
    keyboard.press("Shift+Space")
    shelf.until(lambda: shelf.ticked() == [GROUP])
    button = visitor.key("open_seeds").get_by_role("button")
    button.focus()
    keyboard.press("Enter")
    shelf.until(lambda: shelf.inside() == INSIDE)
    visitor.see("Seeds as one row")
    visitor.fits()
