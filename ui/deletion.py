"""Deleting runs from a page, and bringing the last ones back."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from core import labels, naming
from core.config import Config
from core.labels import Label
from ui.shared import plain, runs, told_in_passing
from ui.visitors import asker


class Deleted(NamedTuple):
    """A run that this visitor can have back."""

    config: Config
    data: bytes  # of its file; none of a run that failed before its first state was saved
    label: Label | None


def delete(keys: Sequence[str]) -> None:
    """Delete runs for this visitor, who can have all of them back until the next deletion. Says which have to stay."""
    given, deleted = labels.read(runs().folder), []
    for key in keys:
        run = runs().find(key)
        if run is None:
            continue  # somebody else was faster
        with told_in_passing():
            runs().require_change(run, asker())
            deleted.append(Deleted(run.config, runs().delete(key), given.get(key)))
            if key in given:
                labels.put(key, Label(), runs().folder)
    if deleted:
        st.session_state.deleted = deleted


def offer_undo() -> None:
    """Offer to bring back what this visitor deleted last."""
    deleted = st.session_state.get("deleted")
    if not deleted:
        return
    config, _, label = deleted[0]
    one = plain(naming.name(config, {**labels.read(runs().folder), **({config.key: label} if label else {})}))
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="deleted_strip"):
        st.markdown(f"Deleted: {one if len(deleted) == 1 else f'{len(deleted)} runs'}.")
        st.button("Undo", key="undo", icon=":material/undo:", on_click=_restore)
        st.button("Close", key="close_undo", type="tertiary", icon=":material/close:", on_click=_forget)


def _restore() -> None:
    left = list(st.session_state.deleted)
    with told_in_passing():
        for config, data, label in st.session_state.deleted:
            if data:
                runs().restore(data)
            left.pop(0)
            if label:
                labels.put(config.key, label, runs().folder)
    st.session_state.deleted = left


def _forget() -> None:
    st.session_state.deleted = None
