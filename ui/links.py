"""A page's address, as something that brings a state and that shows one. Each page has a name of its own: its file's.

A browser sends its address along with every action, and after we have written a new one it may still send the old one for a
moment, or for as long as its line stands still. Such an address must not be taken for one that somebody has followed: it would
undo what the visitor just did. A browser shows our addresses in their order: of those before the one that it has sent last none
is late, they are links. Back and Forward are told apart by what the browser says of them.

Every address that is written becomes a step of the browser's history. One that somebody has followed therefore stays as it
is for as long as the page shows what it asks for: written out in full, it would cost a press of Back that leads nowhere.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise
from time import monotonic
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import share
from ui.absent import Absent
from ui.shared import plain

SECONDS_BEHIND = 30.0  # for which a browser may go on sending an address after we have written another one

Link = dict[str, str | list[str]]


class Shown(NamedTuple):
    """What a page's address has been since some time."""

    since: float  # seconds
    address: Link  # as somebody followed it, or as we wrote it
    link: Link | None  # the state that it stands for, as the page itself would say it; None until it has


def enter(page: str) -> None:
    """Note which page is drawn. Called before anything else is asked here."""
    if st.session_state.get("links_page") != page:
        st.session_state.links_page, st.session_state.links_entered = page, True
        st.session_state.pop("links_notices", None)


def entering() -> bool:
    """Whether the page is drawn for the first time since another one was. To be asked before `arriving`."""
    return bool(st.session_state.get("links_entered", False))


def arriving(page: str, parameters: Collection[str], several: Collection[str] = ()) -> Link | None:
    """The parameters that somebody has come with, or None where there is nothing new to take over.

    `parameters` are all that the page knows. Only those in `several` may be lists; of any other that comes more than once, the
    first counts.

    The address that the page has brings nothing new, and neither does the bare one by which it is come back to. By Back and
    Forward, a bare address is one like any other.
    """
    query, shown = _query(), _shown(page)
    entered = st.session_state.pop("links_entered", False)
    if shown and query in (shown[-1].address, shown[-1].link) and entered and query:
        _remember(page, query, None)
        return None
    if shown and _brings_nothing_new(query, shown, entered):
        st.session_state[f"links_{page}"] = _may_come(query, shown) or shown
        return None
    _remember(page, query, None)
    st.session_state.pop("links_notices", None)
    return {
        name: value[0] if isinstance(value, list) and name not in several else value
        for name, value in query.items()
        if name in parameters
    }


def write(page: str, link: Link) -> None:
    """Make the page's address one that brings anybody else to this very state.

    The first one after an arrival is what the address stands for that somebody came with. Any other is written, even where
    the browser seems to have it: its address may be one that our last one is about to replace.
    """
    link = {name: value[0] if len(value) == 1 and isinstance(value, list) else value for name, value in link.items()}
    last = _shown(page)[-1]
    if last.link is None:
        st.session_state[f"links_{page}"] = [*_shown(page)[:-1], last._replace(link=link)]
    elif last.link != link:
        _remember(page, link, link)
        st.query_params.from_dict(link)
    elif _query() != last.address:
        st.query_params.from_dict(last.address)
    _forget_notices_of_another(link)
    share.follow(link)


def kept(page: str) -> Link | None:
    """The parameters that lead back to a page as it was left; None where nothing but its bare address is needed."""
    shown = _shown(page)
    return (shown[-1].link if shown else None) or None


def note(sentences: Sequence[str | Absent]) -> None:
    """Have it said on the page that it could not be taken over as it was asked for: until it shows something else."""
    if sentences:
        noted = st.session_state.get("links_notices", ([], None))[0]
        st.session_state.links_notices = [*noted, *sentences], None


def show_notices() -> None:
    """Say what was noted. The sentences may quote an address: they are shown as they are."""
    sentences, _ = st.session_state.get("links_notices", ([], None))
    if sentences:
        st.session_state.links_place = st.empty()
        with st.session_state.links_place.container():
            for sentence in sentences:
                if isinstance(sentence, Absent):
                    sentence.draw()
                else:
                    st.warning(plain(sentence), icon=":material/link_off:")


def _forget_notices_of_another(link: Link) -> None:
    """Take away what was noted of a state that is shown no more."""
    sentences, of = st.session_state.get("links_notices", ([], None))
    if not sentences or of == link:
        return
    if of is None:
        st.session_state.links_notices = sentences, link
    else:
        del st.session_state.links_notices
        if "links_place" in st.session_state:
            st.session_state.links_place.empty()


def _query() -> Link:
    """The address's parameters; one that comes more than once as a list."""
    values = {name: st.query_params.get_all(name) for name in st.query_params}
    return {name: many if len(many) > 1 else many[0] for name, many in values.items()}


def _by_history() -> bool:
    """Whether the browser has come to its address by Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _shown(page: str) -> list[Shown]:
    return st.session_state.get(f"links_{page}", [])


def _remember(page: str, address: Link, link: Link | None) -> None:
    """Note what the address is from now on, and forget what it was too long ago for any browser to send it still."""
    shown = [*_shown(page), Shown(monotonic(), address, link)]
    st.session_state[f"links_{page}"] = [*_still_sent(shown), shown[-1]]


def _brings_nothing_new(query: Link, shown: list[Shown], entered: bool) -> bool:
    """Whether an address is the one that the page has, or is late, or is the bare one of a page that is come back to."""
    if query in (shown[-1].address, shown[-1].link):
        return True
    return not _by_history() and (not query or (not entered and bool(_may_come(query, shown))))


def _may_come(query: Link, shown: list[Shown]) -> list[Shown]:
    """The addresses that a browser may send after this one, which is among them; none where it is none of ours."""
    still = [*_still_sent(shown), shown[-1]]
    return next((still[place:] for place, one in enumerate(still) if query in (one.address, one.link)), [])


def _still_sent(shown: list[Shown]) -> list[Shown]:
    """The addresses before the last that a browser may still have: each for a while after the next one came."""
    return [one for one, next_one in pairwise(shown) if monotonic() - next_one.since < SECONDS_BEHIND]
