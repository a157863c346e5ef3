"""Visitors sign in with an account: what is theirs is theirs in any browser, and teachers need no code."""

import pytest

from core.config import MLPConfig
from core.labels import read
from tests.browser.provider import CLIENT, SECRET, Provider
from tests.server import Server, free_port

pytestmark = pytest.mark.browser

LINK = "/train?network=mlp&train_size=200&epochs=2&seed=601"
ANN = {"sub": "ann at school", "email": "Ann@school.example", "email_verified": True}
BEN = {"sub": "ben at school", "email": "tom@school.example", "email_verified": False}  # says that he is Tom
TOM = {"sub": "tom at school", "email": "Tom@school.example", "email_verified": True}
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{cookie}"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def provider():
    one = Provider()
    yield one
    one.close()


@pytest.fixture(scope="module", params=["app.py", "serve.py"])
def school(request, provider, tmp_path_factory):
    """A dashboard, by either way in, whose host has set sign-in up, with Tom's address as that of the teacher."""
    folder, port = tmp_path_factory.mktemp("school"), free_port()
    secrets = folder / "secrets.toml"
    words = {"port": port, "cookie": "c" * 40, "client": CLIENT, "secret": SECRET, "provider": provider.url}
    secrets.write_text(SECRETS.format(**words), encoding="utf-8")
    settings = {
        "DIGIT_LAB_SIGN_IN": "true",
        "DIGIT_LAB_TEACHERS": "tom@school.example, somebody@else.example",
        "DIGIT_LAB_MODE": "class",
    }
    server = Server(folder / "lab", request.param, f"--secrets.files={secrets}", port=port, **settings).wait()
    server.url = f"http://127.0.0.1:{port}"
    yield server
    server.close()


@pytest.fixture
def sign_in(visit, school, provider):
    """Have somebody open a browser of their own, and sign in."""

    def make(person: dict):
        provider.person = person
        somebody = visit(school, alone=True)
        somebody.open("/")
        somebody.press("sign_in")
        somebody.see("You are signed in")
        return somebody

    return make


def test_a_run_is_its_owners_in_any_browser_and_the_teachers_and_nobody_elses(sign_in, school):
    config = MLPConfig(train_size=200, epochs=2, seed=601)
    ann = sign_in(ANN)
    ann.open(LINK)
    ann.press("train")
    ann.key("delete").wait_for(timeout=120_000)  # it is the first run of this server, whose workers have yet to start
    cookies = " ".join(cookie["value"] for cookie in ann.context.cookies() if cookie["name"] == "digit_lab_visitor")

    again = sign_in(ANN)
    again.open(LINK)
    assert again.key("delete").get_by_role("button").is_enabled()
    ben = sign_in(BEN)
    ben.open(LINK)
    assert ben.key("delete").get_by_role("button").is_disabled()
    tom = sign_in(TOM)
    tom.see("as a teacher")
    tom.open(LINK)
    assert tom.key("delete").get_by_role("button").is_enabled()

    # "Sign in" is there before the browser has left and come back: a link that is followed meanwhile would be overtaken.
    with again.page.expect_navigation(url=f"{again.url}/"):
        again.press("sign_out")
    again.key("sign_in").wait_for()
    again.open(LINK)
    assert again.key("delete").get_by_role("button").is_disabled(), "whoever has signed out is nobody again"

    kept = (school.weights / "shelf.json").read_text(encoding="utf-8") + cookies
    assert read(school.weights)[config.key].owner
    for word in ("school", "Ann", "ann", ANN["sub"]):
        assert word not in kept


@pytest.fixture
def without_secrets(tmp_path):
    server = Server(
        tmp_path / "lab", "app.py", "--secrets.files=/nowhere/secrets.toml", DIGIT_LAB_SIGN_IN="true"
    ).wait()
    server.url = f"http://127.0.0.1:{server.port}"
    yield server
    server.close()


def test_without_the_secrets_one_sentence_says_what_is_missing(without_secrets, visit):
    somebody = visit(without_secrets, alone=True)
    somebody.open("/")
    somebody.see("has no section [auth]")
    assert somebody.key("sign_in").count() == 0
    assert without_secrets.tracebacks() == 0
