"""Components of our own: a folder's NAME.js, with NAME.html and NAME.css where it has these."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import streamlit as st

# What is for the reader of a file alone: it would go to every browser, with every page.
UNREAD = {
    "html": re.compile(r"^\s+", re.MULTILINE),
    "css": re.compile(r"/\*.*?\*/|^\s+|(?<=[{;])\s+| (?=\{)", re.DOTALL | re.MULTILINE),
    "js": re.compile(r"^\s*//.*\n|^\s+", re.MULTILINE),
}


def component(folder: Path, name: str, looks: Iterable[Path] | None = None) -> Callable[..., Any]:
    """The component of this name, to be called with what it shows. To be made once, as a module is imported.

    What its CSS says is of itself alone, unless it brings the `looks` of pages: then that is of all that is on a page, as are these files.
    """
    texts: dict[str, Any] = {}
    for kind, unread in UNREAD.items():
        files = [folder / f"{name}.{kind}", *(looks or () if kind == "css" else ())]
        if text := "".join(unread.sub("", file.read_text(encoding="utf-8")) for file in files if file.exists()):
            texts[kind] = text
    return st.components.v2.component(f"digit_lab_{name}", **texts, isolate_styles=looks is None)
