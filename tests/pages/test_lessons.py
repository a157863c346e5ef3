"""The page Lessons: a prediction before anything opens, an experiment by one press, a link that carries it, and a teacher's link."""

from types import SimpleNamespace

import pytest

from core.config import MLPConfig
from core.lessons import course, trained
from tests.pages.visit import buttons, until, visit
from tests.waiting import wait_until

QUICK = {name: MLPConfig(train_size=200, epochs=2, learning_rate=float(name)) for name in trained.RATES}


def words(at) -> str:
    return "\n".join(one.value for one in [*at.markdown, *at.caption, *at.info])


@pytest.fixture
def quick(shelf, monkeypatch):
    """The lesson about the rate, of runs that are soon trained, and are not there."""
    monkeypatch.setitem(course.COURSE, "rate", course.COURSE["rate"]._replace(runs=QUICK))
    yield QUICK
    for config in QUICK.values():
        run = shelf.find(config.key)
        if run and run.live:
            shelf.stop(run.key)
            wait_until(lambda run=run: not run.live)
        if run:
            shelf.delete(config.key)


def test_nothing_of_the_answer_is_there_before_somebody_has_predicted():
    for name in course.ORDER:
        at = visit("lessons", lesson=name)
        assert "What came of it" not in words(at)
        assert "To keep" not in words(at)
        assert "record" in buttons(at)


def test_a_prediction_is_recorded_the_runs_are_trained_by_the_same_press_and_the_answer_is_beside_it(quick, shelf):
    at = visit("lessons", lesson="rate")
    assert at.button(key="record").disabled, "nothing has been chosen"
    at.radio(key="guess_rate").set_value("0.01").run()
    at.button(key="record").click().run()
    assert at.query_params["rate"] == "0.01"
    until(at, lambda at: "What came of it" in words(at))
    assert all(shelf.find(config.key).status == "done" for config in quick.values())
    ends = {name: shelf.find(config.key).history[-1].val_accuracy for name, config in quick.items()}
    assert all(f"{end:.2%} with {name}" in words(at) for name, end in ends.items())
    assert "You said **0.01**" in words(at)

    elsewhere = visit("lessons", lesson="rate", rate="0.01")
    assert "You said **0.01**" in words(elsewhere)


def test_what_the_runs_do_not_show_is_not_passed_off_as_shown(quick):
    """Two epochs on two hundred images: no rate has got anywhere."""
    at = visit("lessons", lesson="rate", rate="0.3")
    at.button(key="run_experiment").click().run()
    until(at, lambda at: "What came of it" in words(at))
    assert "they do not show it" in words(at)


def test_what_is_missing_is_offered_beside_the_prediction(quick, shelf):
    at = visit("lessons", lesson="rate", rate="0.3")
    assert "It trains 3 runs" in words(at)
    assert "You said: 0.3." in words(at)
    assert "run_experiment" in buttons(at)


def test_progress_is_in_the_link_and_stays_from_lesson_to_lesson():
    at = visit("lessons", lesson="untrained", untrained="10", hardest="5")
    assert "2 of 10 predicted." in words(at)
    at.button(key="next").click().run()
    assert at.query_params["lesson"] == "rate"
    assert at.query_params["untrained"] == "10"
    at = visit("lessons", lesson="ready", **{name: "10" for name in ("untrained", "shift", "sum", "ready")})
    assert at.button(key="next").label == "Next: Learning rate", "the first that is left"


def test_predicting_again_forgets_that_prediction_alone():
    at = visit("lessons", lesson="untrained", untrained="10", hardest="5")
    at.button(key="again").click().run()
    assert "record" in buttons(at)
    assert "untrained" not in at.query_params
    assert at.query_params["hardest"] == "5"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("untrained", "101"),
        ("rate", "0.5"),
        ("data", "1,2"),
        ("hardest", "<b>"),
        ("shift", "9" * 5_000),
        ("hide", "all"),
    ],
)
def test_what_is_no_prediction_in_a_link_is_left_out_with_a_sentence(name, text):
    lesson = name if name != "hide" else "untrained"
    at = visit("lessons", lesson=lesson, **{name: text})
    assert len(at.warning) == 1
    assert "left out" in at.warning[0].value
    assert "record" in buttons(at)


def test_a_teachers_link_hides_what_was_chosen_and_nothing_else():
    whole = visit("lessons", lesson="untrained", untrained="10")
    assert {"next", "again"} <= {*buttons(whole)}
    assert "To keep" in words(whole)
    hidden = visit("lessons", lesson="untrained", untrained="10", hide="list,again,takeaway,ways")
    assert not {"next", "again"} & {*buttons(hidden)}
    assert "To keep" not in words(hidden)
    assert "You said **10%**" in words(hidden)
    assert not hidden.get("page_link") or len(hidden.get("page_link")) < len(whole.get("page_link"))
    assert not hidden.expander


def test_where_nothing_is_trained_an_experiment_without_training_still_runs(shelf, monkeypatch):
    from core.host.hosting import Hosting

    monkeypatch.setattr(shelf, "hosting", Hosting(mode="showcase"))
    at = visit("lessons", lesson="untrained")
    at.button(key="record").click().run()
    assert "What came of it" in words(at)
    at = visit("lessons", lesson="sum", sum="50")
    assert at.button(key="run_experiment").disabled


def test_when_a_run_of_a_lesson_is_gone_the_question_stands_without_its_picture(shelf, monkeypatch):
    find = shelf.find
    monkeypatch.setattr(
        shelf, "find", lambda key: None if key == course.COURSE["neuron"].runs["MLP"].key else find(key)
    )
    at = visit("lessons", lesson="neuron")
    assert not at.exception
    assert "record" in buttons(at)


@pytest.mark.parametrize(
    ("status", "said"),
    [("done", "trained already"), ("training", "being trained at this moment"), ("failed", "did not finish here")],
)
def test_what_is_said_of_the_runs_before_one_predicts_is_so(status, said, shelf, monkeypatch):
    keys = {config.key for config in trained.SUMS.values()}
    find, one = shelf.find, SimpleNamespace(status=status, origin="", live=status == "training")
    monkeypatch.setattr(shelf, "find", lambda key: one if key in keys else find(key))
    at = visit("lessons", lesson="sum")
    assert said in words(at)
    assert ("trained already" in words(at)) == (status == "done")


def test_a_run_that_failed_is_called_by_what_it_differs_in(shelf, monkeypatch):
    keys = {config.key for config in trained.BATCHES.values()}
    find, one = shelf.find, SimpleNamespace(status="failed", origin="", live=False, error="No room.", key="cnn-1")
    monkeypatch.setattr(shelf, "find", lambda key: one if key in keys else find(key))
    at = visit("lessons", lesson="batch", batch="small-small")
    assert [error.value for error in at.error] == ["Batches of 16: No room.", "Batches of 256: No room."]
