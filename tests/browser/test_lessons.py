"""Lessons in a real browser: from a prediction to what to keep, by mouse and by touch; a teacher's link; a view to share."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def in_view(visitor, locator) -> None:
    """Wait until something is there, and scroll to it as somebody would."""
    locator.wait_for()
    locator.scroll_into_view_if_needed()
    expect(locator).to_be_in_viewport()


def test_a_whole_lesson_by_mouse_trains_what_is_missing_and_leads_on(visit):
    visitor = visit()
    page = visitor.open("/lessons?lesson=rate")
    record = visitor.key("record").get_by_role("button")
    expect(record).to_be_disabled()
    visitor.choose("guess_rate", "0.3")
    expect(record).to_be_enabled()
    record.click()
    visitor.see("What came of it")
    visitor.see(re.compile(r"You said 0\.3, and it is 0\.01"))
    visitor.key("takeaway").get_by_text("so it is").wait_for()
    in_view(visitor, page.get_by_test_id("stVegaLiteChart"))
    page.wait_for_url("**rate=0.3*")
    visitor.fits()
    visitor.press("next")
    visitor.see("Two CNNs learn from the same 2,000 images.")
    visitor.see("1 of 10 predicted.")
    page.go_back()
    visitor.see("What came of it")


def test_a_whole_lesson_by_touch_on_a_phone(visit):
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.open("/lessons?lesson=neuron")
    visitor.quiet()
    expect(page.get_by_alt_text("The weights of a hidden neuron as a picture")).to_be_in_viewport()
    visitor.key("guess_neuron").get_by_text("3", exact=True).tap()
    record = visitor.key("record").get_by_role("button")
    expect(record).to_be_enabled()
    record.tap()
    visitor.see("You said 3, and it is 0.")
    in_view(visitor, visitor.key("takeaway"))
    visitor.key("next").get_by_role("button").tap()
    visitor.see("Which digit is the hardest?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_curve_is_drawn_by_sliders_and_with_the_keyboard(visit):
    visitor = visit()
    visitor.open("/lessons?lesson=data")
    visitor.page.get_by_test_id("stVegaLiteChart").wait_for()
    visitor.nudge("guess_data_100", 3)
    visitor.key("guess_data_100").get_by_text("53%").wait_for()


def test_a_teachers_link_says_what_it_hides_and_opens_so(visit):
    teacher = visit()
    page = teacher.open("/lessons?lesson=hardest")
    page.get_by_text("For a class: a link, a QR code, a worksheet").click()
    hide = teacher.key("class_hide")
    hide.get_by_role("combobox").click()
    page.get_by_role("option", name="the other lessons").click()
    page.get_by_role("option", name="the ways to other pages").click()
    page.keyboard.press("Escape")
    link = teacher.key("class_link").get_by_test_id("stCode")
    expect(link).to_contain_text("hide=list%2Cways")
    page.get_by_alt_text("A QR code of this address").wait_for()
    with page.expect_download() as download:
        teacher.press("download_lesson")
    sheet = download.value.path().read_text(encoding="utf-8")
    assert "Which digit is the hardest?" in sheet
    assert "<svg" in sheet

    student = visit()
    student.page.goto(link.inner_text().strip())
    student.settle()
    student.see("Which digit is the hardest?")
    assert student.key("lessons_lesson").count() == 0
    assert student.key("class_link").count() == 0
    student.choose("guess_hardest", "5")
    student.press("record")
    student.key("takeaway").wait_for()
    assert student.key("ways").count() == 0


def test_what_is_shared_is_the_address_of_what_one_sees(visit):
    visitor = visit()
    page = visitor.open("/confusion")
    visitor.press("share")
    code = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode")
    expect(code).to_have_text(re.compile(re.escape(page.url)))
    page.get_by_alt_text("A QR code of this address").wait_for()
    page.keyboard.press("Escape")
    visitor.choose("confusion_view", "How sure?")
    page.wait_for_url("**view=certainty*")
    visitor.quiet()
    visitor.press("share")
    expect(code).to_have_text(re.compile(re.escape(page.url)))
