"""A few inputs of every kind. All of them: python -m tests.fuzz."""

import logging

import pytest

from core.host.log import Counted
from tests.fuzz import widgets
from tests.fuzz.feed import feed
from tests.fuzz.inputs import TEXTS
from tests.fuzz.quiet import quiet
from tests.fuzz.targets import PLACES, TARGETS, pages
from tests.pages.visit import visit

INPUTS = 600  # in all


@pytest.fixture(autouse=True, scope="module")
def server():
    with quiet() as runs:
        yield runs


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_raises_what_it_must_not(name):
    feed(name, max(10, round(INPUTS * TARGETS[name][1])), 1)


@pytest.mark.parametrize("page", PLACES)
def test_every_parameter_twice_is_single_strings_at_the_door(page):
    state = pages()[page]
    at = visit(page, **{name: ["a", "b"] for name in state.names})
    at.run()
    assert not at.exception
    assert visit(page, run=["a", "b"])


def test_what_one_browser_forges_reaches_no_other_and_the_log_once(server):
    lines = []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(record)

    log, counted, handler = logging.getLogger("streamlit.error_util"), Counted(), Lines()
    log.addFilter(counted)
    log.addHandler(handler)
    honest = visit("confusion")
    before = [element.value for element in [*honest.markdown, *honest.caption]]
    try:
        forger = visit("confusion")
        name = next(name for name in widgets.controls(forger) if name.endswith("confusion_epoch"))
        raised = 0
        for n in range(30):
            widgets.send(forger, widgets.WidgetState(id=name, double_value=n + 0.5))
            raised += bool(forger.exception)
    finally:
        log.removeFilter(counted)
        log.removeHandler(handler)
    assert raised > 1
    assert len(lines) <= 1
    assert not honest.run().exception
    assert [element.value for element in [*honest.markdown, *honest.caption]] == before


def test_what_fails_is_told_by_the_smallest_input_that_does(monkeypatch):
    tried = []

    def planted(draw):
        tried.append(draw(TEXTS))
        assert "@" not in tried[-1]
        return "taken"

    monkeypatch.setitem(TARGETS, "planted", (planted, 0.0))
    with pytest.raises(AssertionError):
        feed("planted", 1_000, 0)
    assert tried[-1] == "@"
    assert len(max(tried, key=len)) > 20
