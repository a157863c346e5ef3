"""A page's address, as something that brings a state and that shows one. Each page has a name of its own here.

A browser sends its address along with every action, and after we have written a new one it may still send the old one for a
moment. Such an address must not be taken for one that somebody has followed: it would undo what the visitor just did.
"""

from collections.abc import Collection
from itertools import pairwise
from time import monotonic

import streamlit as st

from ui.shared import plain

SECONDS_BEHIND = 3.0  # for which a browser may go on sending an address after we have written another one

Link = dict[str, str | list[str]]


def arriving(page: str, several: Collection[str] = ()) -> Link | None:
    """The parameters that somebody has come with, or None where there is nothing new to take over.

    Only those in `several` may be lists; of any other that comes more than once, the first counts.

    The address that we wrote ourselves brings nothing new, and neither does the bare one of a page that is come back to.
    """
    query = _query()
    written = st.session_state.get(f"links_{page}")
    if written is not None and (not query or _is_ours(query, written)):
        return None
    _remember(page, query)
    return {
        name: value[0] if isinstance(value, list) and name not in several else value for name, value in query.items()
    }


def write(page: str, link: Link) -> None:
    """Make the page's address one that brings anybody else to this very state.

    It is written again where the browser only seems to have it: its address may be one that our last one is about to replace.
    """
    link = {name: value[0] if len(value) == 1 and isinstance(value, list) else value for name, value in link.items()}
    written = st.session_state.get(f"links_{page}")
    _remember(page, link)
    if _query() != link or (written is not None and written[-1][1] != link):
        st.query_params.from_dict(link)


def show_notices(sentences: list[str]) -> None:
    """Say what could not be taken over from the address. The sentences may quote it: they are shown as they are."""
    for sentence in sentences:
        st.warning(plain(sentence), icon=":material/link_off:")


def _query() -> Link:
    """The address's parameters; one that comes more than once as a list."""
    values = {name: st.query_params.get_all(name) for name in st.query_params}
    return {name: many if len(many) > 1 else many[0] for name, many in values.items()}


def _remember(page: str, link: Link) -> None:
    """Note what the address is from now on, and forget what it was too long ago for any browser to send it still."""
    written = st.session_state.get(f"links_{page}", [])
    if written and written[-1][1] == link:
        return
    written = [*written, (monotonic(), link)]
    st.session_state[f"links_{page}"] = [*_still_sent(written), written[-1]]


def _is_ours(query: Link, written: list[tuple[float, Link]]) -> bool:
    """Whether an address is the one that we wrote last, or one that the browser, a little behind, still had."""
    return query == written[-1][1] or any(query == link for _, link in _still_sent(written))


def _still_sent(written: list[tuple[float, Link]]) -> list[tuple[float, Link]]:
    """The addresses before the last that a browser may still have: each until a moment after the next one was written."""
    return [
        (when, link) for (when, link), (replaced, _) in pairwise(written) if monotonic() - replaced < SECONDS_BEHIND
    ]
