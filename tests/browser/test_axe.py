"""axe-core on what no list of views has: a run that is training; and that it finds what it should."""

import json

import pytest

from tests.browser.axe import violations
from tests.browser.views import FORMS

pytestmark = pytest.mark.browser

LIVE = "/train?network=mlp&epochs=200&seed=31"  # half a minute on 50,000 images: long enough to look at


def test_a_run_that_is_training_keeps_nobody_out(visit):
    visitor = visit()
    visitor.open(LIVE)
    visitor.press("train")
    visitor.key("live_loss").locator("[data-testid=stVegaLiteChart]").wait_for()
    found = violations(visitor)
    assert visitor.key("stop").is_visible(), "the run ended before it had been looked at"
    assert not found, json.dumps(found, indent=1)
    visitor.press("stop")
    visitor.key("resume").wait_for()


def test_axe_finds_what_it_should(visit):
    visitor = visit()
    visitor.open("/train")
    visitor.page.evaluate(
        """() => document.querySelector('[data-testid=stMainBlockContainer]').insertAdjacentHTML(
            'beforeend', '<button></button><h6>x</h6><p style="color: #ccc; background: #fff">pale</p>')"""
    )
    found = violations(visitor)
    rules = [{rule for rule, *_ in found[f"{width} {scheme}"]} for width, scheme in FORMS]
    assert {"button-name", "heading-order", "color-contrast"} <= rules[0]
    assert all("color-contrast" in seen for seen in rules[1:])
