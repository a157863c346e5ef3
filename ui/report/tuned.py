"""What the report tuned by hand: where to see it redone, and what it brings."""

from urllib.parse import urlencode

import streamlit as st

from core.config import to_query
from core.report import tuned
from core.report.rows import Runs
from core.search.recorded import recorded
from core.search.tuning import JUDGES, TUNING
from ui import words
from ui.report.material import Networks
from ui.search.state import STATE, of_grid
from ui.words import linked


def tuning(_: Runs, __: Networks) -> None:
    """The grids, each a link to its page; and a table of the report's settings and the best that were found."""
    with st.container(horizontal=True, key="tuning"):
        for name, grid in TUNING.items():
            st.page_link(
                "pages/search.py", label=name, icon=":material/grid_view:", query_params=STATE.link(of_grid(grid))
            )
    rows = [(line.size, line.settings, line.validation, line.test, _train(line)) for line in tuned.lines(recorded())]
    with st.container(key="rows_tuned"):
        st.markdown(words.table(tuned.HEAD, rows))
    st.caption(
        linked(
            f"All are of 64 hidden units, as the report's. Ours are means of {JUDGES} seeds, and behind ± is their standard deviation in "
            "points. The best were chosen by their accuracy on the validation images alone, among a few dozen settings tried by hand; then "
            "the test images were looked at once. They are recorded with the project, without their weights. What learns without "
            "augmentation sees no more than the report's own network did, which makes that the fair comparison."
        )
    )


def _train(line: tuned.Line) -> str:
    return f"[Train it](train?{urlencode(to_query(line.opens))})" if line.opens else ""
