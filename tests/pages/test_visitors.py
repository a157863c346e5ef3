"""Who may change what, on the pages: owners, strangers, a teacher; and a showcase, where nobody changes anything."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import labels
from core.config import MLPConfig
from core.host.hosting import Hosting
from core.host.visitors import key_of, name_of_account, owner
from core.kinds import SettingsError
from core.runs import RunError
from core.runs.rules import Asker
from core.sketch import handwriting
from core.words import SPACE
from tests.pages.visit import buttons, until, visit
from ui import shared, visitors

SMALL = {"network": "mlp", "train_size": "300", "epochs": "3"}
ANN, BEN = "a" * 32, "b" * 32


@pytest.fixture
def hosted(shelf, monkeypatch):
    """Let the shelf be hosted by other rules."""
    return lambda **settings: monkeypatch.setattr(shelf, "hosting", Hosting(**settings))


@pytest.fixture
def own_run(shelf):
    """A finished run of Ann's."""
    config = MLPConfig(train_size=300, epochs=3)
    at = visit("train", visitor=ANN, **SMALL)
    if "train" in buttons(at):
        at.button(key="train").click().run()
    until(at, lambda _: shelf.find(config.key).status == "done")
    yield config
    if shelf.find(config.key):
        shelf.delete(config.key)
    labels.put(config.key, labels.Label(), shelf.folder)


def test_a_run_is_deleted_by_its_owner_in_any_tab_and_by_nobody_else(own_run, shelf):
    assert visit("train", visitor=BEN, **SMALL).button(key="delete").disabled
    at = visit("runs", visitor=BEN, runs=own_run.key)
    assert at.button(key="delete").disabled
    assert at.button(key="pin").disabled
    at = visit("train", visitor=ANN, **SMALL)
    at.button(key="delete").click().run()
    assert shelf.find(own_run.key) is None
    at.button(key="undo").click().run()
    assert shelf.find(own_run.key).status == "done"
    assert shelf.may_change(shelf.find(own_run.key), Asker(ANN))
    assert not shelf.may_change(shelf.find(own_run.key), Asker(BEN)), "it is hers again"


def test_whose_a_run_is_outlives_the_server_and_is_told_to_nobody(own_run, shelf):
    shelf.forget(own_run.key)  # as a server that was started again
    run = shelf.find(own_run.key)
    assert shelf.may_change(run, Asker(ANN))
    assert not shelf.may_change(run, Asker(BEN))
    assert ANN not in (shelf.folder / labels.FILE).read_text(encoding="utf-8")


def test_a_name_and_a_pin_leave_the_owner_as_it_was(own_run, shelf):
    at = visit("runs", visitor=ANN, runs=own_run.key)
    at.button(key="pin").click().run()
    assert labels.read(shelf.folder)[own_run.key].pinned
    assert not shelf.may_change(shelf.find(own_run.key), Asker(BEN))


def test_a_teacher_who_says_the_code_may_change_everything_and_others_wait_in_vain(own_run, shelf, hosted):
    hosted(mode="class", teacher_code="chalk and board")
    at = visit("runs", visitor=BEN, runs=own_run.key)
    at.text_input(key="teacher_code").set_value("chalk")
    at.button(key="FormSubmitter:teacher_form-Enter").click().run()
    assert at.button(key="pin").disabled
    at.text_input(key="teacher_code").set_value("chalk and board")
    at.button(key="FormSubmitter:teacher_form-Enter").click().run()
    assert not at.button(key="pin").disabled
    assert not visit("runs", visitor=BEN, runs=own_run.key).button(key="delete").disabled, "in another tab, too"
    at.button(key="teacher_leave").click().run()
    assert at.button(key="pin").disabled


def test_what_nobody_owns_is_the_teachers_in_a_class(shelf, hosted):
    run = next(run for run in shelf.all() if run.committed)
    assert not visit("runs", visitor=BEN, runs=run.key).button(key="pin").disabled
    hosted(mode="class", teacher_code="chalk and board")
    assert visit("runs", visitor=BEN, runs=run.key).button(key="pin").disabled


def test_in_a_showcase_nothing_can_be_pressed_that_would_keep_anything(shelf, hosted):
    hosted(mode="showcase")
    at = visit("train", network="mlp", train_size="777")
    assert at.button(key="train").disabled
    assert "showcase" in " ".join(info.value for info in at.info)
    assert visit("overfitting", sizes="300,400").button(key="sweep_start").disabled
    with pytest.raises(RunError, match="showcase"):
        shelf.start(MLPConfig(train_size=777))
    with pytest.raises(RunError, match="showcase"):
        shelf.uploads.admit(BEN, 1, shelf.hosting)


def test_one_visitor_cannot_fill_the_line(shelf, hosted):
    hosted(runs_per_visitor=2)
    configs = [MLPConfig(train_size=50_000, epochs=200, seed=900 + seed) for seed in range(3)]
    with pytest.raises(RunError, match="2 of your runs"):
        shelf.start_all(configs, BEN)
    try:
        assert [shelf.find(config.key) is not None for config in configs] == [True, True, False]
        at = visit("train", visitor=BEN, network="mlp", epochs="200", seed="902")
        at.button(key="train").click().run()
        assert "2 of your runs" in at.toast[0].value
        assert not at.exception
        shelf.start(configs[2], ANN)  # somebody else still can
    finally:
        for config in configs:
            shelf.stop(config.key)
        until(at, lambda _: not any(run.live for run in shelf.all()))
        for config in configs:
            if shelf.find(config.key):
                shelf.delete(config.key)


def test_settings_of_the_host_that_cannot_be_used_are_said_on_every_page(monkeypatch):
    def refuse():
        raise SettingsError("Mode must be one of open, class, showcase, not “anarchy”.")

    monkeypatch.setattr(shared, "Runs", refuse)
    for page in (None, "train", "runs", "sketch"):
        at = visit(page)
        assert "Mode must be one of" in at.error[0].value
        assert not at.button


LENGTHY = {"network": "cnn", "architecture": "deep", "epochs": "200", "augmentation": "1.0"}


def test_what_takes_longer_than_the_host_allows_is_said_before_it_is_trained(shelf, hosted):
    assert "in one go" not in " ".join(warning.value for warning in visit("train", network="mlp", seed="5").warning)
    hosted(minutes_per_run=0.5)
    said = " ".join(warning.value for warning in visit("train", **LENGTHY).warning)
    assert f"longer than the 30{SPACE}s that a run may train here in one go" in said
    at = visit("overfitting", sizes="300,50000", epochs="200", networks="mlp")
    assert f"1 of 2 runs: This takes longer than the 30{SPACE}s" in " ".join(caption.value for caption in at.caption)
    token = labels.run_token(MLPConfig(seed=5, epochs=200))
    assert f"longer than the 30{SPACE}s" in " ".join(words.value for words in visit("runs", runs=token).markdown)


def test_a_run_that_was_stopped_for_its_length_says_so_on_its_pages(own_run, shelf):
    run = shelf.find(own_run.key)
    run.status, run.notice = (
        "stopped",
        "It was stopped after epoch 3 of 3, since no run may train here for longer than 6 s.",
    )
    try:
        for at in (visit("train", visitor=ANN, **SMALL), visit("runs", runs=own_run.key)):
            assert any("no run may train here" in info.value for info in at.info)
    finally:
        run.status, run.notice = "done", ""


def test_the_page_of_runs_says_that_some_have_made_way(shelf, monkeypatch):
    assert not any("made way" in caption.value or "pinned" in caption.value for caption in visit("runs").caption)
    monkeypatch.setattr(shelf.room, "made_way", 3)
    assert any("3 oldest runs that nobody had pinned" in caption.value for caption in visit("runs").caption)


@pytest.fixture
def kept(shelf):
    """A sketch of Ann's, one of Ben's and one of nobody's, by their owners."""
    handwriting.delete(shelf.folder)
    images = np.random.default_rng(0).integers(1, 256, (3, 28, 28)).astype(np.uint8)
    owners = owner(ANN), owner(BEN), ""
    yield {who: handwriting.keep(shelf.folder, image, 3, (), who) for who, image in zip(owners, images, strict=True)}
    handwriting.delete(shelf.folder)


def droppable(at, numbers) -> list[str]:
    return [who for who, number in numbers.items() if not at.button(key=f"drop_{number}").disabled]


def test_a_sketch_is_deleted_by_its_owner_and_by_the_teacher_and_what_nobody_owns_follows_the_mode(kept, shelf, hosted):
    at = visit("sketch", visitor=ANN, view="ours")
    assert droppable(at, kept) == [owner(ANN), ""]
    hosted(mode="class", teacher_code="chalk and board")
    at = visit("sketch", visitor=ANN, view="ours")
    assert droppable(at, kept) == [owner(ANN)]
    assert at.button(key="ours_delete").label == "Delete 1 of 3"
    shelf.teachers.add(BEN)
    try:
        assert droppable(visit("sketch", visitor=BEN, view="ours"), kept) == [*kept]
    finally:
        shelf.teachers.discard(BEN)
    at.button(key="ours_delete").click().run()
    assert handwriting.count(shelf.folder) == 2
    at.button(key="ours_undo").click().run()
    assert handwriting.count(shelf.folder) == 3


def test_in_a_showcase_no_sketch_is_kept_or_deleted(kept, hosted):
    hosted(mode="showcase")
    at = visit("sketch", visitor=ANN, view="ours")
    assert droppable(at, kept) == []
    assert at.button(key="ours_delete").disabled


def asks_who_i_am() -> None:
    """A page that says who is asking, and what cookie it gives a browser."""
    import streamlit as st

    from ui import visitors

    st.text(visitors.visitor())
    st.text(visitors.new_cookie())


def test_whoever_signs_out_is_nobody_at_once_and_their_browser_is_not_given_the_name_of_the_account(shelf, monkeypatch):
    account = {"iss": "https://school.example", "sub": "ann"}
    monkeypatch.setattr(visitors, "account_of_this_session", lambda: account)
    at = AppTest.from_function(asks_who_i_am).run()
    name = at.text[0].value
    assert name == name_of_account(account["iss"], account["sub"], key_of(shelf.folder))

    account.clear()  # as st.logout does in the session, before the browser has left the page
    at.run()
    assert at.text[0].value != name
    assert at.text[1].value.startswith(visitors.COOKIE)
    assert name not in at.text[1].value
