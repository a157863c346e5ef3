"""Every page and view, opened once and looked at in every way: it keeps nobody out, and nothing is covered, cut off, torn or too wide."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.browser.axe import violations_in
from tests.browser.conftest import Visitor
from tests.browser.layout import CUT, DRAWN, OFF, OPEN, OUT, TORN, covered, pale
from tests.browser.views import FORMS, VIEWS

pytestmark = pytest.mark.browser

OF_ALL_RUNS = ("home", "runs", "runs-ticked")  # their last column, the settings, is as long as it is


@dataclass
class Seen:
    """What was found on a view."""

    name: str
    torn: list[str]
    cut: list[int]  # pixels
    covered: list[str]
    off: list[str]  # numbers of axes that stand beside their lines, or reach out of their chart
    on_a_phone: list[str]  # what reaches out of its frame, has an open edge or is too pale there
    too_wide: list[tuple[int, str]]  # the forms of the window
    violations: dict[str, list]
    errors: list[str]  # in the console


@pytest.fixture(scope="module", params=VIEWS)
def seen(request, context, dashboard) -> Iterator[Seen]:
    visitor = Visitor(context(), dashboard)
    visitor.open(VIEWS[request.param])
    visitor.quiet()
    visitor.page.wait_for_function(DRAWN)
    charts = visitor.page.get_by_test_id("stMain").locator("svg.marks:visible")
    laid_out = visitor.page.evaluate(TORN), visitor.page.evaluate(CUT), covered(visitor), charts.evaluate_all(OFF)
    on_a_phone, too_wide, found = [], [], {}
    for width, scheme in FORMS:
        if (width, scheme) == (390, "light"):
            visitor.show(width, scheme)
            on_a_phone = [*visitor.page.evaluate(OUT), *visitor.page.evaluate(OPEN), *pale(visitor)]
        if violations := violations_in(visitor, width, scheme):
            found[f"{width} {scheme}"] = violations
        if visitor.page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append((width, scheme))
    yield Seen(request.param, *laid_out, on_a_phone, too_wide, found, visitor.errors)
    visitor.page.close()


def test_no_tools_cover_a_control_no_table_is_cut_off_and_no_unit_is_torn_from_its_number(seen):
    assert (seen.torn, seen.covered) == ([], [])
    assert seen.name in OF_ALL_RUNS or seen.cut == []


def test_the_numbers_of_axes_stand_at_their_lines_and_within_their_chart(seen):
    assert seen.off == []


def test_on_a_phone_nothing_reaches_out_of_its_frame_has_an_open_edge_or_is_too_pale(seen):
    assert seen.on_a_phone == []


def test_nothing_is_wider_than_the_window(seen):
    assert seen.too_wide == [], f"of {len(FORMS)} forms"


def test_a_view_keeps_nobody_out(seen):
    assert not seen.violations, json.dumps(seen.violations, indent=1)


def test_a_view_says_no_error_in_the_console(seen):
    assert seen.errors == []
