"""What a browser is told to refuse, with every answer: scripts from anywhere but this server's files, frames, guessing at types.

The content security policy is as strict as Streamlit's own front end lets it be. Its page has one inline script, which is named by
its digest, so that no other one runs; a component's script comes as a blob, which only a script that already runs can make. Styles
are written into the page by its libraries and cannot be named.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.host.hosting import hosting
from core.kinds import SettingsError

PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
SECONDS_OF_TLS = 31_536_000  # a year, in which a browser that has come by TLS comes by nothing else
UNUSED = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment serial usb"


def inline_scripts(page: str) -> list[str]:
    """How a policy names the scripts that stand in a page itself."""
    texts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
    return [f"'sha256-{digest}'" for digest in digests]


def policy(embedded_by: str = "") -> str:
    """The content security policy; `embedded_by` are the origins whose pages may show this one in a frame."""
    scripts = " ".join(inline_scripts(PAGE.read_text(encoding="utf-8")))
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {scripts} blob: 'wasm-unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "media-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": embedded_by or "'none'",
    }
    return "; ".join(f"{rule} {sources}" for rule, sources in rules.items())


def embedded_by() -> str:
    """Whose pages may show those of this server in a frame, as its host says."""
    try:
        return hosting().embedded_by
    except SettingsError:  # which every page says
        return ""


def headers(embedded_by: str = "") -> dict[str, str]:
    """Those that go with every answer."""
    unless_embedded = {} if embedded_by else {"X-Frame-Options": "DENY"}  # for browsers without frame-ancestors
    return {
        "Content-Security-Policy": policy(embedded_by),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED.split()),
        **unless_embedded,
    }


class Headers:
    """Puts them on every answer; and where it goes out through TLS, that a browser is to insist on that."""

    def __init__(self, app: ASGIApp, always: Mapping[str, str]):
        self.app, self.always = app, always

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self.always.items():
                    answer[name] = value
                if scope["scheme"] == "https":  # also behind a proxy that says so, and that uvicorn believes
                    answer["Strict-Transport-Security"] = f"max-age={SECONDS_OF_TLS}"
            await send(message)

        await self.app(scope, receive, send_with_headers)
