"""Text from outside, in a real browser: it asks nobody for anything, leads nowhere, and is seen as it is."""

from urllib.parse import urlencode, urlsplit

import pytest

from core import labels
from core.config import PRESETS
from tests.pages.test_outside_text import PARAMETERS
from ui.shared import plain

pytestmark = pytest.mark.browser

HOST = "evil.example"
HOSTILE = [
    f"![x](http://{HOST}/x.png)",
    f"[in](http://{HOST})",
    f"http://{HOST} www.{HOST} a@{HOST}",
    f"<img src=http://{HOST}><b>",
    f"<a href='http://{HOST}'>in</a>",
    ":red[x] :material/home: :smile:",
    "$x^2$ $$y$$ `z` -> <-",
    "a_b*c*d __e__ ~~f~~ # g",
]
FOREIGN = f"""() => [...document.querySelectorAll('a, img, image, script, link, iframe')]
    .filter(element => (element.outerHTML.match(/(href|src)=["'][^"']*/g) ?? []).some(at => at.includes('{HOST}')))
    .map(element => element.outerHTML)"""


@pytest.fixture
def guest(visit):
    """A visitor whose requests to other hosts are noted. None of them is there for this browser."""
    visitor = visit()
    visitor.asked = []

    def note(request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):  # none: the page has it in itself
            visitor.asked.append(request.url)

    visitor.page.on("request", note)
    return visitor


def harmless(visitor) -> None:
    """Nothing on the page leads or has led to the foreign host."""
    visitor.page.get_by_role("heading").first.wait_for()
    visitor.quiet()
    assert visitor.page.evaluate(FOREIGN) == []
    assert not [url for url in visitor.asked if HOST in url]


@pytest.mark.parametrize("page", PARAMETERS)
def test_no_parameter_of_an_address_asks_a_stranger_or_leads_to_one(page, guest):
    """Every parameter with several of the texts, and every text in some of them. Without a browser every parameter has its like."""
    names = sorted(PARAMETERS[page])
    seen = ""
    for turn in range(max(2, -(-len(HOSTILE) // len(names)))):
        texts = [HOSTILE[(place + turn * min(len(names), 5)) % len(HOSTILE)] for place in range(len(names))]
        guest.open(f"/{page}?{urlencode(dict(zip(names, texts, strict=True)))}")
        harmless(guest)
        seen += "".join(guest.page.get_by_test_id("stAlert").all_inner_texts())
    if page in ("train", "confusion", "weights"):
        assert HOSTILE[-1][:12] in seen, "seen as it is"


@pytest.mark.parametrize("text", [f"{HOSTILE[0]} {HOSTILE[6]}", HOSTILE[2]])
def test_a_given_name_asks_no_stranger_and_leads_to_none(text, guest, dashboard):
    keys = PRESETS["MLP full"].key, PRESETS["CNN full"].key
    folder = dashboard.weights
    labels.put(keys[0], labels.Label(text), folder)
    escaped = plain(text).replace("\u2060", "")
    try:
        for path in (
            "/",
            f"/train?run={keys[0]}",
            f"/runs?runs={keys[0]}&runs={keys[1]}",
            f"/confusion?view=damage&run={keys[0]}",
            f"/confusion?view=compare&run={keys[0]}",
            f"/weights?view=why&run={keys[0]}",
            f"/sketch?view=why&image=test-0&run={keys[0]}",
            "/overfitting",
            "/search",
        ):
            guest.open(path)
            harmless(guest)
            shown = guest.page.inner_text("body")
            assert escaped == text or escaped not in shown, path  # escapes are for Markdown alone
            if path.startswith(("/train", "/confusion", "/weights", "/sketch")):
                assert text in shown.replace("\u2060", ""), path
    finally:
        labels.put(keys[0], labels.Label(), folder)
