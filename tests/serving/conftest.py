"""A server as a host would start it."""

import pytest

from tests.server import Server

TOKEN = "0123456789abcdef"


@pytest.fixture(scope="package")
def served(tmp_path_factory):
    """`make serve` for two names, with numbers for whoever knows the token."""
    server = Server(
        tmp_path_factory.mktemp("served"),
        "serve.py",
        STREAMLIT_SERVER_ALLOWED_HOSTS="lab.example.org 127.0.0.1",
        DIGIT_LAB_METRICS_TOKEN=TOKEN,
        DIGIT_LAB_WORKERS="1",
        DIGIT_LAB_LOG="json",
    ).wait()
    yield server
    server.close()
