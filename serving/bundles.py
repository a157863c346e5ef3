"""Streamlit's scripts and styles, compressed once for everybody.

Streamlit sends them as they are, because it would compress them again for every visitor; and to open a first page takes more than
4 MB of them. Their names change with their content, so that what was compressed once stays right.
"""

import gzip
from functools import lru_cache
from mimetypes import guess_type  # as Streamlit does: what a script is called differs between machines
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from serving.base import base

KINDS = "js", "css"  # each a folder, and how the names in it end
# For a year, as Streamlit has it.
KEPT = {"Cache-Control": "public, immutable, max-age=31536000", "Vary": "Accept-Encoding", "Content-Encoding": "gzip"}


class Bundles:
    """Answers whoever asks for a script or a style and can unpack it; what else is asked for is Streamlit's."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.files = bundles(base())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            file = self.files.get(scope["path"])
            if file and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
                packed = await run_in_threadpool(_compressed, file)
                return await Response(packed, 200, KEPT, guess_type(file.name)[0])(scope, receive, send)
        await self.app(scope, receive, send)


def bundles(before: str = "") -> dict[str, Path]:
    """The scripts and styles by their address; `before` is what stands before every address of this server, "/lab"."""
    folder = Path(file_util.get_static_dir()) / "static"
    return {f"{before}/static/{kind}/{file.name}": file for kind in KINDS for file in (folder / kind).glob(f"*.{kind}")}


@lru_cache(maxsize=1024)  # more than there are files: 3 MB in all
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)
