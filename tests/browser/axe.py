"""axe-core on a page, wide and narrow, light and dark: what keeps somebody from reading or using it."""

from tests.browser import npm
from tests.browser.conftest import Visitor
from tests.browser.layout import DRAWN
from tests.browser.views import FORMS

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
VIOLATIONS = """async ([options, always]) => {
    const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] })
    const counts = (one) => always.includes(one.id) || ["critical", "serious"].includes(one.impact)
    return violations.filter(counts).flatMap(({ id, nodes }) =>
        nodes.map((node) => [id, String(node.target), node.html.slice(0, 200), node.any[0]?.message]))
}"""


def violations(visitor: Visitor) -> dict[str, list]:
    """What axe finds on the page, by the form of the window in which it does."""
    return {f"{width} {scheme}": found for width, scheme in FORMS if (found := violations_in(visitor, width, scheme))}


def violations_in(visitor: Visitor, width: int, scheme: str) -> list:
    """What it finds in a window of this form: by every rule in the first of the forms."""
    if not visitor.page.evaluate("() => 'axe' in window"):
        visitor.page.add_script_tag(path=str(npm.AXE))
    visitor.show(width, scheme, TALL)
    visitor.page.wait_for_function(DRAWN)
    if (height := visitor.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")) > TALL:
        visitor.show(width, scheme, height + 1000)
        visitor.page.wait_for_function(DRAWN)
    visitor.page.evaluate(STILL)
    visitor.page.wait_for_function(DRAWN)
    assert visitor.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight <= innerHeight")
    rules = EVERY if (width, scheme) == FORMS[0] else OF_LOOKS
    return visitor.page.evaluate(VIOLATIONS, [rules, ALWAYS])
