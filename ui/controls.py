"""The controls of a page: what each is set to, by a name that is also its parameter in the page's address.

Streamlit keeps a control's value under "<page>_<name>" as long as the control is on the page, and forgets it then; all of
them together are kept for good under "<page>".
"""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

import streamlit as st

from core.checkpoints import KEY
from core.config import SettingsError
from ui import links


class Limits(Protocol):
    """What a control may be set to."""

    def nearest(self, text: str) -> Any:
        """The allowed value that is nearest to a text. Raises SettingsError where there is none in it."""


class Controls:
    """The controls of one page."""

    def __init__(self, page: str, limits: Mapping[str, Limits], defaults: Mapping[str, Any]):
        self.page, self.limits, self.defaults = page, limits, defaults

    def key_of(self, name: str) -> str:
        """What Streamlit calls a control."""
        return f"{self.page}_{name}"

    def get(self, name: str) -> Any:
        """What a control is set to."""
        return st.session_state[self.key_of(name)]

    def put(self, name: str, value: Any) -> None:
        """Set a control, before it is drawn."""
        st.session_state.setdefault(self.page, {})[name] = value
        st.session_state[self.key_of(name)] = value

    def take(self, values: Mapping[str, Any], notices: list[str]) -> None:
        """Set the controls to what an address brings, and note what of it could not be taken."""
        links.note(notices)
        for name, value in values.items():
            self.put(name, value)

    def recall(self) -> None:
        """Set the controls that were not on the page in the last run as they were."""
        for name, value in st.session_state[self.page].items():
            st.session_state.setdefault(self.key_of(name), value)

    def remember(self) -> dict[str, Any]:
        """Keep what all controls are set to, and return it."""
        st.session_state[self.page] = {name: self.get(name) for name in self.defaults}
        return st.session_state[self.page]

    def read(self, query: links.Link) -> tuple[dict[str, Any], list[str]]:
        """The values that an address asks for, else the defaults; and a sentence for each that cannot be used."""
        values, sentences = dict(self.defaults), []
        for name, limits in self.limits.items():
            if name not in query:
                continue
            try:
                values[name] = limits.nearest(str(query[name]))
            except SettingsError as error:
                sentences.append(f"{name.replace('_', ' ').capitalize()} {error}: it was left out.")
        return values, sentences


def gone(key: str) -> str:
    """What to say of a run that was looked at, and that there is nothing to look at of any more."""
    return f"The run {key} was deleted, or is being trained further"


def run_in(query: links.Link, name: str, keys: Collection[str], default: str) -> tuple[str, list[str]]:
    """The key of the run that an address asks for; what to say where it is none of those that there are."""
    key = query.get(name, default)
    if key in keys:
        return key, []
    if isinstance(key, str) and KEY.fullmatch(key):
        return default, [f"The run {key} is not here: showing another one."] * (name in query)
    return default, [f"“{str(key)[:40]}” is not the key of a run: showing another one."]
