"""The glossary and the report, and the words on every page that lead to them."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from core.glossary.words import TERMS, found
from tests.browser.views import VIEWS
from tests.pages.sentences import Text, texts, unlinked
from tests.pages.visit import visit
from ui.words import linked, table


def opened(address: str) -> AppTest:
    """A page by its address, as a browser would ask for it from another page."""
    parts = urlsplit(address)
    return visit(
        parts.path.strip("./") or None,
        **{name: values if values[1:] else values[0] for name, values in parse_qs(parts.query).items()},
    )


def unexplained(said: list[Text]) -> dict[str, str]:
    """The words that stand in the passages of a page and of which none leads to the glossary, each with a passage."""
    lead = {lead for text in said for lead in text.leads}
    passages = [text.text for text in said if text.kind in ("Markdown.body", "Table.body")]
    return {word.slug: text for text in passages for word in found(text) if f"glossary#{word.slug}" not in lead}


def unlinked_report(said: list[Text]) -> list[str]:
    """What a page says of the report, where nothing on it leads to the page Report."""
    if any(lead.startswith("report") for text in said for lead in text.leads):
        return []
    return [text.text for text in said if re.search(r"\bthe report\b", text.text, re.IGNORECASE)]


@pytest.fixture(scope="module")
def views():
    """The texts of every view but the glossary's own, each opened once."""
    read: dict[str, list[Text]] = {}

    def of(name: str) -> list[Text]:
        if name not in read:
            read[name] = texts(opened(VIEWS[name]))
        return read[name]

    return of


OTHERS = [name for name in VIEWS if name != "glossary"]


@pytest.mark.parametrize("name", OTHERS)
def test_a_word_of_the_field_leads_to_the_glossary_from_every_view_on_which_it_stands(name, views):
    assert not unexplained(views(name))


@pytest.mark.parametrize("name", [name for name in OTHERS if name != "report"])
def test_a_view_that_speaks_of_the_report_leads_to_it(name, views):
    assert not unlinked_report(views(name))


def test_every_link_to_the_glossary_leads_to_a_word_and_every_word_has_one(views):
    leads = {lead for name in OTHERS for text in views(name) for lead in text.leads if lead.startswith("glossary")}
    assert leads == {f"glossary#{slug}" for slug in TERMS}


def test_the_glossary_has_every_word_in_the_order_of_the_alphabet_and_finds_what_is_asked_for():
    at = visit("glossary")
    names = [header.value for header in at.header]
    assert names == sorted((term.name for term in TERMS.values()), key=str.lower)
    assert [header.proto.anchor for header in at.header] == [*TERMS]
    at.text_input(key="glossary_find").set_value("  LOG ").run()
    assert {"Loss", "Logit"} <= {header.value for header in at.header} < {*names}
    at.text_input(key="glossary_find").set_value("qwertz").run()
    assert not at.header
    assert at.info[0].value.startswith("No word is like this.")


ADDRESSES = sorted({address for term in TERMS.values() for _, address in term.see})


@pytest.fixture(scope="module")
def places():
    """The words that each page says to which the glossary sends a reader, each opened once; and nothing was wrong with its link."""
    said: dict[str, set[str]] = {}
    for address in ADDRESSES:
        at = opened(address.partition("#")[0])
        assert not at.warning, address
        view = parse_qs(urlsplit(address).query).get("view", [""])[0]
        assert not view or at.query_params["view"] == view, address
        said[address] = {word.slug for text in texts(at) for word in found(text.text)}
    return said


@pytest.mark.parametrize("slug", TERMS)
def test_where_a_word_is_to_be_seen_it_stands(slug, places):
    assert any(slug in places[address] for _, address in TERMS[slug].see)


def test_what_a_word_means_can_be_shown_to_whoever_points_at_it():
    """It is the title of a link: no marks in it, and no quotation marks, at which Markdown would end it."""
    for term in TERMS.values():
        assert not re.search(r'["\[\]*_`$<>\\\n]', term.says), term.name
        assert term.says.endswith("."), term.name


def test_a_passage_has_each_word_linked_where_it_stands_first_and_reads_as_before():
    passage = "Loss, again loss. **Learning rate decay** is no learning rate; [the logit](https://example.org) and `softmax` are left alone, so is\n# Epoch"
    lead = linked(passage)
    assert unlinked(lead) == passage
    assert re.findall(r"\[([^]]+)\]\(glossary#([\w-]+)", lead) == [
        ("Loss", "loss"),
        ("Learning rate decay", "learning-rate-decay"),
        ("learning rate", "learning-rate"),
    ]


def test_a_table_has_its_words_linked_and_reads_as_before():
    made = table(("What", "Loss", "Epochs"), [("a *softmax*", "", "1")], numbers=2)
    assert unlinked(made) == "| What | Loss | Epochs |\n|:--|--:|--:|\n| a *softmax* | | 1 |"
    assert re.findall(r"\(glossary#([\w-]+)", made) == ["loss", "epoch", "softmax"]
