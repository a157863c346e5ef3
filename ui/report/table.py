"""The report's numbers beside those of a run: a row each, which opens what it was computed from."""

from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from core.config import REPORT
from core.report.rows import Row

BY_RUN = ("train", "confusion", "weights")  # pages whose address names a run


def table(rows: list[Row]) -> None:
    """Draw the rows."""
    cells = {
        "The report says": [row.said for row in rows],
        "This run says": [row.ours for row in rows],
        "So": [row.verdict for row in rows],
        "Open it": [f"[{row.run}]({address(row)})" for row in rows],
    }
    st.table(pd.DataFrame(cells, index=pd.Index([row.about for row in rows], name="What")), border="horizontal")


def address(row: Row) -> str:
    """Where a row opens, seen from this page."""
    run = {"run": REPORT[row.run].key} if row.page in BY_RUN else {}
    return f"{row.page}?{urlencode(run | dict(row.query))}"
