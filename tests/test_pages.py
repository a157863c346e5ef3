"""Every page is known wherever pages are listed: in the sidebar, in a link's card, and in the tests that go through all of them."""

from pathlib import Path

import pytest

from serving import card
from tests.browser import conftest as browser
from tests.browser.views import VIEWS
from tests.load import scenes, test_shelf
from tests.pages import walk
from ui.frame import PAGES

FILES = {path.stem for path in (Path(__file__).parent.parent / "pages").glob("*.py")}


def of_paths(paths) -> set[str]:
    """The pages of some addresses; of the home page none."""
    return {path.partition("?")[0].strip("/") for path in paths} - {""}


LISTS = {
    "the sidebar": {*PAGES},
    "what a chat is told": {*card.PAGES} - {""},
    "visits in a browser": of_paths(browser.PAGES),
    "views": of_paths(VIEWS.values()),
    "visitors at once": {*scenes.PAGES} - {""},
    "a full shelf": {*test_shelf.PAGES} - {None},
    "sentences": {*walk.PAGES} - {"home"},
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_pages_has_every_page(name):
    assert LISTS[name] == FILES


@pytest.mark.parametrize("page", sorted(FILES))
def test_a_page_has_a_room_and_tests_of_its_name(page):
    tests = Path(__file__).parent
    assert (tests / "pages" / f"test_{page}.py").exists()
    assert (tests / "browser" / f"test_{page}.py").exists()
    assert (tests.parent / "ui" / page).is_dir() or page == "glossary", "which is drawn by ui/words.py alone"
