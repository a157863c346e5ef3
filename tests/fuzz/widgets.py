"""What a browser may send for a control: any of the kinds of value that Streamlit's messages have, whatever the control is."""

import json
import random
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

WORDS = ("", "x", "\x00", "é" * 500, "None", "-1", "1e309", "[]", "../..", "\u202e", "0", "mlp", "test", "Sigmoid")
NUMBERS = (0, 1, -1, 5, 10**6, 2**31, -(2**31), 2**53)
FLOATS = (0.0, -0.0, 1.5, -1e308, 1e308, float("inf"), float("-inf"), float("nan"))
JSONS: tuple[Any, ...] = (
    None, True, 0, "x", [], {}, [[]], {"selection": None}, {"selection": {"rows": ["x"], "columns": [], "cells": []}},
    {"selection": {"rows": [10**9, -1], "columns": ["x"], "cells": [[1]]}}, {"selection": {"points": [{}]}},
    {"cells": 5}, {"cells": "!!"}, {"cells": "AAAA" * 32}, {"paper": [[]]}, {"paper": {"drawn": 1, "strokes": [{"width": 9, "points": [[None]]}]}},
)  # fmt: skip


def any_state(name: str, chance: random.Random) -> WidgetState:
    """A state of the control of this name, of any kind."""
    state = WidgetState(id=name)
    match chance.randrange(12):
        case 0:
            state.trigger_value = chance.random() < 0.8
        case 1:
            state.bool_value = chance.random() < 0.5
        case 2:
            state.double_value = chance.choice(FLOATS)
        case 3:
            state.int_value = chance.choice(NUMBERS)
        case 4:
            state.string_value = chance.choice(WORDS)
        case 5:
            state.double_array_value.data.extend(chance.choices(FLOATS, k=chance.randrange(4)))
        case 6:
            state.int_array_value.data.extend(chance.choices(NUMBERS, k=chance.randrange(4)))
        case 7:
            state.string_array_value.data.extend(chance.choices(WORDS, k=chance.randrange(4)))
        case 8:
            state.json_value = chance.choice([json.dumps(chance.choice(JSONS)), "{", "[" * 5_000, "NaN", ""])
        case 9:
            state.bytes_value = bytes(chance.randrange(256) for _ in range(chance.randrange(50)))
        case 10:
            state.string_trigger_value.data = chance.choice(WORDS)
        case 11:
            state.json_trigger_value = json.dumps(chance.choice(JSONS))
    return state


def controls(at: AppTest) -> list[str]:
    """The names of all controls of the page that was drawn, as Streamlit gives them."""
    state = at.session_state
    while not isinstance(state, SessionState):  # one wraps another
        state = object.__getattribute__(state, "_state")
    return sorted(state._new_widget_state.widget_metadata)


def send(at: AppTest, *states: WidgetState) -> AppTest:
    """Let the page's browser send these."""
    return at._run(WidgetStates(widgets=states))
