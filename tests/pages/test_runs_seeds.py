"""Seeds as one row on the page of all runs, without a browser."""

from dataclasses import replace
from statistics import mean, stdev

import pytest

from core import checkpoints, labels
from core.config import MLPConfig
from core.labels import Label, run_token
from core.naming import own_name
from core.search.groups import settings_of
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, curves, visit
from tests.seeded import finished
from ui.runs import table as of_runs

SETTINGS = MLPConfig(train_size=300, epochs=4, hidden_units=17)
ENDS = (0.80, 0.82, 0.87)
NAME = "MLP: 300 images, 4 epochs, hidden units 17"
ROW = f"{NAME} · 3 seeds"


@pytest.fixture
def seeds(shelf):
    """Three seeds of settings that nobody else trains."""
    configs = finished(SETTINGS, ENDS, shelf.folder)
    yield configs
    for config in configs:
        if shelf.find(config.key):
            shelf.delete(config.key)


def table(at):
    return at.dataframe[0].value


def row(at, name: str = ROW):
    return table(at).set_index("Name").loc[name]


def ticked(at) -> list[str]:
    """The names of the rows that the browser is told to tick."""
    key = f"runs_table_{at.session_state.get('tables', 0)}"
    return list(table(at)["Name"].iloc[sorted(at.session_state[key]["selection"]["rows"])])


def test_runs_that_differ_in_the_seed_alone_are_one_row_with_mean_and_deviation(seeds):
    found = row(visit("runs"))
    assert found["Seeds"].endswith(" 3")
    assert (found["Images"], found["Status"]) == (300, "done")
    assert found["Validation"] == pytest.approx(mean(ENDS))
    assert found["Validation SD"] == pytest.approx(100 * stdev(ENDS))
    assert found["Test"] == pytest.approx(mean(ENDS) - 0.01)
    assert found["Test SD"] == pytest.approx(100 * stdev(ENDS))
    assert found["Best validation"] == pytest.approx(mean(ENDS) + 0.005)
    assert found["Best epoch"] == SETTINGS.epochs - 1
    assert found["Seconds"] == pytest.approx(4.0)
    assert found["Settings"] == "batch 64, rate 0.01, 4 epochs, hidden units 17"


def test_a_row_opens_into_its_runs_by_the_link_and_each_is_a_row_without_the_switch(seeds):
    key = settings_of(seeds[0]).key
    names = list(table(visit("runs", opened=key))["Name"])
    at = names.index(ROW)
    assert names[at + 1 : at + 4] == [f"Seed {seed} · {NAME}" for seed in range(3)]
    apart = table(visit("runs", grouped="False"))
    assert "Seeds" not in apart
    assert {own_name(config) for config in seeds} <= {*apart["Name"]}
    assert not [name for name in apart["Name"] if "seeds" in name]


def test_a_link_that_ticks_one_of_several_seeds_opens_their_row(seeds):
    at = visit("runs", runs=run_token(seeds[1]))
    assert ticked(at) == [f"Seed 1 · {NAME}"]
    whole = visit("runs", runs=[run_token(config) for config in seeds])
    assert ticked(whole) == [ROW]
    assert f"{ROW}" in " ".join(unlinked(one.value) for one in whole.markdown)


def test_what_the_filters_let_through_is_what_a_row_is_of(seeds, shelf):
    labels.put(seeds[2].key, Label("the odd one", pinned=True), shelf.folder)
    at = visit("runs")
    assert row(at)["★"] == "★"
    assert table(at)["Name"].iloc[0] == ROW, "a row with a run that is pinned stays at the top"
    assert list(table(visit("runs", find="the odd one"))["Name"]) == ["the odd one"]
    assert "the odd one" in set(table(visit("runs", opened=settings_of(seeds[0]).key))["Name"])
    labels.put(seeds[2].key, Label(), shelf.folder)


def test_all_seeds_are_deleted_at_once_and_come_back(seeds, shelf):
    at = visit("runs", runs=[run_token(config) for config in seeds])
    at.button(key="delete").click().run()
    assert [shelf.find(config.key) for config in seeds] == [None] * 3
    assert ROW not in set(table(at)["Name"])
    at.button(key="undo").click().run()
    assert row(at)["Validation"] == pytest.approx(mean(ENDS))
    assert "undo" not in buttons(at)


def test_an_upload_is_in_no_row_with_runs_that_were_trained_here(seeds, shelf):
    data = checkpoints.path_of(seeds[2].key, shelf.folder).read_bytes()
    shelf.delete(seeds[2].key)
    shelf.upload(data)
    names = set(table(visit("runs"))["Name"])
    assert {f"{NAME} · 2 seeds", f"Uploaded · {own_name(seeds[2])}"} <= names


def test_by_keyboard_a_button_opens_the_row_that_is_ticked(seeds):
    at = visit("runs", runs=[run_token(config) for config in seeds])
    at.button(key="open_seeds").click().run()
    assert f"Seed 2 · {NAME}" in set(table(at)["Name"])
    assert at.query_params["opened"] == settings_of(seeds[0]).key
    assert ticked(at) == [ROW, *(f"Seed {seed} · {NAME}" for seed in range(3))]
    at.button(key="open_seeds").click().run()
    assert f"Seed 2 · {NAME}" not in set(table(at)["Name"])


def test_a_tick_of_a_row_ticks_its_seeds_and_of_a_seed_that_one(seeds):
    """The browser's part is in tests/browser/test_runs_seeds.py: here is what a callback makes of it."""
    key = settings_of(seeds[0]).key
    at = visit("runs", opened=key)
    place = list(table(at)["Name"]).index(ROW)
    state = {"drawn": at.session_state["drawn"], "drawn_ticks": at.session_state["drawn_ticks"]}
    assert state["drawn"][place] == tuple(seeds)
    assert state["drawn"][place + 1 : place + 4] == [(config,) for config in seeds]
    assert of_runs.after([], {place}, set(), state["drawn"]) == seeds
    assert (
        of_runs.after(seeds, {place, place + 1, place + 2}, {place, place + 1, place + 2, place + 3}, state["drawn"])
        == seeds[:2]
    )
    assert (
        of_runs.after(
            seeds, {place + 1, place + 2, place + 3}, {place, place + 1, place + 2, place + 3}, state["drawn"]
        )
        == []
    )


def test_a_row_that_a_link_opens_and_that_is_none_changes_nothing(seeds):
    at = visit("runs", opened=["mlp-0123456789", "banana"])
    assert "“banana” is not the key of a run" in " ".join(warning.value for warning in at.warning)
    assert ROW in set(table(at)["Name"])


def test_two_groups_are_two_lines_and_whether_they_differ_is_said(seeds, shelf):
    others = finished(replace(SETTINGS, activation="tanh"), (0.90, 0.91), shelf.folder)
    tokens = [run_token(config) for config in (*seeds, *others)]
    at = visit("runs", runs=tokens, along="steps")
    (chart,) = curves(at)
    assert [line["name"] for line in chart["lines"][::2]] == ["sigmoid · 3 seeds", "tanh · 2 seeds"]
    assert chart["lines"][0]["x"] == [5 * epoch for epoch in range(1, 5)]
    assert chart["lines"][1]["y"][-1] == pytest.approx(mean(ENDS))
    words = unlinked(" ".join(one.value for one in at.markdown)).replace("**", "")
    assert "tanh reads 90.50% right (mean of 2 seeds, standard deviation 0.71 points), sigmoid 83.00%" in words
    assert "more than the seeds differ" in words
    at.toggle(key="runs_every").set_value(True).run()
    assert (at.query_params["every"], at.query_params["along"]) == ("True", "steps")
    (apart,) = curves(visit("runs", runs=tokens, grouped="False"))
    assert len(apart["lines"]) == 10
    alone = visit("runs", runs=[tokens[0], tokens[3]])
    assert "the seeds differ" not in " ".join(one.value for one in alone.markdown)
    for config in others:
        shelf.delete(config.key)
