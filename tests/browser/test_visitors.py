"""A visitor is a browser, not a tab: a cookie tells."""

import re

import pytest

pytestmark = pytest.mark.browser

LINK = "/train?network=mlp&epochs=200&seed=501"


def test_a_run_is_stopped_from_any_tab_of_its_owner_and_from_no_other_browser(visit):
    owner, stranger = visit(alone=True), visit(alone=True)
    owner.open(LINK)
    owner.press("train")
    owner.see(re.compile(r"Epoch \d+ of 200"))
    cookies = {cookie["name"]: cookie for cookie in owner.context.cookies()}
    assert re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{32}", cookies["digit_lab_visitor"]["value"])
    assert cookies["digit_lab_visitor"]["sameSite"] == "Lax"

    stranger.open(LINK)
    stop = stranger.key("stop").get_by_role("button")
    stop.wait_for()
    assert stop.is_disabled()

    again = owner.context.new_page()
    again.goto(owner.url + LINK)
    again.locator(".st-key-stop button").click()
    again.get_by_text("This run is also looked at in").wait_for()
    again.locator(".st-key-stop_anyway button").click()
    again.locator(".st-key-resume").wait_for()
    owner.key("resume").wait_for()
    again.close()


def test_a_forged_cookie_is_nobodys(visit):
    visitor = visit(alone=True)
    forged = f"{'a' * 32}.{'0' * 32}"
    visitor.context.add_cookies([{"name": "digit_lab_visitor", "value": forged, "url": visitor.url}])
    visitor.open("/")
    visitor.page.wait_for_function("forged => !document.cookie.includes(forged)", arg=forged)
