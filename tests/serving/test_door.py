"""Which requests are answered, by a real server."""

import http.client
import json

import pytest

from serving.door import is_open
from serving.headers import headers
from tests.fuzz.test_websocket import Browser
from tests.serving.asking import ask

pytestmark = pytest.mark.slow

CLOSED = (
    "/_stcore/metrics",
    "/_stcore/agent/interact",
    "/_stcore/agent/mcp",
    "/_stcore/agent/openapi.json",
    "/_stcore/script-health-check",
    "/_stcore/whatever-comes-next",
    "/component/x/index.html",
)


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_what_no_page_needs_is_not_there(served, path, method):
    assert ask(served, path, method).status == 404


def test_pages_and_what_they_ask_for_are_there_with_every_header(served):
    for path in ("/", "/train", "/_stcore/health", "/_stcore/host-config", "/healthz", "/_stcore/metrics", "/media/x"):
        answer = ask(served, path)
        assert answer.headers.items() >= {name.lower(): value for name, value in headers().items()}.items(), path
        assert "strict-transport-security" not in answer.headers, "nobody came by TLS"
    assert '<div id="root">' in ask(served, "/").body


def test_a_proxy_on_this_machine_that_speaks_tls_is_believed(served):
    answer = ask(served, "/", X_Forwarded_Proto="https")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("host", ["evil.example", "lab.example.org.evil.example", "", "evil.example@lab.example.org"])
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/media/x", "/_stcore/upload_file/a/b", "/metrics"])
def test_under_another_name_nothing_is_answered(served, host, path):
    assert ask(served, path, Host=host).status == 400


def test_under_its_own_names_it_is(served):
    for host in ("lab.example.org", "lab.example.org:443", "LAB.example.org", "127.0.0.1"):
        assert ask(served, "/", Host=host).status == 200
    assert ask(served, "/healthz", Host="10.0.0.7").status == 200, "who looks after it may call it by its number"


@pytest.mark.parametrize(("origin", "host"), [("https://evil.example", "127.0.0.1"), (None, "evil.example")])
def test_nobody_elses_page_opens_a_line_to_the_server(served, origin, host):
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    upgrade |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Host": host} | ({"Origin": origin} if origin else {})
    line.request("GET", "/_stcore/stream", headers=upgrade)
    assert line.getresponse().status in (400, 403)
    line.close()


def test_below_a_path_of_its_own_the_same_is_open():
    assert is_open("/lab/_stcore/stream", "/lab")
    assert is_open("/lab/train", "/lab")
    assert not is_open("/lab/_stcore/metrics", "/lab")
    assert not is_open("/_stcore/metrics", "/lab")


def test_its_log_is_lines_of_json_without_anybodys_address_or_words(served):
    ask(served, "/train?name=Anna-Amalia", Cookie="digit_lab_visitor=Anna-Amalia")
    ask(served, "/_stcore/stream", Host="anna-amalia.example", Connection="Upgrade", Upgrade="websocket")
    Browser(served).rerun("runs", "kind=Anna-Amalia")
    lines = [line for line in served.log.read_text().splitlines() if line.strip()]
    greeting, log = lines[:2], lines[2:]
    assert [line.split(":")[0].strip() for line in greeting] == [
        "You can now view your Streamlit app in your browser.",
        "URL",
    ]
    assert all({"time", "level", "logger", "message"} <= json.loads(line).keys() for line in log)
    assert not any("anna-amalia" in line.lower() or "127.0.0.1" in line for line in log)
