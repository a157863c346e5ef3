"""The state of a page and its address: whatever a table of parameters declares, both say the same."""

import random
from dataclasses import dataclass
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.config import PRESETS, CNNConfig, MLPConfig
from core.kinds import Choice, Range, setting
from core.search.grid import kind_of
from core.search.study import usual_span
from tests.pages.visit import visit
from ui.confusion.state import STATE as CONFUSION
from ui.overfitting.state import STATE as OVERFITTING
from ui.parameters import Flag, ImageCode, Key, RunAtEpoch, RunOrNone, Several, Text
from ui.runs.state import STATE as RUNS
from ui.runs.state import Settings
from ui.search.state import NOTHING, CellText, ValueText, usual
from ui.search.state import STATE as SEARCH
from ui.search.study_state import SpanOf
from ui.search.study_state import usual as usually_searched
from ui.sketch.state import STATE as SKETCH
from ui.state import PageState
from ui.train.state import STATE as TRAIN
from ui.weights.state import STATE as WEIGHTS

STATES = [TRAIN, OVERFITTING, SEARCH, RUNS, CONFUSION, WEIGHTS, SKETCH]


def any_value(kind: Any, chance: random.Random) -> Any:
    """A value that a parameter of this kind may have."""
    match kind:
        case Range(low, high, number):
            return number(chance.randint(int(low), int(high))) if number is int else chance.uniform(low, high)
        case Choice(words):
            return chance.choice(words)
        case Flag():
            return chance.random() < 0.5
        case Text():
            return chance.choice(["", "tanh", "a & b = c", "ä/?#"])
        case ImageCode():
            return f"{chance.choice(['test', 'validation'])}-{chance.randint(50_000, 50_009)}".replace(
                "test-5", "test-"
            )
        case Key():
            return chance.choice(list(PRESETS.values())).key
        case RunOrNone():
            return chance.choice(["", *(config.key for config in PRESETS.values())])
        case RunAtEpoch():
            return chance.choice(list(PRESETS.values())).key + chance.choice(["", "@3", "@0"])
        case SpanOf(name):
            least, *others = usual_span(name).values
            further = others if isinstance(least, str) else [kind_of(name).high]
            return chance.choice([(least, *others), (least, further[0])])
        case CellText():
            return chance.choice(["", "0.01", "relu"])
        case ValueText():
            return chance.choice(["0.01", "0.1", "64"])
        case Settings():
            return chance.choice([*PRESETS.values(), MLPConfig(seed=5), CNNConfig(momentum=0.5, epochs=2)])
        case Several():
            n = chance.randint(kind.fewest, min(kind.most, kind.fewest + 2))
            found = dict.fromkeys(any_value(kind.kind, chance) for _ in range(50))
            return tuple(list(found)[:n])
    raise AssertionError(f"no value is known for {kind}")


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.page)
def test_an_address_says_all_that_is_set_and_is_read_back(state):
    visit("runs")  # there is a registry to ask for runs
    chance = random.Random(7)
    for _ in range(40):
        values = {name: any_value(one.kind, chance) for name, one in state.parameters.items()}
        if state is SKETCH:  # one of MNIST's is shown alone, and the address does not say that there is no network
            values |= {
                "image": values["image"][:1],
                "source": "test",
                "run": values["run"] or (PRESETS["CNN small"].key,),
            }
        if state is SEARCH:  # which values there are depends on the setting
            values |= {"values": usual(values["setting"]), "second_values": usual(values["second"])}
            assert values["second"] != NOTHING or not values["second_values"]
            values |= {"searched": usually_searched(values["network"])[chance.randint(0, 3) :]}  # and of the network
        record = state.make(values)
        found, sentences = state._reader(state.link(record))
        assert not sentences
        assert state.make(found) == record


@dataclass(frozen=True)
class Cooking:
    minutes: int = setting(10, Range(1, 60, int))
    way: str = setting("boil", Choice(("boil", "fry")))
    herbs: tuple[int, ...] = setting((), Several(Range(0, 9, int), 3, "herbs", separator="."))


def kitchen() -> None:
    """A page with three parameters, of which one control can be hidden."""
    import streamlit as st

    from tests.pages.test_state import Cooking
    from ui import links
    from ui.state import PageState

    state = PageState.of("kitchen", Cooking)
    links.enter("Kitchen")
    now = state.arrive()
    if not st.checkbox("Hide", key="hide"):
        st.slider("Minutes", 1, 60, key=state.key("minutes"))
    st.radio("Way", ["boil", "fry"], key=state.key("way"))
    st.button("Reset", key="reset", on_click=state.reset)
    st.caption(f"{now.minutes} {now.way} {list(now.herbs)}")
    state.write()


def cook(**query: str) -> AppTest:
    at = AppTest.from_function(kitchen)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def said(at: AppTest) -> tuple[str, list[str]]:
    return at.caption[0].value, [warning.value for warning in at.warning]


@pytest.mark.parametrize(
    ("query", "shown", "sentences"),
    [
        ({}, "10 boil []", []),
        ({"minutes": "7", "way": "fry", "herbs": "3.1.3"}, "7 fry [3, 1]", []),
        ({"minutes": "90"}, "60 boil []", ["Minutes must be a whole number from 1 to 60, not 90: using 60."]),
        ({"way": "bake"}, "10 boil []", ["Way must be one of boil, fry, not “bake”: using boil."]),
        ({"herbs": "1.x.12"}, "10 boil [1]", ["Herbs must be a whole number from 0 to 9, not “x”: it was left out."]),
        ({"herbs": "1.2.3.4"}, "10 boil [1, 2, 3]", ["At most 3 herbs fit side by side: here are the first 3."]),
        ({"pan": "red"}, "10 boil []", []),
    ],
)
def test_what_a_link_brings_is_taken_or_named(query, shown, sentences):
    now, warnings = said(cook(**query))
    assert now == shown
    assert warnings[: len(sentences)] == sentences
    assert bool(warnings) == bool(sentences)


def test_a_control_writes_the_address_and_what_is_at_its_default_is_not_in_it():
    at = cook()
    at.slider(key="kitchen_minutes").set_value(33).run()
    assert dict(at.query_params) == {"minutes": "33"}
    at.slider(key="kitchen_minutes").set_value(10).run()
    assert not dict(at.query_params)


def test_a_control_that_leaves_the_page_is_as_it_was_when_it_comes_back():
    at = cook(way="fry")
    at.slider(key="kitchen_minutes").set_value(33).run()
    at.checkbox(key="hide").check().run()
    at.run()
    assert said(at)[0] == "33 fry []"
    at.checkbox(key="hide").uncheck().run()
    assert at.slider(key="kitchen_minutes").value == 33


def test_what_no_control_of_ours_would_send_counts_as_what_was_set():
    at = cook(minutes="20")
    at.checkbox(key="hide").check().run()  # or Streamlit itself would put some of it right
    for forged in (0, 61, "x", None, [3]):
        at.session_state["kitchen_minutes"] = forged
        at.run()
        assert not at.exception
        assert said(at) == ("20 boil []", [])


def test_a_reset_brings_all_back_to_the_defaults():
    at = cook(minutes="20", way="fry", herbs="3")
    at.button(key="reset").click().run()
    assert said(at) == ("10 boil []", [])
    assert not dict(at.query_params)


def test_a_parameter_twice_counts_once():
    state = PageState.of("kitchen", Cooking)
    assert state.read({"minutes": ["7", "8"], "way": "fry"})[0] == {"minutes": 7, "way": "fry", "herbs": ()}
