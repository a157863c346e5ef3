"""Links that were given away before: each opens what it opened then, and nothing of it has to be replaced.

tests/recorded/links.json holds them, with what every control and every number of the page was then. Links are added to it,
never changed.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.config import PRESETS, CNNConfig, MLPConfig
from core.words import SPACE
from tests.pages.visit import visit

FILE = Path(__file__).parent.parent / "recorded" / "links.json"
LINKS = json.loads(FILE.read_text(encoding="utf-8"))
# What a setting is where a link does not name it, and what a page then shows of what came later; another control, nothing.
UNSET = vars(CNNConfig()) | vars(MLPConfig()) | {"along": "epochs", "grouped": True, "every": False}
PREFIX = re.compile(r"(search|sweep|runs)_")
# Whoever names no network asks the usual ones, of which one has a successor.
SUCCEEDED = {PRESETS["CNN hands"].key: PRESETS["CNN sketch"].key}
KINDS = ("button_group", "select_slider", "selectbox", "slider", "number_input", "text_input", "multiselect", "toggle")


def opened(at: AppTest) -> dict[str, Any]:
    """What the controls of a page are set to, by their keys."""
    controls = [control for kind in KINDS for control in at.get(kind) if control.key]
    return dict(sorted((control.key, control.value) for control in controls))


def texts(at: AppTest) -> list[str]:
    """What a page says of the runs and images that it shows; how long something will take is another thing each time."""
    return [metric.value.replace(SPACE, " ") for metric in at.metric if not metric.value.startswith("about ")]


@pytest.mark.parametrize("recorded", LINKS, ids=lambda link: link["page"] + str(sorted(link["query"]))[:60])
def test_a_link_of_old_opens_what_it_opened(recorded):
    at = visit(recorded["page"], **recorded["query"])
    assert not at.warning, [warning.value for warning in at.warning]
    now = json.loads(json.dumps(opened(at)))
    if recorded["page"] == "sketch" and "run" not in recorded["query"]:
        now["sketch_run"] = [SUCCEEDED.get(key, key) for key in now["sketch_run"]]
    later = {
        key: UNSET.get(PREFIX.sub("", key, count=1)) for key in now.keys() - recorded["opened"].keys()
    }  # controls that came since then
    assert now == later | recorded["opened"]
    assert texts(at) == recorded["texts"]
    assert {name: at.query_params[name] for name in at.query_params} == recorded["address"]
