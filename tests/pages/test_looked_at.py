"""The run that one looks at goes with one from page to page."""

from urllib.parse import parse_qs

from core.config import PRESETS, MLPConfig
from core.runs import Run
from tests.pages.visit import visit

SMALL, FULL = PRESETS["CNN small"].key, PRESETS["MLP full"].key
OWN = MLPConfig(train_size=100, epochs=2, seed=43)


def way(at, page: str) -> dict[str, list[str]]:
    """Where the sidebar's link to a page leads: its query."""
    links = [link.proto for link in at.sidebar.get("page_link")]
    return parse_qs(next(link.query_string for link in links if link.page == page))


def test_a_run_that_a_link_or_a_picker_has_chosen_is_what_the_other_page_shows():
    at = visit("confusion", run=SMALL, epoch="5", view="digits")
    assert way(at, "weights") == {"run": [SMALL]}
    assert way(at, "train") == {}
    at.selectbox(key="confusion_run").set_value(FULL).run()
    assert way(at, "weights") == {}, "that is what a bare address shows"
    at.switch_page("pages/weights.py").run()
    assert at.selectbox(key="weights_run").value == FULL


def test_what_else_was_set_on_the_other_page_stays_but_for_the_epoch_of_another_run():
    at = visit("weights", run=FULL, epoch="3", view="why", image="test-8")
    at.switch_page("pages/confusion.py").run()
    at.selectbox(key="confusion_run").set_value(SMALL).run()
    assert way(at, "weights") == {"run": [SMALL], "view": ["why"], "image": ["test-8"]}


def test_a_run_that_cannot_be_shown_leads_nobody_away_from_the_one_that_is_shown(shelf):
    shelf._runs[OWN.key] = Run(OWN, status="training")
    at = visit("confusion", run=OWN.key)
    assert way(at, "weights") == {}
    del shelf._runs[OWN.key]
