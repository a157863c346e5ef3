"""A page's address and its state, with a browser that is behind: on a slow line it sends an address that we have replaced."""

import pytest
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

from ui import links


def page() -> None:
    """A page whose whole state is one word, set by a control or by its address."""
    import streamlit as st

    from ui import links

    query = links.arriving("words", ["word"])
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
    clock[0] += 60
    assert sends(at, address="one") == "one", "the browser's Back"
    assert sends(at, address="three") == "three"
    assert told == ["two"]


def test_what_was_done_is_not_undone_on_a_line_that_stood_still_for_long(clock, told):
    at = AppTest.from_function(page)
    sends(at, address="one")
    assert sends(at, "two", address="one") == "two"
    clock[0] += 20
    assert sends(at, "three", address="one") == "three"
    clock[0] += 20
    assert sends(at, address="two") == "three"


def test_what_the_browser_has_left_behind_is_followed_when_it_comes_again(clock, told):
    at = AppTest.from_function(page)
    sends(at, address="one")
    sends(at, "two", address="one")
    clock[0] += 0.1
    assert sends(at, address="two") == "two", "the browser has heard of it"
    clock[0] += 0.1
    assert sends(at, address="one") == "one", "so this one is a link"


def test_there_and_back_on_a_slow_line_is_not_undone_by_the_address_between(clock, told):
    at = AppTest.from_function(page)
    sends(at, address="one")
    sends(at, "two", address="one")
    sends(at, "one", address="one")
    assert sends(at, address="one") == "one"
    assert sends(at, address="two") == "one", "the browser has only now heard of it"


def test_a_link_from_another_page_is_followed_whatever_this_one_showed_a_moment_ago(clock):
    at = AppTest.from_function(completed)
    sends(at, address="one")
    sends(at, "two", address="one")
    for name in ("another", "words"):
        at.session_state["page"] = name
        clock[0] += 0.1
        word = sends(at, address="one")
    assert word == "one"


@pytest.fixture
def by_history(monkeypatch):
    """Go on as if the browser said of its address that it has come to it by Back or Forward."""
    return lambda: monkeypatch.setattr(links, "_by_history", lambda: True)


def test_back_right_after_a_change_goes_back_and_forward_forward(clock, told, by_history):
    at = AppTest.from_function(page)
    sends(at, address="one")
    sends(at, "two", address="one")
    clock[0] += 0.1
    by_history()
    assert sends(at, address="one") == "one"
    assert sends(at, address="two") == "two"
    assert told == ["two"]


def test_back_to_the_bare_address_is_back_to_the_beginning(clock, told, by_history):
    at = AppTest.from_function(page)
    assert sends(at) == ""
    sends(at, "two")
    assert sends(at) == "two", "the browser is behind, or has come by a bare link to the page"
    by_history()
    assert sends(at) == ""
    assert sends(at) == ""


def completed() -> None:
    """A page that says its state in other words than somebody's address, and one that could not be taken over."""
    import streamlit as st

    from ui import links

    links.enter(st.session_state.get("page", "words"))
    query = links.arriving("words", ["word", "part"])
    if query is not None:
        st.session_state.word = query.get("word", "").lower()
        links.note([f"{word} was left out." for word in query if word != "word"])
    links.show_notices()
    st.text_input("Word", key="word")
    st.button("Again", key="again")
    links.write("words", {"word": st.session_state.word})


def test_the_address_that_somebody_followed_stays_until_the_page_shows_something_else(clock, told):
    at = AppTest.from_function(completed)
    assert sends(at, address="ONE") == "one"
    assert sends(at, address="ONE") == "one"
    assert told == []
    assert sends(at, "two", address="ONE") == "two"
    assert sends(at, "one", address="two") == "one"
    assert told == ["two", "one"]


def test_a_notice_stays_until_the_page_shows_something_else_or_is_left(clock):
    at = AppTest.from_function(completed)
    at.query_params["part"] = "x"
    at.run()
    for _ in range(2):  # as when a fragment has the page drawn again
        assert [warning.value for warning in at.warning] == ["part was left out."]
        at.button(key="again").click().run()
    at.text_input(key="word").set_value("two").run()
    assert not at.warning

    at = AppTest.from_function(completed)
    at.query_params["part"] = "x"
    at.run()
    at.session_state["page"] = "another"
    at.run()
    assert not at.warning
