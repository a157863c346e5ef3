"""Which requests are answered at all: those to a name of this server's, for what a class needs.

Of Streamlit's own addresses everything is closed that its front end does not ask for, those that come with its next version too.
"""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from serving.base import base
from serving.health import PATHS as HEALTH

OWN = "/_stcore/"
# What a page asks for: is anybody there, what may frame it, the line to the server, files to upload, scripts of components.
OPEN = ("health", "host-config", "stream", "upload_file/", "bidi-components/")
CLOSED = ("/component/",)  # components of Streamlit's first kind, of which there are none here


class Door:
    """Answers 404 where nothing is to be had, and 400 to a request under a name that is not this server's.

    The names are Streamlit's setting server.allowedHosts, which it holds against its websocket alone. Whoever asks for the health
    may call the server by its number.
    """

    def __init__(self, app: ASGIApp):
        self.app = app
        self.base = base()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), None)
            if path not in HEALTH and not is_host_allowed(host):
                return await PlainTextResponse("This server has another name.", 400)(scope, receive, send)
            if not is_open(path, self.base):
                return await PlainTextResponse("Not found.", 404)(scope, receive, send)
        await self.app(scope, receive, send)


def is_open(path: str, base: str = "") -> bool:
    """Whether anything is answered under a path; `base` is what stands before every address of this server, "/lab"."""
    before, own, rest = path.removeprefix(base).partition(OWN)
    if own and not before:
        return any(rest == name or (name.endswith("/") and rest.startswith(name)) for name in OPEN)
    return not path.removeprefix(base).startswith(CLOSED)
