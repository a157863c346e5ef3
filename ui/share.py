"""What one sees as a link: its whole address, and a QR code of it."""

import io
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import streamlit as st

from ui.pictures import png_url

PLACE = "share_place"
MOST = 1_500  # letters of an address: a code of more cannot be read off a wall


def popover() -> None:
    """Draw the button that opens this page's address, and what it opens. What the page shows by the end of its run is what `follow` is told."""
    st.session_state.pop(PLACE, None)
    opened = st.popover("Share this view", icon=":material/qr_code:", type="tertiary", key="share", on_change="rerun")
    if opened.open:
        st.session_state[PLACE] = opened.empty()
        follow({name: st.query_params.get_all(name) for name in st.query_params})


def follow(query: Mapping[str, str | list[str]]) -> None:
    """Have what is opened show the address with these parameters."""
    if PLACE in st.session_state:
        with st.session_state[PLACE].container():
            show(address(query))


def address(query: Mapping[str, str | list[str]]) -> str:
    """The whole address of this page with some parameters, as the browser has it; empty where it does not say."""
    here = st.context.url
    if not isinstance(here, str) or urlsplit(here).scheme not in ("http", "https"):
        return ""
    words = urlencode(query, doseq=True)
    return f"{here}?{words}" if words else here


@st.cache_data(max_entries=64, show_spinner=False)
def qr_code(text: str) -> bytes:
    """A text as a QR code, black on white in any theme, as a PNG."""
    import segno  # for whoever opens it

    file = io.BytesIO()
    segno.make_qr(text).save(file, kind="png", scale=6, border=4)
    return file.getvalue()


def show(link: str) -> None:
    """Draw an address, ready to be copied, and its code."""
    if not link:
        st.caption("The browser does not say under which address it is here.")
        return
    st.code(link, language=None, wrap_lines=True)
    if len(link) > MOST:
        st.caption(
            "The address is too long for a QR code that could be read. It carries a drawing: share a test image, or the address itself."
        )
    else:
        st.image(png_url(qr_code(link)), width=240, alt="A QR code of this address")
