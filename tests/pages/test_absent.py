"""A link to a run that cannot be shown: why, as it is at that moment, and the way to where one sees it."""

import pytest

from core import checkpoints, description
from core.config import PRESETS, MLPConfig
from core.runs import Run, Runs
from core.runs.crew import Crew
from tests.outcome import run
from tests.pages.visit import visit

OWN = MLPConfig(train_size=100, epochs=2, hidden_units=16, seed=41)
PAGES = ("confusion", "weights", "sketch")


@pytest.fixture
def shelf(shelf, monkeypatch):
    """The same folder with workers that never come: what is said to be queued or trained there stays so."""
    monkeypatch.setattr(Crew, "muster", lambda *_: None)
    runs = Runs(shelf.folder)
    yield runs
    runs.close()


@pytest.fixture
def placed(shelf):
    """Put a run of OWN on the shelf in some state, without training it."""

    def place(**state) -> Run:
        shelf._runs[OWN.key] = Run(OWN, **state)
        return shelf._runs[OWN.key]

    yield place
    shelf._runs.pop(OWN.key, None)


def said(at) -> str:
    """What is said of OWN, in notices."""
    words = [one.value.replace("\\", "") for one in (*at.warning, *at.info)]
    return " ".join(one for one in words if OWN.key in one)


def ways(at) -> list[tuple[str, str]]:
    """The links of the page to OWN, which no other link leads to: label and query."""
    links = [link.proto for link in at.get("page_link")]
    return [(link.label, link.page) for link in links if OWN.key in link.query_string]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("state", "words", "label"),
    [
        ({"status": "queued"}, "waits to be trained", "Watch it on Train"),
        ({"status": "training"}, "is being trained", "Watch it on Train"),
        ({"status": "stopped"}, "was stopped before an epoch of it was kept", "See it on Train"),
        ({"status": "failed", "error": "It diverged."}, "failed before an epoch of it was kept", "See it on Train"),
    ],
)
def test_a_link_to_a_run_that_has_not_come_that_far_says_how_far_and_leads_to_train(page, state, words, label, placed):
    placed(**state)
    at = visit(page, run=OWN.key)
    assert words in said(at)
    assert "is not here" not in said(at)
    assert ways(at) == [(f"**{label}**", "train")]


@pytest.mark.parametrize("page", PAGES)
def test_what_is_said_follows_the_run(page, placed, shelf):
    live = placed(status="training")
    at = visit(page, run=OWN.key)
    assert "is being trained" in said(at)
    live.status = "queued"
    at.run()
    assert "waits to be trained" in said(at)
    del shelf._runs[OWN.key]
    at.run()
    assert "is not here" in said(at)
    assert ways(at) == []


@pytest.fixture
def saved(shelf, few):
    """A finished run of OWN, to be put on the shelf."""
    done = run(OWN, few)
    done.about = description.about(done.model)
    yield lambda: checkpoints.save(done, shelf.folder)
    shelf.delete(OWN.key)


def test_a_run_that_is_done_by_now_is_opened_from_what_was_said_of_it(placed, saved, shelf):
    placed(status="training")
    at = visit("confusion", run=OWN.key)
    del shelf._runs[OWN.key]
    saved()
    at.run()
    assert "can be seen by now" in said(at)
    assert ("**See it here**", "confusion") in ways(at)


def test_a_run_that_is_trained_further_while_it_is_looked_at_says_so(saved, shelf):
    saved()
    at = visit("weights", run=OWN.key)
    assert said(at) == ""
    shelf.find(OWN.key).status = "training"
    at.run()
    assert "is being trained further: showing another one" in said(at)
    assert ways(at) == [("**Watch it on Train**", "train")]
    shelf.find(OWN.key).status = "done"


@pytest.mark.parametrize("page", PAGES)
def test_where_nothing_else_is_there_a_run_that_is_being_trained_is_said_and_led_to(page, bare):
    assert "Nothing has been trained here yet" in " ".join(one.value for one in visit(page).info)
    bare._runs[OWN.key] = Run(OWN, status="training")
    at = visit(page)
    assert "is being trained. When it has ended, " in said(at)
    assert ways(at) == [("**Watch it on Train**", "train")]


def test_the_report_leads_to_a_run_of_its_that_is_being_trained(bare):
    config = PRESETS["MLP full"]
    bare._runs[config.key] = Run(config, status="training")
    labels = [link.proto.label for link in visit("report").get("page_link")]
    assert "**Watch MLP full being trained**" in labels
    assert "**Train MLP small**" in labels
