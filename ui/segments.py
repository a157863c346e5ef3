"""One of a few things, as a row of segments."""

from collections.abc import Callable, Mapping

import streamlit as st

from ui.state import move


def segments(
    label: str,
    words: Mapping[str, str],
    key: str,
    help: str | None = None,
    on_change: Callable[[], None] | None = None,
    label_shown: bool = False,
    otherwise: str | None = None,
) -> str:
    """Draw words by their names, of which one is always chosen, and return the name of that one.

    Where it is none of them, since there were others before, it is `otherwise`, or the first.
    """
    now = st.session_state.get(key)
    move(key, now if now in words else otherwise or next(iter(words)))
    st.segmented_control(
        label,
        list(words),
        format_func=lambda name: words.get(name, name),  # a browser may still say one of those before
        required=True,
        key=key,
        help=help,
        on_change=on_change,
        label_visibility="visible" if label_shown else "collapsed",
    )
    return st.session_state[key]
