"""One step, number by number, in a real browser: from an image to three steps, and by link to the same."""

import re
from itertools import pairwise

import pytest

from core.config import PRESETS

pytestmark = pytest.mark.browser

RUN = PRESETS["MLP full"].key
TAKES = re.compile(r"The step takes the probability of the true digit, 4, from (.+?), and the loss")


def said(visitor) -> str:
    """What the step does to the true digit."""
    visitor.settle()
    text = visitor.page.get_by_text(TAKES).first.inner_text()
    return TAKES.search(text.replace("\u00a0", " "))[1]


@pytest.mark.parametrize("width", [1400, 390])
def test_from_an_image_to_three_steps_and_by_link_to_the_same(width, visit):
    visitor = visit(width=width)
    page = visitor.open(f"/weights?view=step&run={RUN}&image=test-246")
    visitor.see("Backward: the error of each digit")
    visitor.key("weights_test_image").get_by_test_id("stNumberInputStepUp").click()
    page.wait_for_url("**image=test-247*")
    visitor.see("The true digit, 4, gets")
    assert page.get_by_alt_text("The error of each digit, as ten coloured squares").count() == 1
    assert visitor.key("stage_delta2").locator("code").last.inner_text().strip().startswith("delta2 = probs")
    assert visitor.key("stage_delta2").locator(".katex").count() >= 1

    before = [said(visitor)]
    for steps in (1, 2, 3):
        button = visitor.key("take_step").get_by_role("button")
        button.focus()
        button.press("Enter")
        page.wait_for_url(f"**steps={steps}*")
        visitor.see(f"{steps} step{'s' * (steps > 1)}")
        before.append(said(visitor))
    shares = [text.split(" to ") for text in before]
    assert all(earlier[1] == later[0] for earlier, later in pairwise(shares)), shares
    assert len({first for first, _ in shares}) == 4, shares

    visitor.key("steepest").get_by_role("button").click()
    page.wait_for_url("**unit=*")
    again = visit(width=width)
    again.open(page.url.removeprefix(visitor.url))
    again.see("3 steps")
    assert said(again) == before[-1]
    rows = [one.key("stage_weight").locator("table").inner_text() for one in (visitor, again)]
    assert rows[0] == rows[1]
    again.fits(*[(390, "light"), (390, "dark"), (1400, "dark")])

    visitor.key("no_steps").get_by_role("button").click()
    visitor.see("as they were saved")
    assert said(visitor) == before[0]
