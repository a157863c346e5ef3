"""Components of our own: a folder's NAME.js, with NAME.html and NAME.css where it has these."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st


def component(folder: Path, name: str) -> Callable[..., Any]:
    """The component of this name, to be called with what it shows. To be made once, as a module is imported."""
    files = {kind: folder / f"{name}.{kind}" for kind in ("html", "css", "js")}
    texts: dict[str, Any] = {kind: file.read_text(encoding="utf-8") for kind, file in files.items() if file.exists()}
    return st.components.v2.component(f"digit_lab_{name}", **texts)
