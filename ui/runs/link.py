"""The address of the page of all runs: what is ticked, what the filters let through, and how the curves are shown.

What is ticked is kept as settings by key, `st.session_state.chosen`; what each control is set to, under "runs_<name>".
"""

import streamlit as st

from core import labels as shelf
from core.charts import curves as charts
from core.config import NAMES
from ui import links
from ui.shared import runs

STATUSES = {"live": "Live", "done": "Done", "stopped": "Stopped", "failed": "Failed"}
MEASURES = {"accuracy": charts.ACCURACY, "loss": charts.LOSS}
LINES = {"both": charts.SERIES, "training": ["training"], "validation": ["validation"]}
AXES = {"whole": "Whole axis", "late": "Zoomed in on the later epochs"}
# What the page's controls can be set to, by name; the first is what they are set to when nobody has touched them.
CONTROLS = {
    "network": [None, *NAMES],
    "status": [None, *STATUSES],
    "measure": list(MEASURES),
    "lines": list(LINES),
    "axis": list(AXES),
}
PARAMETERS = {"runs", "find", *CONTROLS}  # of the page's address


def read() -> None:
    """Take over the runs, the filters and the view that the page's address brings, and note what could not be taken."""
    query = links.arriving("runs", PARAMETERS, several=("runs",))
    if query is None:
        for name, words in CONTROLS.items():  # a control that is not drawn, or a page that is come back to
            st.session_state.setdefault(f"runs_{name}", words[0])
        st.session_state.setdefault("runs_find", "")
        return
    tokens = query.get("runs", [])
    found, notices = shelf.parse_run_tokens([tokens] if isinstance(tokens, str) else tokens)
    st.session_state.chosen = {}
    for key, config in found.items():
        run = runs().find(key)
        if run is not None or config is not None:
            st.session_state.chosen[key] = run.config if run else config
        else:
            missing = f"The run {key} is not trained here, and the link does not carry its settings."
            notices.append(runs().damaged.get(key, missing))
    links.note(notices)
    for name, words in CONTROLS.items():
        st.session_state[f"runs_{name}"] = query.get(name) if query.get(name) in words else words[0]
    text = query.get("find", "")
    st.session_state.runs_find = text[:60] if isinstance(text, str) else ""


def write() -> None:
    """Make the page's address one that brings anybody else to what is ticked, and to how it is shown."""
    link: links.Link = {name: st.session_state[f"runs_{name}"] for name in CONTROLS}
    link = {name: word for name, word in link.items() if word != CONTROLS[name][0]}
    if st.session_state.runs_find:
        link["find"] = st.session_state.runs_find
    if st.session_state.chosen:
        link["runs"] = [shelf.run_token(config) for config in st.session_state.chosen.values()]
    links.write("runs", link)
