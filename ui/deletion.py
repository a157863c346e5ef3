"""Deleting runs from a page, and bringing the last ones back."""

from collections.abc import Sequence

import streamlit as st

from core import labels as shelf
from core import naming
from ui.shared import plain, runs, told_in_passing


def delete(keys: Sequence[str]) -> None:
    """Delete runs for this visitor, who can have all of them back until the next deletion. Says which have to stay."""
    labels, deleted = shelf.labels(runs().folder), []
    for key in keys:
        run = runs().find(key)
        if run is None:
            continue  # somebody else was faster
        with told_in_passing():
            deleted.append((run.config, runs().delete(key), labels.get(key)))
            if key in labels:
                shelf.put(key, shelf.Label(), runs().folder)
    if deleted:
        st.session_state.deleted = deleted


def offer_undo() -> None:
    """Offer to bring back what this visitor deleted last."""
    deleted = st.session_state.get("deleted")
    if not deleted:
        return
    config, _, label = deleted[0]
    one = plain(naming.name(config, shelf.labels(runs().folder) | ({config.key: label} if label else {})))
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="deleted_strip"):
        st.markdown(f"Deleted: {one if len(deleted) == 1 else f'{len(deleted)} runs'}.")
        st.button("Undo", key="undo", icon=":material/undo:", on_click=_restore)
        st.button("Close", key="close_undo", type="tertiary", icon=":material/close:", on_click=_forget)


def _restore() -> None:
    left = list(st.session_state.deleted)
    with told_in_passing():
        for config, data, label in st.session_state.deleted:
            if data:  # a run that failed before its first state was saved has none
                runs().restore(data)
            left.pop(0)
            if label:
                shelf.put(config.key, label, runs().folder)
    st.session_state.deleted = left


def _forget() -> None:
    st.session_state.deleted = None
