"""The home page, without a browser."""

from core import labels
from core.config import PRESETS, MLPConfig
from tests.pages.visit import until, visit


def test_home_lists_the_reports_runs_and_shows_the_data():
    at = visit()
    table = at.dataframe[0].value
    assert list(table["Run"][: len(PRESETS)]) == list(PRESETS)
    assert (table["Test"][: len(PRESETS)] > 0.89).all()  # after them come the runs of other tests
    assert len(at.get("image")) == 2
    at.button(key="shuffle").click().run()
    assert not at.exception


def test_how_common_each_digit_is_is_sent_to_whoever_opens_it():
    at = visit()
    assert not at.get("vega_lite_chart")
    at.session_state["how_many"] = True
    at.run()
    assert len(at.get("vega_lite_chart")) == 1
    said = "Of the 50,000 training images, 5,678 are 1s, the most, and 4,506 are 5s, the fewest."  # of MNIST's first 50,000
    assert any(caption.value.startswith(said) for caption in at.caption)


def test_a_run_has_the_name_that_somebody_gave_it(shelf):
    key = PRESETS["MLP small"].key
    labels.put(key, labels.Label("for tomorrow"), shelf.folder)
    try:
        table = visit().dataframe[0].value
    finally:
        labels.put(key, labels.Label(), shelf.folder)
    assert list(table[table["Run"] == "for tomorrow"]["Network"]) == ["MLP"]


def opened(at, row: int) -> str | None:
    """The key of the run that is opened by a row of the table that the visitor sees."""
    table, _ = at.session_state["home_drawn"]
    at.session_state[table] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    at.run()
    assert not at.exception
    run = at.query_params.get("run")
    return run[0] if isinstance(run, list) else run


def test_a_row_opens_the_run_that_was_drawn_in_it_whatever_others_have_started_or_deleted(shelf):
    at = visit()
    row = list(at.dataframe[0].value["Run"]).index("MLP small")
    others = [MLPConfig(train_size=200, epochs=1, seed=seed) for seed in range(3)]
    for config in others:
        shelf.start(config)
    try:
        assert opened(at, row) == PRESETS["MLP small"].key
        at = visit()
    finally:
        until(at, lambda _: not any(run.live for run in shelf.all()))
        row = list(at.dataframe[0].value["Run"]).index("CNN full")  # of the table that is drawn when they are deleted
        for config in others:
            shelf.delete(config.key)
    assert opened(at, row) == PRESETS["CNN full"].key


def test_a_row_of_a_run_that_was_deleted_meanwhile_is_one_sentence(shelf):
    config = MLPConfig(train_size=200, epochs=1, seed=7)
    shelf.start(config)
    until(visit(), lambda _: not shelf.find(config.key).live)
    at = visit()
    row = list(at.dataframe[0].value["Run"]).index("MLP: 200 images, 1 epoch, seed 7")
    shelf.delete(config.key)
    assert opened(at, row) is None
    assert [warning.value for warning in at.warning] == ["This run has been deleted meanwhile: choose another one."]
    at.run()
    assert not at.warning
