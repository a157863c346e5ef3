"""What a link says of itself where it is posted: a title, a description and a picture, in the page that Streamlit sends everybody.

Streamlit's page names no app: it is one text for all, which a script fills in a browser. Whoever only reads it - a chat, a search
engine - learns from here what a link leads to. What is written into it is ours alone, nothing of what a visitor has sent but the
server's own name, and that only where the host has listed the names that there are.
"""

import hashlib
import html
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from streamlit import config

from serving.base import base
from serving.headers import PAGE

NAME = "Digit Lab"
PICTURE, ICON = Path(__file__).parent / "card.png", Path(__file__).parent.parent / "ui" / "icon.png"
SIZE = 1200, 630  # pixels, as chats show a picture across their whole width
ALT = "Handwritten digits, and below them what the neurons of a network look for after it has learnt to read them"
KEPT = {"Cache-Control": "public, max-age=86400"}  # for a day
ASKED_EVERY_TIME = {"Cache-Control": "no-cache"}  # as Streamlit's own: its scripts have other names in its next version
HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?")
TITLE = "<title>Streamlit</title>"


class Words(NamedTuple):
    """What a page is called in the tab, and what one does there."""

    title: str
    description: str


PAGES = {
    "": Words(NAME, "Draw a digit, and two neural networks say what they read. Then watch one learn, and look inside."),
    "train": Words(f"Train · {NAME}", "Choose the settings, press Train, and watch a network learn to read digits."),
    "overfitting": Words(
        f"Over-fitting · {NAME}", "The same network on few and on many images: when does it learn by heart?"
    ),
    "search": Words(
        f"Search · {NAME}",
        "What does a setting do, and which value is best? The same network with several, seed by seed.",
    ),
    "runs": Words(
        f"Runs · {NAME}", "Every network that was trained here: their curves side by side, and what differs."
    ),
    "confusion": Words(f"Confusion · {NAME}", "Which digits a network takes for which, down to the very images."),
    "weights": Words(f"Weights · {NAME}", "What a network has learnt, as pictures: neuron by neuron, epoch by epoch."),
    "sketch": Words(f"Sketch · {NAME}", "Draw a digit with a finger or a mouse: three networks say what they read."),
    "report": Words(
        f"Report · {NAME}", "The student report behind it all, each of its numbers beside a run that you can open."
    ),
    "lessons": Words(
        f"Lessons · {NAME}",
        "Ten experiments with two networks that learn to read digits: say what will happen, run it, and see.",
    ),
    "glossary": Words(
        f"Glossary · {NAME}", "The words of the field, from accuracy to weight decay, and where to see each of them."
    ),
}


@lru_cache(maxsize=64)
def page(words: Words, picture: str = "") -> str:
    """Streamlit's page with a title, a description and a card; `picture` is the whole address of the card's picture, if any."""
    width, height = map(str, SIZE)
    # No og:url: chats would take it for the link itself, which says more: its settings.
    properties = {
        "og:type": "website",
        "og:site_name": NAME,
        "og:title": words.title,
        "og:description": words.description,
    }
    names = {"description": words.description, "twitter:card": "summary"}
    if picture:
        properties |= {"og:image": picture, "og:image:width": width, "og:image:height": height, "og:image:alt": ALT}
        names["twitter:card"] = "summary_large_image"
    lines = [f"<title>{html.escape(words.title)}</title>"]
    lines += [f'<meta name="{name}" content="{html.escape(text)}" />' for name, text in names.items()]
    lines += [f'<meta property="{name}" content="{html.escape(text)}" />' for name, text in properties.items()]
    return PAGE.read_text(encoding="utf-8").replace(TITLE, "\n    ".join(lines), 1)


def address_of_picture(request: Request, before: str) -> str:
    """The whole address of the picture; empty unless the host has said what names the server has, one of which was asked for.

    Without that anybody could have a page name a server of theirs.
    """
    names = config.get_option("server.allowedHosts")
    host = request.headers.get("host", "").lower()
    if not names or "*" in names or not HOST.fullmatch(host):  # serving.door has held it against the names
        return ""
    return f"{request.url.scheme}://{host}{before}/card.png"


def routes() -> list[Route]:
    """The pages as they are first sent, and their pictures."""
    before = base()
    pages = [Route(f"{before}/{name}", _sending(words, before)) for name, words in PAGES.items()]
    return [*pages, Route(f"{before}/card.png", _picture(PICTURE)), Route(f"{before}/favicon.png", _picture(ICON))]


def _sending(words: Words, before: str) -> Callable[[Request], Response]:
    def send(request: Request) -> Response:
        text = page(words, address_of_picture(request, before))
        tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        headers = {**ASKED_EVERY_TIME, "ETag": tag}
        if tag in request.headers.get("if-none-match", ""):  # where nginx has compressed it, as W/"…"
            return Response(status_code=304, headers=headers)
        return HTMLResponse(text, headers=headers)

    return send


def _picture(file: Path) -> Callable[[Request], Response]:
    def send(_: Request) -> Response:
        return FileResponse(file, media_type="image/png", headers=KEPT)

    return send
