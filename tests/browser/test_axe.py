"""axe-core on every page and view, wide and narrow, light and dark: nothing that keeps somebody from reading or using it."""

import json

import pytest

from tests.browser import npm
from tests.browser.conftest import Visitor
from tests.browser.views import FORMS, VIEWS

pytestmark = pytest.mark.browser

# What WCAG 2.2 asks at levels A and AA, and two that it does not: headings one after the other, heads of tables with words.
EVERY = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {
        "heading-order": {"enabled": True},
        "empty-table-header": {"enabled": True},
        "target-size": {"enabled": True},
    },
}
# The rules that another width or theme may answer otherwise.
OF_LOOKS = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}}
# Rules for which any violation counts, whatever axe calls its impact.
ALWAYS = ("color-contrast", "heading-order", "empty-table-header")
TALL = 9000  # pixels: axe judges the contrast of nothing that has to be scrolled to
LIVE = "/train?network=mlp&epochs=200&seed=31"  # half a minute on 50,000 images: long enough to look at
# Colours are where they go to, and not on their way, inside components, too; nor pale because what they show is drawn anew.
STILL = """() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`*, ::before, ::after { transition: none !important; animation: none !important }
        [data-stale="true"] { opacity: 1 !important }`)
    const still = (root) => {
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
        root.querySelectorAll("*").forEach((element) => element.shadowRoot && still(element.shadowRoot))
    }
    still(document)
}"""
# Nothing has yet to be drawn.
DRAWN = "() => !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"
VIOLATIONS = """async ([options, always]) => {
    const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] })
    const counts = (one) => always.includes(one.id) || ["critical", "serious"].includes(one.impact)
    return violations.filter(counts).flatMap(({ id, nodes }) =>
        nodes.map((node) => [id, String(node.target), node.html.slice(0, 200), node.any[0]?.message]))
}"""


def violations(visitor: Visitor) -> dict[str, list]:
    """What axe finds on the page, by the form of the window in which it does: by every rule in the first one."""
    visitor.page.add_script_tag(path=str(npm.AXE))
    found = {}
    for width, scheme in FORMS:
        visitor.show(width, scheme, TALL)
        visitor.page.wait_for_function(DRAWN)
        if (height := visitor.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")) > TALL:
            visitor.show(width, scheme, height + 1000)
            visitor.page.wait_for_function(DRAWN)
        visitor.page.evaluate(STILL)
        visitor.page.wait_for_function(DRAWN)
        assert visitor.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight <= innerHeight")
        rules = EVERY if (width, scheme) == FORMS[0] else OF_LOOKS
        if seen := visitor.page.evaluate(VIOLATIONS, [rules, ALWAYS]):
            found[f"{width} {scheme}"] = seen
    return found


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_keeps_nobody_out(name, visit):
    visitor = visit()
    visitor.open(VIEWS[name])
    visitor.quiet()
    found = violations(visitor)
    assert not found, json.dumps(found, indent=1)


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
