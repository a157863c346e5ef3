"""A page's address and its state, with a browser that is behind: on a slow line it sends an address that we have replaced."""

import pytest
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

from ui import links


def page() -> None:
    """A page whose whole state is one word, set by a control or by its address."""
    import streamlit as st

    from ui import links

    query = links.arriving("words")
    if query is not None:
        st.session_state.word = query.get("word", "")
    st.text_input("Word", key="word")
    links.write("words", {"word": st.session_state.word} if st.session_state.word else {})


@pytest.fixture
def clock(monkeypatch):
    """The time, which stands still until it is moved."""
    now = [100.0]
    monkeypatch.setattr(links, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def told(monkeypatch):
    """Every address that the browser was told to show."""
    addresses = []
    monkeypatch.setattr(QueryParams, "_send_query_param_msg", lambda self: addresses.append(self.to_dict().get("word")))
    return addresses


def sends(at: AppTest, word: str | None = None, address: str | None = None) -> str:
    """A browser with this address in its bar sends what was typed, if anything was; the word that the page then has."""
    at.query_params.clear()
    if address:
        at.query_params["word"] = address
    if word is not None:
        at.text_input(key="word").set_value(word)
    at.run()
    assert not at.exception
    return at.text_input(key="word").value


def test_what_was_done_is_not_undone_by_an_address_that_stood_for_long(clock, told):
    at = AppTest.from_function(page)
    assert sends(at, address="one") == "one"
    clock[0] += 60
    assert sends(at, "two", address="one") == "two"
    clock[0] += 0.2
    assert sends(at, address="one") == "two"
    assert told == ["two", "two"]


def test_there_and_back_before_the_browser_has_heard_of_it_leaves_the_address_right(clock, told):
    at = AppTest.from_function(page)
    sends(at, address="one")
    clock[0] += 60
    sends(at, "two", address="one")
    clock[0] += 0.2
    assert sends(at, "one", address="one") == "one"
    assert told == ["two", "one"], "the browser's “one” is about to become “two”"


def test_an_address_that_is_followed_later_is_taken_over(clock, told):
    at = AppTest.from_function(page)
    sends(at, address="one")
    sends(at, "two", address="one")
    clock[0] += 10
    assert sends(at, address="one") == "one", "the browser's Back"
    assert sends(at, address="three") == "three"
    assert told == ["two"]
