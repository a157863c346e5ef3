"""Requests to a server, as anybody may make them."""

import http.client
from typing import NamedTuple

from tests.server import Server


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


class Bytes(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Answer:
    """The answer to one request; a header's name has _ for -."""
    answer = ask_bytes(server, path, method, **headers)
    return Answer(answer.status, answer.headers, answer.body.decode())


def ask_bytes(server: Server, path: str, method: str = "GET", **headers: str) -> Bytes:
    """The same for an answer that is no text."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    found = line.getresponse()
    answer = Bytes(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read())
    line.close()
    return answer
