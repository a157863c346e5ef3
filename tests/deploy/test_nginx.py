"""The nginx configuration: read everywhere; and where nginx is there, run in front of a real server."""

import gzip
import http.client
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import crossplane
import pytest
from websockets.sync.client import connect

from core.runs import certificate
from tests.server import Server, free_port
from tests.serving.conftest import served  # noqa: F401
from tests.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent
NGINX = ROOT / "deploy" / "nginx"
COMMAND = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def put(kind: str, folder: Path, upstream: str, port: int, tls: int) -> Path:
    """The configuration as a container has it, with this folder in the place of /etc/nginx, and ports that are free."""
    for file in NGINX.glob("*.conf"):
        text = file.read_text(encoding="utf-8").replace("/etc/nginx", str(folder)).replace("lab:8501", upstream)
        text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("listen 443", f"listen 127.0.0.1:{tls}")
        (folder / file.name).write_text(text, encoding="utf-8")
    main = folder / "nginx.conf"
    bodies = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off;\n"
        f"events {{}}\nhttp {{ {bodies} default_type application/octet-stream; include {folder}/{kind}.conf; }}\n",
        encoding="utf-8",
    )
    return main


def directives(block: list[dict]) -> list[dict]:
    return [one for directive in block for one in (directive, *directives(directive.get("block", [])))]


@pytest.mark.parametrize("kind", ["http", "tls", "replicas"])
def test_every_directive_stands_where_nginx_takes_it(kind, tmp_path):
    found = crossplane.parse(
        str(put(kind, tmp_path, "127.0.0.1:1", 8080, 8443)), check_ctx=True, check_args=True, combine=True
    )
    assert found["errors"] == []
    every = directives(found["config"][0]["parsed"])
    locations = {" ".join(one["args"]): directives(one["block"]) for one in every if one["directive"] == "location"}
    for path in ("= /metrics", "/_stcore/metrics", "/_stcore/agent/"):
        assert [one["args"] for one in locations[path]] == [["404"]]
    assert any(one["directive"] == "proxy_set_header" and one["args"][0] == "Upgrade" for one in every)
    for server in (one["block"] for one in every if one["directive"] == "server" and "block" in one):
        assert ["off"] in [one["args"] for one in server if one["directive"] == "access_log"], "it would hold addresses"


def answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


class Front:
    """An nginx of its own."""

    def __init__(self, kind: str, folder: Path, server: Server):
        self.port, self.tls = free_port(), free_port()
        (folder / "certificates").mkdir()
        made = certificate.make(folder)
        made.certificate.rename(folder / "certificates" / "lab.crt")
        made.key.rename(folder / "certificates" / "lab.key")
        folder.chmod(0o755)
        main = put(kind, folder, f"127.0.0.1:{server.port}", self.port, self.tls)
        subprocess.run([COMMAND, "-t", "-p", folder, "-c", main], check=True)
        self.process = subprocess.Popen([COMMAND, "-p", folder, "-c", main])
        wait_until(lambda: answers(self.port), 10)

    def ask(self, path: str, tls: bool = False, **headers: str) -> tuple[int, dict[str, str], bytes]:
        here = ssl._create_unverified_context()
        line = (
            http.client.HTTPSConnection("127.0.0.1", self.tls, context=here)
            if tls
            else http.client.HTTPConnection("127.0.0.1", self.port)
        )
        line.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        found = line.getresponse()
        answer = found.status, {name.lower(): value for name, value in found.getheaders()}, found.read()
        line.close()
        return answer


@pytest.fixture(params=["http", "tls"])
def front(request, served, tmp_path):  # noqa: F811
    if COMMAND is None:
        pytest.skip("no nginx is there")
    made = Front(request.param, tmp_path, served)
    yield made, request.param == "tls"
    made.process.terminate()
    made.process.wait(10)


@pytest.mark.slow
def test_in_front_of_a_server_pages_come_compressed_and_numbers_do_not(front):
    nginx, tls = front
    status, headers, body = nginx.ask("/", tls, Accept_Encoding="gzip")
    assert status == 200
    assert b'<div id="root">' in gzip.decompress(body)
    assert "content-security-policy" in headers
    assert ("strict-transport-security" in headers) == tls, "the server has heard from nginx how the visitor came"
    script = next(part for part in gzip.decompress(body).decode().split('"') if part.startswith("./static/js/index"))
    status, headers, body = nginx.ask(script[1:], tls, Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    for path in ("/metrics", "/_stcore/metrics", "/_stcore/agent/openapi.json"):
        assert nginx.ask(path, tls)[0] == 404
    assert nginx.ask("/", tls, Host="evil.example")[0] == 400


@pytest.mark.slow
def test_the_line_to_the_server_goes_through(front):
    nginx, tls = front
    address = f"wss://127.0.0.1:{nginx.tls}" if tls else f"ws://127.0.0.1:{nginx.port}"
    options = {"ssl": ssl._create_unverified_context()} if tls else {}
    with connect(
        f"{address}/_stcore/stream", subprotocols=["streamlit"], max_size=None, legacy=True, **options
    ) as line:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.query_string = ""
        line.send(message.SerializeToString())
        assert line.recv(timeout=30)


@pytest.mark.slow
def test_whoever_comes_without_tls_is_sent_there(front):
    nginx, tls = front
    if tls:
        status, headers, _ = nginx.ask("/train?network=cnn", Host="lab.example.org")
        assert (status, headers["location"]) == (301, "https://lab.example.org/train?network=cnn")
