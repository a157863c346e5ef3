"""What a link says of itself, as a chat reads it: by a parser of HTML, from a real server."""

import ast
import io
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops
from streamlit.web.server.starlette.starlette_app import App

from serving import card, picture
from serving.headers import PAGE, inline_scripts
from tests.serving.asking import ask, ask_bytes

ROOT = Path(__file__).parent.parent.parent
HOST = "lab.example.org"


class Reader(HTMLParser):
    """The title of a page and what its meta elements say."""

    def __init__(self, page: str):
        super().__init__()
        self.said: dict[str, str] = {}
        self.icons: list[str] = []
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self._within = tag
        if tag == "meta" and "content" in found:
            self.said[found.get("property") or found["name"]] = found["content"]
        if tag == "link" and "icon" in found["rel"]:
            self.icons.append(found["href"])

    def handle_data(self, data):
        if self._within == "title" and data.strip():
            self.said["title"] = data


def titles_of_the_scripts() -> dict[str, str]:
    """What every page calls itself: the argument of its ui.frame."""
    found = {}
    for path in [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]:
        (frame,) = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "ui.frame"
        ]
        name = [ast.literal_eval(argument) for argument in frame.args]
        found["" if path.stem == "app" else path.stem] = " · ".join([*name, "Digit Lab"])
    return found


def test_every_page_has_a_title_of_its_own_before_and_after_its_script_has_run():
    assert {name: words.title for name, words in card.PAGES.items()} == titles_of_the_scripts()
    descriptions = [words.description for words in card.PAGES.values()]
    assert len(set(descriptions)) == len(descriptions)
    assert all(40 <= len(words) <= 160 for words in descriptions), "chats and search engines cut what is longer"


def test_of_streamlits_page_nothing_is_changed_but_its_title():
    before = PAGE.read_text(encoding="utf-8")
    assert before.count(card.TITLE) == 1
    after = card.page(card.PAGES["train"], "https://lab.example.org/card.png")
    start, _, end = before.partition(card.TITLE)
    assert after.startswith(start)
    assert after.endswith(end)
    assert inline_scripts(after) == inline_scripts(before), "which the policy names"


def test_what_is_written_into_a_page_is_text():
    hostile = '"><script>alert(1)</script>'
    page = card.page(card.Words(hostile, hostile), f"https://{hostile}/card.png")
    assert "<script>alert" not in page
    assert Reader(page).said["description"] == hostile


@pytest.mark.slow
@pytest.mark.parametrize("name", card.PAGES)
def test_a_chat_learns_what_a_link_leads_to(served, name):
    answer = ask(served, f"/{name}?run=mlp-44136fa355", Host=HOST)
    said = Reader(answer.body).said
    words = card.PAGES[name]
    assert (said["title"], said["og:title"]) == (words.title, words.title)
    assert said["description"] == said["og:description"] == words.description
    assert said["og:image"] == f"http://{HOST}/card.png"
    assert said["twitter:card"] == "summary_large_image"
    assert "og:url" not in said, "which would take the settings out of the link"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"]
    head = ask(served, f"/{name}", "HEAD", Host=HOST)
    assert (head.status, head.body) == (200, "")
    assert int(head.headers["content-length"]) == int(answer.headers["content-length"]) == len(answer.body.encode())


@pytest.mark.slow
def test_a_browser_that_has_the_page_is_not_sent_it_again(served):
    tag = ask(served, "/train", Host=HOST).headers["etag"]
    for kept in (tag, f"W/{tag}", f'"another", {tag}'):
        again = ask(served, "/train", Host=HOST, If_None_Match=kept)
        assert (again.status, again.body, again.headers["etag"]) == (304, "", tag)
        assert again.headers["content-security-policy"]
    for other in (ask(served, "/", Host=HOST, If_None_Match=tag), ask(served, "/train", If_None_Match=tag)):
        assert other.status == 200, "another page, and the same one under another name"


@pytest.mark.slow
def test_the_picture_is_at_the_address_that_the_page_names_and_so_is_the_icon(served):
    through_tls = Reader(ask(served, "/", Host=f"{HOST}:8443", X_Forwarded_Proto="https").body)
    assert through_tls.said["og:image"] == f"https://{HOST}:8443/card.png"
    assert through_tls.icons == ["./favicon.png"]
    for path, file in (("/card.png", card.PICTURE), ("/favicon.png", card.ICON)):
        answer = ask_bytes(served, path, Host=HOST)
        assert answer.body == file.read_bytes()
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "public, max-age=86400"


@pytest.mark.slow
def test_other_answers_are_streamlits_own(served):
    script = next(line for line in PAGE.read_text().splitlines() if 'src="./static/js/' in line).split('src=".')[1]
    assert "javascript" in ask(served, script.split('"')[0]).headers["content-type"]
    assert ask(served, "/train", "POST").status == 405
    assert Reader(ask(served, "/nowhere").body).said["title"] == "Streamlit"


@pytest.mark.parametrize(
    ("names", "host", "address"),
    [
        ([], "lab.example.org", ""),
        (["*"], "evil.example", ""),
        (["*.example.org"], "a.example.org", "http://a.example.org/lab/card.png"),
        (["*.example.org"], '"><script>.example.org', ""),
        (["*.example.org"], "a.example.org:80/x", ""),
        (["127.0.0.1"], "127.0.0.1:8501", "http://127.0.0.1:8501/lab/card.png"),
    ],
)
def test_a_picture_has_an_address_only_where_the_host_has_said_what_the_server_is_called(
    names, host, address, monkeypatch
):
    monkeypatch.setattr(card.config, "get_option", {"server.allowedHosts": names}.get)
    scope = {"type": "http", "scheme": "http", "path": "/", "headers": [(b"host", host.encode())], "query_string": b""}
    assert card.address_of_picture(card.Request(scope), "/lab") == address
    said = Reader(card.page(card.PAGES[""], address)).said
    assert said["twitter:card"] == ("summary_large_image" if address else "summary")
    assert ("og:image" in said) == bool(address)


def test_below_a_path_of_its_own_the_pages_are_there(monkeypatch):
    monkeypatch.setattr(card.config, "get_option", {"server.baseUrlPath": "/lab/"}.get)
    paths = {route.path for route in card.routes()}
    assert {"/lab/", "/lab/train", "/lab/card.png", "/lab/favicon.png"} <= paths
    assert all(path.startswith("/lab/") for path in paths)
    App(str(ROOT / "app.py"), routes=card.routes())  # which refuses what is Streamlit's own


def test_the_picture_is_the_one_that_its_command_draws_and_small():
    committed = Image.open(card.PICTURE)
    assert committed.format == "PNG"
    assert committed.size == card.SIZE
    assert card.PICTURE.stat().st_size < 100_000
    difference = ImageChops.difference(committed.convert("RGB"), picture.picture().convert("RGB"))
    assert np.asarray(difference).mean() < 1, "of 255: another version may set letters a little differently"


def test_the_icon_can_be_told_from_a_light_and_from_a_dark_tab():
    small = np.asarray(Image.open(io.BytesIO(card.ICON.read_bytes())).convert("RGBA").resize((16, 16)), float)
    tile, digit = small[2, 8, :3], small[..., :3][small[..., 3] > 200].max(axis=0)

    def luminance(colour):
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour / 255]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))  # WCAG 2.1

    def contrast(a, b):
        light, dark = sorted((luminance(a), luminance(b)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    assert contrast(digit, tile) > 3
    for tab in ((255, 255, 255), (222, 225, 230), (32, 33, 36)):
        assert max(contrast(tile, np.array(tab)), contrast(digit, np.array(tab))) > 3, tab
