"""Back and Forward in a real browser: from a deep link, and right after a change."""

import pytest

pytestmark = pytest.mark.browser

MOMENT = 700  # milliseconds between a change and Back
# Links as somebody may have been given them, of several kinds of page: short, complete, with a view that decides more.
LINKS = [
    "/train?network=cnn",
    "/train?network=mlp&train_size=2000&epochs=30&hidden_units=32",
    "/confusion?view=certainty&epoch=3",
    "/confusion?true=5&predicted=3",
    "/confusion?view=damage&degrees=20",
    "/weights?unit=7",
    "/weights?image=test-8",
    "/weights?view=break&off=3",
    "/sketch?image=test-8",
    "/sketch?source=test",
    "/runs?network=cnn",
    "/overfitting?sizes=200,1000",
    "/search?setting=batch_size&second=learning_rate",
    "/train?rates=True",
    "/train",
    "/confusion",
    "/weights",
    "/sketch",
    "/runs",
    "/overfitting",
    "/search",
]


def settled(visitor) -> None:
    """Wait until the page has been drawn, and nobody has asked for anything else for a while."""
    visitor.page.get_by_role("heading").first.wait_for()
    visitor.quiet()


@pytest.mark.parametrize("paths", [LINKS[:7], LINKS[7:14], LINKS[14:]])
def test_a_deep_link_costs_one_press_of_back(paths, visit):
    visitor = visit()
    page = visitor.open("/")
    for path in paths:
        page.goto(visitor.url + path)
        settled(visitor)
        assert page.url == visitor.url + path, "the address that somebody followed stays"
        page.go_back()
        page.wait_for_url(visitor.url + "/")
        page.get_by_role("heading", name="How does a network learn to read?").wait_for()


def test_the_sidebar_leads_back_to_a_page_as_it_was_and_costs_one_press_of_back(visit):
    visitor = visit()
    page = visitor.open("/train?network=mlp&train_size=2000")
    settled(visitor)
    for name in ("Home", "Confusion"):
        page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
        settled(visitor)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Train").click()
    visitor.see("2,000 images")
    settled(visitor)
    page.go_back()
    page.get_by_role("heading", name="Which digits are taken for which?").wait_for()


CHANGES = {
    "/train?network=mlp&train_size=2000": ("preset", ("MLP baseline", "MLP full")),
    "/confusion?epoch=3": ("confusion_view", ("Per digit", "How sure?")),
    "/confusion": ("confusion_part", ("Validation", "Test")),
    "/weights?unit=7": ("weights_view", ("Why this answer?", "Break it")),
    "/weights": ("weights_view", ("Break it", "Neurons")),
    "/sketch?image=test-8": ("sketch_view", ("Why this answer?", "Our handwriting")),
    "/runs?network=mlp": ("runs_network", ("CNN", "CNN")),
    "/overfitting": ("sweep_preset", ("CNN: Figures 7 and 8", "MLP: Figures 3 and 4")),
}
CHOSEN = "[aria-checked=true], [kind$=Active], [data-testid$=Active]"


def chosen(visitor, key: str) -> list[str]:
    """What a row of pills or segments is set to."""
    return visitor.key(key).locator(CHOSEN).all_inner_texts()


def stays(visitor, key: str, words: list[str], url: str) -> None:
    """Wait until a control and the address are as they were; they must be so for longer than a browser is behind."""
    for _ in range(200):
        if chosen(visitor, key) == words and visitor.page.url == url:
            break
        visitor.page.wait_for_timeout(50)
    visitor.quiet()
    assert (chosen(visitor, key), visitor.page.url) == (words, url)


@pytest.mark.parametrize("path", CHANGES)
def test_back_right_after_a_change_goes_back_and_forward_forward(path, visit):
    key, options = CHANGES[path]
    visitor = visit()
    page = visitor.open(path)
    settled(visitor)
    steps = [(chosen(visitor, key), page.url)]
    for option in dict.fromkeys(options):
        before = page.url
        visitor.choose(key, option)
        page.wait_for_function("url => location.href !== url", arg=before)
        page.wait_for_timeout(MOMENT)
        steps.append((chosen(visitor, key), page.url))
    for step in steps[-2::-1]:
        page.go_back()
        page.wait_for_timeout(MOMENT)
        stays(visitor, key, *step)
    page.wait_for_timeout(3000)  # a browser is not behind for as long
    stays(visitor, key, *steps[0])
    for step in steps[1:]:
        page.go_forward()
        stays(visitor, key, *step)
