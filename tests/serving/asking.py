"""Requests to a server, as anybody may make them."""

import http.client
from typing import NamedTuple

from tests.server import Server


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Answer:
    """The answer to one request; a header's name has _ for -."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    found = line.getresponse()
    answer = Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read().decode())
    line.close()
    return answer
