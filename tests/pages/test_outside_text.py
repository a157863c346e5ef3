"""Text that comes from outside is text: no link, name or error makes a page do anything but show it."""

import re

import pytest

from core import labels
from core.config import PRESETS, from_query
from tests.pages.visit import visit
from ui.confusion import state as confusion
from ui.overfitting import state as overfitting
from ui.runs import state as runs
from ui.search import state as search
from ui.shared import plain
from ui.sketch import state as sketch
from ui.train import state as train
from ui.weights import state as weights

HOSTILE = [
    "![x](http://evil.example/x.png)",
    "[Log in](http://evil.example)",
    "http://evil.example www.evil.example mail@evil.example",
    "<img src=http://evil.example><a href='http://evil.example'>in</a> $$y$$ ~~f~~ __e__",
    ":red[x] :material/home: :smile: $x$ &lt; `x`",
    "a\x00b\u202ec\nd",
    "x" * 5_000,
    "",
]
LIVE = re.compile(
    r"(?<!\\)!?(?<!\\)\[[^\]]*(?<!\\)\]\(|[a-z]://|\bwww\.|\w@evil|(?<!\\)<\w|:material/home:|:smile:|(?<!\\)\$[xy$]|(?<!\\)~~|(?<!\\)__e|\u202e|\x00"
)
PARAMETERS = {  # of each page, as it reads them itself: any other never reaches it
    "train": train.STATE.names,
    "overfitting": overfitting.STATE.names,
    "search": search.STATE.names,
    "runs": runs.STATE.names,
    "confusion": confusion.STATE.names,
    "weights": weights.STATE.names,
    "sketch": sketch.STATE.names,
}


def shown(at) -> list[str]:
    """Every text on a page that Streamlit takes for Markdown."""
    elements = [*at.markdown, *at.caption, *at.warning, *at.error, *at.info, *at.toast, *at.title, *at.header]
    return [element.value for element in elements]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_is_made_plain_has_nothing_live_in_it(text):
    assert not LIVE.search(plain(text)), plain(text)
    assert "\n" not in plain(text)


def test_ordinary_text_stays_as_it_is():
    for text in ("MLP: 300 images, rate 0.1", "Epochs must be from 1 to 200, not “x”: using 70.", "می\u200cخواهم"):
        assert plain(text) == text


@pytest.mark.parametrize("page", PARAMETERS)
def test_no_parameter_of_a_page_comes_alive_on_it(page):
    for text in (" ".join(HOSTILE[:5]), HOSTILE[5], [HOSTILE[0], HOSTILE[1]]):
        at = visit(page, **dict.fromkeys(sorted(PARAMETERS[page]), text))
        for words in shown(at):
            assert "evil" not in words or not LIVE.search(words), words


@pytest.mark.parametrize("page", ["train", "confusion", "weights", "sketch"])
def test_the_same_parameter_twice_is_no_error(page):
    key = PRESETS["MLP small"].key
    visit(page, run=[key, PRESETS["CNN small"].key], epoch=["1", "2"], view=["a", "b"])


def test_a_name_that_people_gave_comes_alive_nowhere(shelf):
    key = PRESETS["MLP full"].key
    labels.put(key, labels.Label("[in](http://evil.example) ![](http://e)"), shelf.folder)
    try:
        for page in ("train", "runs", "confusion", "weights", "sketch"):
            at = visit(page, **({"runs": key} if page == "runs" else {"run": key}))
            for words in shown(at):
                assert "evil" not in words or not LIVE.search(words), (page, words)
    finally:
        labels.put(key, labels.Label(), shelf.folder)


def test_a_link_with_a_setting_next_to_another_is_that_setting():
    assert from_query({"weight_decay": "-0"})[0] == from_query({})[0].__class__(weight_decay=0.0)


AWKWARD = r"a_b*c [x](http://e.x) <b> $y$"


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("confusion", {"view": "compare"}),
        ("confusion", {"view": "damage"}),
        ("weights", {"view": "why"}),
        ("weights", {"view": "break"}),
        ("sketch", {"view": "why", "image": "test-0"}),
        ("sketch", {"view": "ours", "image": "test-0"}),
    ],
)
def test_a_name_is_escaped_where_it_becomes_markdown_and_nowhere_else(page, query, shelf):
    key = PRESETS["MLP full"].key
    labels.put(key, labels.Label(AWKWARD), shelf.folder)
    try:
        at = visit(page, run=key, **query)
        markdown = [
            *shown(at),
            *(metric.label for metric in at.metric),
            *(link.proto.label for link in at.get("page_link")),
        ]
        named = [words for words in markdown if "b*c" in words or "b\\*c" in words]
        assert all(plain(AWKWARD) in words for words in named), named
        charts = [str(chart.proto) for chart in [*at.get("arrow_vega_lite_chart"), *at.get("imgs")]]
        assert not any("b\\\\*c" in words for words in charts)
    finally:
        labels.put(key, labels.Label(), shelf.folder)
