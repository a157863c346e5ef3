"""The report page in a real browser: it is read from top to bottom, and every row opens what it was computed from."""

import re

import pytest

from tests.browser.conftest import LOOKS

pytestmark = pytest.mark.browser


def test_every_row_opens_its_run_and_none_is_told_that_a_link_cannot_be_used(visit):
    reader = visit()
    reader.open("/report")
    links = reader.page.locator("table a")
    links.last.wait_for()
    with reader.context.expect_page() as opened:
        links.first.click()
    opened.value.get_by_role("heading", level=1).wait_for()
    opened.value.close()
    assert reader.page.url.endswith("/report"), "the place in the report is kept"
    addresses = {link.get_attribute("href") for link in links.all()}
    addresses = {address for address in addresses if not address.startswith("http")}  # what others published
    assert len(addresses) > 20
    student = visit()
    for address in sorted(addresses):
        student.open(f"/{address}")
        student.page.get_by_role("heading", level=1).wait_for()
        assert student.page.get_by_test_id("stAlert").filter(has_text=re.compile("link|deleted")).count() == 0, address
        assert student.page.get_by_test_id("stException").count() == 0, address


def test_its_contents_lead_to_its_sections_and_it_fits_every_window(visit):
    reader = visit()
    reader.open("/report")
    reader.page.locator("table").last.wait_for()
    reader.fits(*LOOKS)
    reader.page.get_by_role("link", name="Weights as templates").click()
    heading = reader.page.get_by_role("heading", name="Weights as templates")
    reader.page.wait_for_url(re.compile("#templates$"))
    reader.page.wait_for_function(
        "heading => { const top = heading.getBoundingClientRect().top; return top >= 0 && top < innerHeight / 2; }",
        arg=heading.element_handle(),
    )


def test_its_code_is_there_when_it_is_asked_for(visit):
    reader = visit()
    reader.open("/report")
    reader.page.locator("summary", has_text="Show the code: forward pass").click()
    reader.see(re.compile("f1 = x @"))
    assert reader.page.get_by_test_id("stCode").count() == 1
