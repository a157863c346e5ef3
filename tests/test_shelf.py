"""Names and pins, runs in links, and what tells runs apart."""

import csv
import io
import json

import pytest

from core.config import PRESETS, CNNConfig, MLPConfig, SettingsError
from core.shelf import (
    MOST_RUNS,
    Label,
    LabelError,
    history_csv,
    labels,
    line_names,
    parse_run_token,
    parse_run_tokens,
    put,
    run_token,
    settings_that_differ,
)
from core.training import EpochEnd

KEY = MLPConfig().key


def test_a_label_is_there_for_the_next_server_too(tmp_path):
    put(KEY, Label("zwölf Köpfe, 2nd try", pinned=True), tmp_path)
    put("cnn-0123456789", Label(pinned=True), tmp_path)
    assert labels(tmp_path) == {KEY: Label("zwölf Köpfe, 2nd try", True), "cnn-0123456789": Label("", True)}
    put(KEY, Label(), tmp_path)
    assert list(labels(tmp_path)) == ["cnn-0123456789"]
    assert [path.name for path in tmp_path.iterdir()] == ["shelf.json"]


def test_an_unlabelled_shelf_has_no_file(tmp_path):
    assert labels(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_name_has_at_most_sixty_characters_that_can_be_seen():
    assert Label("  " + "x" * 60 + " ").name == "x" * 60
    for name in ("x" * 61, "two\nlines", "a\x00b", "right\u202eleft", "\u200b"):
        with pytest.raises(LabelError, match="at most 60 characters"):
            Label(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{",
        '{"../../etc": {"name": "x"}}',
        json.dumps({KEY: {"name": "x" * 61}}),
        json.dumps({KEY: {"name": 5}}),
        json.dumps({KEY: {"name": "x", "pinned": "yes"}}),
        json.dumps({KEY: {"nickname": "x"}}),
        json.dumps({KEY: "x"}),
        "[" * 100_000,
        "\udcff",
    ],
)
def test_a_damaged_file_is_moved_aside_and_counts_as_empty(text, tmp_path):
    data = text.encode(errors="surrogateescape")
    (tmp_path / "shelf.json").write_bytes(data)
    assert labels(tmp_path) == {}
    assert (tmp_path / "shelf.json.damaged").read_bytes() == data
    put(KEY, Label("again"), tmp_path)
    assert labels(tmp_path) == {KEY: Label("again")}


def test_a_history_as_csv_has_a_line_for_each_epoch_and_every_digit():
    history = [EpochEnd(epoch, 1 / 3, 0.1 + epoch / 7, 0.2, 1e-5, 0.123456789, 2 / 3) for epoch in (1, 2)]
    rows = list(csv.DictReader(io.StringIO(history_csv(history))))
    assert [EpochEnd(int(row.pop("epoch")), **{name: float(value) for name, value in row.items()}) for row in rows] == (
        history
    )


def test_only_the_settings_that_differ_are_named():
    small, full = PRESETS["MLP small"], PRESETS["MLP full"]
    assert settings_that_differ([small, full]) == {"train_size": [2_000, 50_000]}
    assert settings_that_differ([small, small]) == settings_that_differ([small]) == settings_that_differ([]) == {}
    wide, cnn = MLPConfig(hidden_units=128), CNNConfig(dropout=0.0)
    assert settings_that_differ([full, cnn]) == {"network": ["mlp", "cnn"]}
    assert settings_that_differ([full, wide, cnn]) == {
        "network": ["mlp", "mlp", "cnn"],
        "hidden_units": [64, 128, None],
    }


def test_lines_are_named_by_what_differs():
    small, full = PRESETS["MLP small"], PRESETS["MLP full"]
    assert line_names([small, full]) == ["2,000 images", "50,000 images"]
    assert line_names([full, CNNConfig(), MLPConfig(hidden_units=128)]) == [
        "MLP, hidden units 64",
        "CNN",
        "MLP, hidden units 128",
    ]
    assert line_names([full]) == ["MLP"]
    names = line_names(list(PRESETS.values()))
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "config",
    [
        *PRESETS.values(),
        MLPConfig(learning_rate=0.1 + 0.2, weight_decay=1e-7, activation="relu", epochs=3),
        CNNConfig(dropout=0.0, momentum=0.3, seed=9999),
    ],
)
def test_a_token_carries_every_setting(config):
    assert parse_run_token(run_token(config)) == (config.key, config)


def test_a_token_is_as_short_as_can_be():
    assert run_token(MLPConfig()) == KEY
    token = run_token(PRESETS["MLP small"])
    assert token == f"{PRESETS['MLP small'].key}:train_size=2000"
    assert parse_run_token("mlp-0123456789") == ("mlp-0123456789", None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no run; one looks like mlp-"),
        ("../../etc/passwd", "“../../etc/passwd” is no run"),
        (KEY.upper(), "is no run"),
        ("x" * 10_000, "x” is no run"),
        (f"{KEY}:epochs=3", "do not belong to it"),
        ("mlp-0123456789:epochs=banana", "do not belong to it"),
        ("mlp-0123456789:,,==,\x00", "do not belong to it"),
        ("cnn-0123456789:hidden_units=3", "do not belong to it"),
    ],
)
def test_a_token_that_cannot_be_read_is_one_sentence(text, sentence):
    with pytest.raises(SettingsError, match=sentence) as caught:
        parse_run_token(text)
    assert len(str(caught.value)) < 200


def test_a_link_has_each_run_once_and_at_most_twelve():
    configs = [MLPConfig(seed=seed) for seed in range(MOST_RUNS + 3)]
    tokens = [run_token(config) for config in configs]
    runs, sentences = parse_run_tokens(["banana", *tokens, *tokens])
    assert list(runs.values()) == configs[:MOST_RUNS]
    assert sentences == [
        "“banana” is no run; one looks like mlp-44136fa355.",
        "The link has 15 runs: here are the first 12.",
    ]
    assert parse_run_tokens([configs[1].key, tokens[1]])[0] == {configs[1].key: configs[1]}
    assert len(parse_run_tokens(["banana"] * 1000)[1]) <= MOST_RUNS
