"""What stands on a page stands where it can be seen and used: nothing is covered, cut off or torn apart. As Chromium lays it out."""

import re

import pytest
from playwright.sync_api import expect

from core.config import PRESETS
from core.data import load_digits
from core.sketch import handwriting
from tests.browser.conftest import Visitor
from tests.browser.layout import CUT, DRAWN, HIDDEN, TORN, covered, tools
from tests.browser.views import CNN, MLP, VIEWS

pytestmark = pytest.mark.browser

SMALL = PRESETS["MLP small"].key

# Whether the words of an element stand in one line.
ONE_LINE = """one => {
    const range = document.createRange()
    range.selectNodeContents(one)
    return range.getBoundingClientRect().height < 1.5 * parseFloat(getComputedStyle(one).lineHeight)
}"""


def look(visitor: Visitor, path: str) -> None:
    visitor.open(path)
    visitor.quiet()
    visitor.page.wait_for_function(DRAWN)


def test_what_is_torn_or_covered_is_found(visit):
    visitor = visit()
    look(visitor, "/confusion")
    tools(visitor)[0].evaluate(
        """bar => bar.parentElement.insertAdjacentHTML("beforeend",
            "<button style='position: absolute; top: -40px; right: 0; height: 40px'>under</button><p style='width: 1em'>1.2 s</p>")"""
    )
    assert visitor.page.evaluate(TORN) == ["1.2 s"]
    assert covered(visitor) == ["under"]


def test_the_table_of_our_handwriting_is_as_wide_as_its_place(fresh_dashboard, visit):
    digits = load_digits()
    for place in range(7):
        handwriting.keep(fresh_dashboard.weights, digits.x_test[place], int(digits.y_test[place]), [])
    visitor = visit(fresh_dashboard)
    look(visitor, "/sketch?image=test-8&view=ours")
    visitor.see("7 sketches")
    visitor.page.locator(".dvn-scroller").wait_for()
    assert visitor.page.evaluate(CUT) == []


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("name", ["search-two", "search-all"])
def test_everything_that_is_chosen_among_several_is_seen(name, width, visit):
    visitor = visit(width=width)
    look(visitor, VIEWS[name])
    visitor.page.locator(".stMultiSelect span[title]").first.wait_for()
    assert visitor.page.evaluate(HIDDEN) == []


def test_the_table_of_digits_is_whole_in_a_small_window_of_a_desktop(visit):
    visitor = visit(width=1280)
    look(visitor, VIEWS["confusion-digits"])
    assert visitor.page.evaluate(CUT) == []


@pytest.mark.parametrize("architecture", ["lenet", "deep"])
def test_all_layers_of_a_network_are_seen_on_a_phone(architecture, visit):
    visitor = visit(width=390)
    look(visitor, f"/train?network=cnn&architecture={architecture}")
    row = visitor.key("network_picture").get_by_role("group", name="The network, layer by layer")
    row.get_by_role("button").first.wait_for()
    assert row.evaluate("row => row.scrollWidth - row.clientWidth") == 0


@pytest.mark.parametrize(("width", "rows"), [(1400, 2), (390, 3)])
def test_a_result_s_six_scores_stand_in_rows_of_equal_length_within_their_column(width, rows, visit):
    visitor = visit(width=width)
    look(visitor, "/train")
    lines, over = visitor.key("scores").evaluate(
        """scores => {
            const boxes = [...scores.querySelectorAll("[data-testid=stMetric]")].map((score) => score.getBoundingClientRect())
            const lines = Object.values(Object.groupBy(boxes, (box) => Math.round(box.top))).map((line) => line.length)
            return [lines, Math.max(...boxes.map((box) => box.right)) - scores.getBoundingClientRect().right]
        }"""
    )
    assert lines == [6 // rows] * rows
    assert over <= 0


@pytest.mark.parametrize(
    ("path", "key", "tall", "wide"),
    [("/confusion", "arguments", [3], [3]), (f"/weights?run={MLP}", "excite_most", [4, 4], [8])],
)
def test_pictures_side_by_side_stand_in_rows_of_equal_length(path, key, tall, wide, visit):
    visitor = visit(width=390)
    look(visitor, path)
    for width, rows in ((390, tall), (1400, wide)):
        visitor.show(width, "light")
        lines = visitor.key(key).evaluate(
            """place => {
                const tops = [...place.querySelectorAll("img")].map((image) => Math.round(image.getBoundingClientRect().top))
                return Object.values(Object.groupBy(tops, (top) => top)).map((line) => line.length)
            }"""
        )
        assert lines == rows


def test_the_run_is_picked_at_one_place_and_is_the_same_on_the_other_pages(visit):
    visitor = visit()
    page = visitor.open("/confusion?view=digits")
    visitor.quiet()
    places = [visitor.key("confusion_run").bounding_box()]
    visitor.key("confusion_run").get_by_role("combobox").click()
    page.get_by_role("option", name="CNN full").click()
    visitor.quiet()
    visitor.key("pages").get_by_role("link", name="Weights").click()
    page.wait_for_url(re.compile(rf"/weights\?.*run={CNN}"))
    visitor.quiet()
    visitor.see("CNN full")
    places.append(visitor.key("weights_run").bounding_box())
    assert places[0] == places[1]
    visitor.key("weights_run").get_by_role("combobox").click()
    page.get_by_role("option", name="MLP small").click()
    visitor.quiet()
    visitor.key("pages").get_by_role("link", name="Confusion").click()
    page.wait_for_url(re.compile(rf"/confusion\?(?=.*run={SMALL})(?=.*view=digits)"))
    page.go_back()
    page.wait_for_url(re.compile(rf"/weights\?.*run={SMALL}"))


@pytest.mark.parametrize(("path", "chart"), [("/confusion", "matrix"), ("/confusion?view=compare", "difference")])
def test_an_image_that_is_opened_has_the_matrix_beside_it(path, chart, visit):
    visitor = visit()
    look(visitor, path)
    visitor.page.locator("[class*=st-key-gallery] button").nth(1).click()
    visitor.quiet()
    visitor.key("opened").scroll_into_view_if_needed()
    expect(visitor.key("opened")).to_be_in_viewport(ratio=0.99)
    expect(visitor.key(chart)).to_be_in_viewport(ratio=0.99)


def test_the_curves_of_corruption_are_high_enough_to_be_told_apart_and_words_stand_near_their_chart(visit):
    visitor = visit()
    look(visitor, "/confusion?view=damage")
    plots = visitor.page.locator("[data-testid=stVegaLiteChart] svg g.root > g > path.background")
    heights = [plot.bounding_box()["height"] for plot in plots.all()]
    assert len(heights) == 5
    assert min(heights) > 100
    look(visitor, "/confusion")
    matrix = visitor.key("matrix").locator("svg.marks").bounding_box()
    caption = visitor.page.get_by_text("What each true digit (row)").bounding_box()
    assert 0 <= caption["y"] - (matrix["y"] + matrix["height"]) <= 16


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/sketch", "sketch_label"),
        ("/lessons?lesson=hardest", "guess_hardest"),
        ("/lessons?lesson=neuron", "guess_neuron"),
    ],
)
def test_ten_digits_stand_in_one_row_on_a_narrow_phone(path, key, visit):
    visitor = visit(width=360)
    look(visitor, path)
    pills = visitor.key(key).get_by_role("radio")
    expect(pills).to_have_count(10)
    boxes = [pill.bounding_box() for pill in pills.all()]
    assert len({box["y"] for box in boxes}) == 1
    assert min(box["width"] for box in boxes) >= 24  # what a finger needs
    assert boxes[-1]["x"] + boxes[-1]["width"] <= 360


def test_what_can_be_uploaded_is_said_in_full(visit):
    visitor = visit()
    look(visitor, "/sketch?source=upload")
    said = visitor.page.get_by_test_id("stFileUploaderDropzoneInstructions").get_by_text("per file")
    assert said.evaluate("one => one.clientWidth && one.scrollWidth <= one.clientWidth")
    assert "TIF" in said.inner_text()


def test_a_lesson_is_as_wide_as_what_is_below_it_for_a_class_and_its_words_stand_at_their_pictures(visit):
    visitor = visit()
    look(visitor, "/lessons?lesson=shift&shift=80")
    right = [visitor.key(key).bounding_box() for key in ("takeaway", "class_link")]
    assert len({box["x"] + box["width"] for box in right}) == 1
    images = visitor.page.get_by_test_id("stImage").all()
    captions = [visitor.page.get_by_text(words, exact=True).bounding_box() for words in ("In place", "Moved")]
    pictures = [image.bounding_box() for image in images]
    above = [words["y"] - (shown["y"] + shown["height"]) for words, shown in zip(captions, pictures, strict=True)]
    assert 2 * max(above) <= pictures[1]["y"] - (captions[0]["y"] + captions[0]["height"])
    heading = visitor.page.get_by_role("heading", name="Three pixels to the right").bounding_box()
    assert {shown["x"] for shown in pictures} == {heading["x"]}


def test_what_is_said_in_a_few_words_takes_one_line_beside_the_report(visit):
    visitor = visit()
    look(visitor, "/report")
    for words in ("the same", "+3.60 points", "MLP full: settings", "50,000 images"):
        cells = visitor.page.get_by_role("cell", name=words, exact=True).all()
        assert cells
        assert all(cell.evaluate(ONE_LINE) for cell in cells), words


@pytest.mark.parametrize("path", ["/report", "/glossary"])
def test_no_name_in_a_row_of_links_is_torn(path, visit):
    visitor = visit(width=390)
    look(visitor, path)
    links = visitor.page.locator("[data-testid=stMarkdownContainer] p a[href^='#']").all()
    assert len(links) > 10
    assert all(link.evaluate("link => link.getClientRects().length") == 1 for link in links)
