"""What the page Train shows: the settings of a run, which are those of its address, and the run that one comes from.

An address may name the run as well, `?run=<key>`, alone or before its settings: it opens the run that is here by that key. The
one that somebody comes from is `from`: its curves stay behind the new ones.
"""

from dataclasses import asdict, fields
from typing import NamedTuple

import streamlit as st

from core.checkpoints import KEY
from core.config import NETWORKS, Config, from_query
from core.kinds import Choice, read_setting
from core.runs import Run
from ui import links
from ui.parameters import Flag, Parameter, RunOrNone
from ui.shared import runs
from ui.state import PageState, Values, parameters_of

FROM, RATES = "from", "rates"


class Shown(NamedTuple):
    """What the page shows: settings, and the key of the run that one comes from, or an empty text."""

    config: Config
    came_from: str
    rates: bool = False  # whether a learning-rate test of them is open

    @property
    def before(self) -> Run | None:
        """The run that one comes from, where there is something to see of it and it is another one."""
        run = runs().find(self.came_from) if self.came_from not in ("", self.config.key) else None
        return run if run and run.history else None


def _made(values: Values) -> Shown:
    network = NETWORKS[values["network"]]
    return Shown(network(**{spec.name: values[spec.name] for spec in fields(network)}), values[FROM], values[RATES])


def values_of(config: Config) -> Values:
    """Settings as parameters of the page."""
    return {"network": config.network, **asdict(config)}


def _values(shown: Shown) -> Values:
    return {**values_of(shown.config), FROM: shown.came_from, RATES: shown.rates}


def _read(query: links.Link) -> tuple[Values, list[str]]:
    words = {name: str(value) for name, value in query.items()}
    config, sentences = _settings(words)
    came_from, said = _came_from(words.get(FROM, ""))
    rates, objected = read_setting(RATES, Flag(), False, words.get(RATES, "False"))
    return _values(Shown(config, came_from, rates)), [*sentences, *said, *objected]


def _came_from(key: str) -> tuple[str, list[str]]:
    """The run that a link says one comes from, if it is here."""
    if not key:
        return "", []
    if not KEY.fullmatch(key):
        return "", [f"“{key[:40]}” is not the key of a run to compare with."]
    return (key, []) if runs().find(key) else ("", [f"The run {key}, which the link compares with, is not here."])


def _settings(query: dict[str, str]) -> tuple[Config, list[str]]:
    config, sentences = from_query(query)
    key = query.get("run", config.key)
    if key == config.key:
        return config, sentences
    if not KEY.fullmatch(key):
        return config, [*sentences, f"“{key[:40]}” is not the key of a run; one looks like {config.key}."]
    run = runs().find(key)
    if run is not None:
        return run.config, []
    if key in runs().damaged:
        return config, [*sentences, runs().damaged[key]]
    rest = (
        " The link does not carry its settings, so here are the defaults."
        if not query.keys() - {"run", FROM, RATES}
        else ""
    )
    return config, [*sentences, f"The run {key} is not trained here.{rest}"]


_NETWORK = Parameter("network", Choice(tuple(NETWORKS)), "mlp", always=True)
_OF_EITHER = {one.name: one for network in NETWORKS.values() for one in parameters_of(network)}

STATE: PageState[Shown] = PageState(
    "train",
    [_NETWORK, *_OF_EITHER.values(), Parameter(FROM, RunOrNone(), ""), Parameter(RATES, Flag(), False)],
    _made,
    _values,
    prefix="",
    reader=_read,
    more=["run"],
)


def come_from(shown: Shown, run: Run | None) -> Shown:
    """Note which result is looked at, and take it for the run one comes from as soon as the settings are another's."""
    if run and run.history and not run.live:
        st.session_state.train_left = run.key
    left = st.session_state.get("train_left", "")
    if run is None and left and left != shown.came_from:
        STATE.put(**{FROM: left})
        return STATE.now()
    return shown


def forget_where_from() -> None:
    """Somebody has come by a link, which says itself which run to compare with, or wants to compare with none."""
    st.session_state.pop("train_left", None)


def dismiss() -> None:
    """Compare with no run any more."""
    forget_where_from()
    STATE.put(**{FROM: ""})
