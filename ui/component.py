"""Components of our own: a folder's NAME.js, with NAME.html and NAME.css where it has these."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

# What is for the reader of a file alone: it would go to every browser, with every page.
UNREAD = {
    "html": re.compile(r"^\s+", re.MULTILINE),
    "css": re.compile(r"/\*.*?\*/|^\s+|(?<=[{;])\s+| (?=\{)", re.DOTALL | re.MULTILINE),
    "js": re.compile(r"^\s*//.*\n|^\s+", re.MULTILINE),
}


def component(folder: Path, name: str, isolated: bool = True) -> Callable[..., Any]:
    """The component of this name, to be called with what it shows. To be made once, as a module is imported.

    Its looks are its own, unless it is not `isolated`: then they are the page's.
    """
    files = {kind: folder / f"{name}.{kind}" for kind in UNREAD}
    texts: dict[str, Any] = {
        kind: UNREAD[kind].sub("", file.read_text(encoding="utf-8")) for kind, file in files.items() if file.exists()
    }
    return st.components.v2.component(f"digit_lab_{folder.name}_{name}", **texts, isolate_styles=isolated)
