"""The home page in a real browser, in both themes and on a phone."""

import pytest

pytestmark = pytest.mark.browser


def test_other_digits_are_shown_on_demand(visit):
    visitor = visit()
    page = visitor.open("/")
    wall = page.get_by_alt_text("A wall of handwritten digits")
    first = wall.get_attribute("src")
    visitor.press("shuffle")
    page.wait_for_function(
        "src => document.querySelector('img[alt^=\"A wall\"]').getAttribute('src') !== src", arg=first
    )


FIRST_ROW, ROW = 36, 35  # pixels: where the rows of the table begin, and the height of one


class Table:
    """The home page's table, as somebody sees it. It is a canvas with a table inside for those who cannot see."""

    def __init__(self, visitor):
        self.page = visitor.open("/")
        self.page.get_by_test_id("glide-cell-1-0").wait_for(state="attached")
        self.page.wait_for_timeout(1000)  # a canvas tells nobody when it has been painted

    def names(self) -> list[str]:
        return self.page.locator("[data-testid^=glide-cell-1-]").all_text_contents()

    def click(self, x: int, y: int) -> None:
        table = self.page.get_by_test_id("stDataFrameResizable")
        table.scroll_into_view_if_needed()  # it stands below the first screen
        box = table.bounding_box()
        self.page.mouse.click(box["x"] + x, box["y"] + y)

    def click_row(self, row: int, x: int = 90) -> None:
        self.click(x, FIRST_ROW + ROW * row + ROW // 2)

    def has_focus(self) -> bool:
        """Whether the keyboard speaks to the table: to its canvas, or to one of the cells inside."""
        return self.page.evaluate("document.activeElement.closest('[data-testid=data-grid-canvas]') !== null")

    def tab_into(self) -> None:
        for _ in range(60):
            self.page.keyboard.press("Tab")
            self.page.wait_for_timeout(50)
            if self.has_focus():
                return
        raise AssertionError("the table cannot be reached by Tab")


def opens(visitor, name: str) -> None:
    visitor.page.wait_for_url("**/train?run=*")
    visitor.page.get_by_role("heading", name=name, exact=True).wait_for()


@pytest.mark.parametrize(("row", "x"), [(0, 90), (3, 15), (4, 400)])
def test_a_click_on_a_row_or_on_its_box_opens_its_run(row, x, visit):
    visitor = visit()
    table = Table(visitor)
    name = table.names()[row]
    table.click_row(row, x)
    opens(visitor, name)


def test_a_sorted_table_opens_the_run_that_is_seen(fresh_dashboard, visit):
    visitor = visit(fresh_dashboard)  # where nobody else trains a run meanwhile
    table = Table(visitor)
    before = table.names()
    table.click(60, FIRST_ROW // 2)
    for _ in range(50):
        if table.names() != before:
            break
        visitor.page.wait_for_timeout(100)
    assert table.names() == sorted(before)
    assert "/train" not in visitor.page.url, "a click on the head sorts"
    table.click_row(0)
    opens(visitor, "CNN baseline")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_opens_a_run_by_enter_and_space_and_never_by_focus_alone(key, visit):
    visitor = visit()
    table = Table(visitor)
    table.tab_into()
    for arrow in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown"):
        visitor.page.keyboard.press(arrow)
        visitor.page.wait_for_timeout(100)
    visitor.page.wait_for_timeout(1500)
    assert "/train" not in visitor.page.url
    assert table.has_focus()
    name = table.names()[2]  # one row down, twice
    visitor.page.keyboard.press(key)
    opens(visitor, name)


def test_somebody_else_s_run_in_between_does_not_move_what_a_click_opens(visit):
    visitor, other = visit(), visit()
    table = Table(visitor)
    other.open("/train?network=mlp&train_size=200&epochs=2&seed=77")
    other.press("train")
    other.key("scores").get_by_text("Test accuracy").wait_for()
    name = table.names()[6]
    table.click_row(6)
    opens(visitor, name)
