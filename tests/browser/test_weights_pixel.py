"""One pixel of a feature map, in a real browser: tapped on its map, moved by keyboard, and by link the same."""

import numpy as np
import pytest

from core import checkpoints
from core.analysis import filters
from core.config import PRESETS
from core.data import load_digits
from core.words import MINUS

pytestmark = pytest.mark.browser

RUN = PRESETS["CNN full"].key


@pytest.fixture(scope="module")
def made() -> np.ndarray:
    """Map 3 of the first convolution, for a test image."""
    steps = filters.layers(checkpoints.load(RUN).model, load_digits().x_test[18])
    return next(step.values for step in steps if (step.name, step.kind) == ("conv1", "convolution"))[3]


@pytest.mark.parametrize("width", [1400, 390])
def test_a_pixel_is_tapped_moved_by_keyboard_and_the_link_shows_the_same(width, visit, made):
    touch = width == 390
    visitor = visit(width=width, has_touch=True, viewport={"width": width, "height": 900}) if touch else visit()
    page = visitor.open(f"/weights?view=pixel&run={RUN}&image=test-18&unit=3")
    sheet = visitor.key("pixel_map").locator(".map")

    def must_show(who, row: int, column: int) -> None:
        who.page.wait_for_url(f"**row={row}&column={column}*")
        where = f"The kernel lies on rows {row} to {row + 4} and columns {column} to {column + 4} of the image"
        who.key("pixel_where").get_by_text(where).wait_for()
        who.settle()
        line = who.key("pixel_sum").locator("tr", has_text="is the pixel of the map")
        value = float(line.locator("td").last.inner_text().replace(MINUS, "-"))
        assert value == pytest.approx(made[row, column], rel=1e-4)
        frame = who.key("pixel_map").locator(".chosen").bounding_box()
        box = who.key("pixel_map").locator(".map").bounding_box()
        for at, start, length, place in (("y", "height", "height", row), ("x", "width", "width", column)):
            middle = (frame[at] + frame[length] / 2 - box[at]) / box[start]
            assert middle == pytest.approx((place + 0.5) / 24, abs=0.01), "the frame is around the pixel"

    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    at = {"x": box["width"] * 10.5 / 24, "y": box["height"] * 9.5 / 24}
    sheet.tap(position=at) if touch else sheet.click(position=at)
    must_show(visitor, 9, 10)
    sheet.press("ArrowDown")
    must_show(visitor, 10, 10)
    visitor.key("weights_column").get_by_test_id("stNumberInputStepUp").click()
    must_show(visitor, 10, 11)

    student = visit(width=width)
    student.open(page.url.removeprefix(visitor.url))
    must_show(student, 10, 11)
    rows = [one.key("pixel_sum").locator("table").inner_text() for one in (visitor, student)]
    assert rows[0] == rows[1]
    student.fits(*[(390, "light"), (390, "dark"), (1400, "dark")])
