"""How a page is laid out, as Chromium says it: what is covered, cut off, torn apart or too pale."""

import re

from playwright.sync_api import Locator

from core.charts.colours import LIGHT, contrast, css
from tests.browser.conftest import Visitor

# Nothing has yet to be drawn.
DRAWN = "() => !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"
# What the tools that come up over a chart, a table or an image that is pointed at lie over and somebody may want to press.
COVERED = """bar => {
    const box = bar.firstElementChild.getBoundingClientRect()
    const apart = (other) => other.right <= box.left || other.left >= box.right || other.bottom <= box.top || other.top >= box.bottom
    return [...document.querySelectorAll("[data-testid=stMain] :is(button, a, input, summary, [data-testid=stProgress])")]
        .filter((one) => one.checkVisibility() && !one.closest("[data-testid=stElementToolbar]"))
        .filter((one) => !apart(one.getBoundingClientRect()))
        .map((one) => one.getAttribute("aria-label") || one.innerText || one.tagName)
}"""
# Numbers whose unit has come to stand on another line.
TORN = r"""() => {
    const torn = []
    const texts = document.createTreeWalker(document.querySelector("[data-testid=stMain]"), NodeFilter.SHOW_TEXT)
    const range = document.createRange()
    const top = (text, at) => (range.setStart(text, at), range.setEnd(text, at + 1), range.getBoundingClientRect().top)
    for (let text; (text = texts.nextNode()); ) {
        for (const found of text.data.matchAll(/\d\s(?=(s|ms|min|h|kB|MB|GB)\b)/g)) {
            if (Math.abs(top(text, found.index) - top(text, found.index + 2)) > 2) torn.push(text.data)
        }
    }
    return torn
}"""
# Tables that are wider than their place, and by how many pixels.
CUT = """() => [...document.querySelectorAll("[data-testid=stMain] .dvn-scroller")]
    .map((table) => table.scrollWidth - table.clientWidth).filter((pixels) => pixels > 0)"""
# What is chosen in a box of several and reaches out of what is seen of the box.
HIDDEN = """() => [...document.querySelectorAll("[data-testid=stMain] .stMultiSelect")].flatMap((box) => {
    const end = box.querySelector("button[aria-label*=lear]")?.getBoundingClientRect().left ?? box.getBoundingClientRect().right
    return [...box.querySelectorAll("span[title]")].filter((one) => one.checkVisibility())
        .filter((one) => one.getBoundingClientRect().right > end).map((one) => one.title)
})"""
# Numbers of upright axes that stand off their lines, and numbers of any axis that are cut off at the right of their chart.
OFF = """charts => charts.flatMap((chart) => {
    const middle = (one) => (one.getBoundingClientRect().top + one.getBoundingClientRect().bottom) / 2
    const lines = [...chart.querySelectorAll(".role-axis-grid line")].filter((line) => line.getBoundingClientRect().width > 20).map(middle)
    const of = (axis) => [...axis.querySelectorAll(".role-axis-label text")].filter((one) => one.checkVisibility({ opacityProperty: true }))
    const axes = [...chart.querySelectorAll(".role-axis")].map(of).filter((labels) => labels.length > 1)
    const upright = axes.filter((labels) => new Set(labels.map((one) => Math.round(middle(one)))).size > 1).flat()
    const off = upright.filter((one) => lines.length && Math.min(...lines.map((line) => Math.abs(line - middle(one)))) > 3)
    const end = chart.getBoundingClientRect().right
    const cut = axes.flat().filter((one) => one.getBoundingClientRect().right > end + 0.75) // half a pixel is Vega's own
    return [...off, ...cut].map((one) => one.textContent)
})"""

# What a phone's narrow window would spoil: tables that reach out of their frame, and segments without an edge where a row of them breaks.
OUT = """() => [...document.querySelectorAll("[data-testid=stMain] [data-testid=stMarkdownContainer] table")]
    .map((table) => [table, table.closest("[data-testid=stVerticalBlock]")])
    .filter(([table, frame]) => table.getBoundingClientRect().right > frame.getBoundingClientRect().right + 0.5)
    .map(([table]) => table.innerText.split("\\n")[0])"""
OPEN = """() => [...document.querySelectorAll("[data-variant=segmented_control]")]
    .filter((one) => one.checkVisibility())
    .filter((one) => ["Left", "Right"].some((side) => getComputedStyle(one)[`border${side}Color`] === "rgba(0, 0, 0, 0)"))
    .map((one) => one.innerText)"""
# What is written at a chart's axes and in its legend, with its colour.
WRITTEN = """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart] :is([class*=role-axis], [class*=role-legend]) text")]
    .map((text) => [getComputedStyle(text).fill, text.textContent])"""


def tools(visitor: Visitor) -> list[Locator]:
    bars = visitor.page.get_by_test_id("stMain").get_by_test_id("stElementToolbar")
    return [bar for bar in bars.all() if bar.is_visible()]


def covered(visitor: Visitor) -> list[str]:
    """The controls that the tools of a chart, a table or an image lie over once it is pointed at."""
    found = []
    for bar in tools(visitor):
        bar.locator("xpath=..").hover(force=True)
        bar.locator("button:visible").first.wait_for()
        found += bar.evaluate(COVERED)
    visitor.page.mouse.move(0, 0)
    return found


def pale(visitor: Visitor) -> list[str]:
    """What is written at charts' axes and in their legends and is too pale on the light theme's paper (below 4.5 : 1)."""
    found = []
    for colour, text in visitor.page.evaluate(WRITTEN):
        letters = tuple(int(level) for level in re.findall(r"\d+", colour)[:3])
        if contrast(css(letters), css(LIGHT.paper)) < 4.5:
            found.append(text)
    return found
