"""The report's numbers beside those of a run: a row each, which opens what it was computed from."""

from urllib.parse import urlencode

import streamlit as st

from core.config import REPORT
from core.report.rows import Row
from ui import words

BY_RUN = ("train", "confusion", "weights")  # pages whose address names a run
HEAD = ("What", "The report says", "This run says", "So", "Open it")


def table(slug: str, rows: list[Row]) -> None:
    """Draw the rows of a section: as Markdown, which a browser draws in a third of the time that `st.table` takes."""
    cells = [(row.about, row.said, row.ours, row.verdict, f"[{row.run}]({address(row)})") for row in rows]
    with st.container(key=f"rows_{slug}"):
        st.markdown(words.table(HEAD, cells))


def address(row: Row) -> str:
    """Where a row opens, seen from this page."""
    run = {"run": REPORT[row.run].key} if row.page in BY_RUN else {}
    return f"{row.page}?{urlencode(run | dict(row.query))}"
