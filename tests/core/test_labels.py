"""Names and pins, runs in links, and what tells runs apart."""

import csv
import errno
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from core import labels
from core.config import PRESETS, CNNConfig, MLPConfig, SettingsError
from core.files.folder import FolderError, replace
from core.history import EpochEnd
from core.labels import (
    Label,
    LabelError,
    history_csv,
    parse_run_token,
    put,
    read,
    run_token,
)

KEY = MLPConfig().key


def test_a_label_is_there_for_the_next_server_too(tmp_path):
    put(KEY, Label("zwölf Köpfe, 2nd try", pinned=True), tmp_path)
    put("cnn-0123456789", Label(pinned=True), tmp_path)
    assert read(tmp_path) == {KEY: Label("zwölf Köpfe, 2nd try", True), "cnn-0123456789": Label("", True)}
    put(KEY, Label(), tmp_path)
    assert list(read(tmp_path)) == ["cnn-0123456789"]
    assert [path.name for path in tmp_path.iterdir()] == ["shelf.json"]


def test_an_unlabelled_shelf_has_no_file(tmp_path):
    assert read(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    "name",
    [
        "x" * 60,
        "می\u200cخواهم",  # Persian, with a zero-width non-joiner
        "क्\u200dष",  # Hindi, with a zero-width joiner
        FAMILY * 60,  # sixty that somebody sees, of 420 code points
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f" * 60,  # Scotland's flag
        "\U0001f1e9\U0001f1ea" * 60,  # Germany's
        "e\u0301" * 60,
        "\U0001f44d\U0001f3fd" * 60,
        "ネットワーク\u3000一",  # an ideographic space
        "10\u00a0000 images",
        "ភាសា\u200bខ្មែរ",
    ],
)
def test_a_name_is_of_any_script_and_has_sixty_characters_as_people_see_them(name):
    assert Label(f"  {name}\u3000").name == name


@pytest.mark.parametrize(
    "name",
    [
        "x" * 61,
        FAMILY * 61,
        "e" + "\u0301" * 500,
        "a\u200d" * 400,
        "two\nlines",
        "two\u2028lines",
        "two\u2029paragraphs",
        "a\x00b",
        "a\x85b",
        *(f"a{chr(point)}b" for point in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
        "a\ud800b",
        "a\uffffb",
        "a\ufdd0b",
        "a\U0001ffffb",
        "a\u0378b",  # unassigned
        "a\ue000b",  # private use
        "\u200b",
        "\u200d\u200c",
        "\u3164",  # a filler: a letter without ink
        "\u2800",
        "\u0301",
        "\ufe0f",
    ],
)
def test_a_name_without_ink_or_with_what_cannot_be_read_is_refused(name):
    with pytest.raises(LabelError, match="at most 60 characters"):
        Label(name)


def test_a_name_of_spaces_alone_is_none():
    assert Label(" \u3000\u00a0\t").name == ""


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
    assert read(tmp_path) == {}
    assert (tmp_path / "shelf.json.damaged").read_bytes() == data
    put(KEY, Label("again"), tmp_path)
    assert read(tmp_path) == {KEY: Label("again")}


def test_a_history_as_csv_has_a_line_for_each_epoch_and_every_digit():
    history = [EpochEnd(epoch, 1 / 3, 0.1 + epoch / 7, 0.2, 1e-5, 0.123456789, 2 / 3) for epoch in (1, 2)]
    rows = list(csv.DictReader(io.StringIO(history_csv(history))))
    assert [EpochEnd(int(row.pop("epoch")), **{name: float(value) for name, value in row.items()}) for row in rows] == (
        history
    )


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


def test_labels_in_a_folder_that_cannot_be_written_are_refused_in_a_sentence(tmp_path):
    place = tmp_path / "weights"
    place.touch()
    assert read(place) == {}
    with pytest.raises(FolderError, match=r"^Nothing can be kept in the folder weights \(a file is in its place\)\.$"):
        put(MLPConfig().key, Label("mine"), place)


def test_labels_that_cannot_be_read_are_not_written_over(tmp_path):
    (tmp_path / "shelf.json").mkdir()
    assert read(tmp_path) == {}
    with pytest.raises(FolderError, match=r"^shelf.json cannot be read \(Is a directory\)\.$"):
        put(MLPConfig().key, Label("mine"), tmp_path)


def test_a_damaged_file_of_labels_that_cannot_be_moved_counts_as_empty(tmp_path, monkeypatch):
    (tmp_path / "shelf.json").write_text("{")

    def read_only(*_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "replace", read_only)
    assert read(tmp_path) == {}
    with pytest.raises(FolderError, match="Read-only file system"):
        put(MLPConfig().key, Label("mine"), tmp_path)


def test_many_threads_may_meet_a_damaged_file_of_labels(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        for _ in range(30):
            (tmp_path / "shelf.json").write_text("{")
            assert list(threads.map(lambda _: read(tmp_path), range(8))) == [{}] * 8


def test_the_file_is_read_again_only_where_another_one_is_in_its_place(tmp_path, monkeypatch):
    key, other = MLPConfig().key, MLPConfig(seed=1).key
    labels.put(key, Label("one"), tmp_path)
    assert labels.read(tmp_path)[key].name == "one"
    parsed = []
    monkeypatch.setattr(labels.json, "loads", lambda text: parsed.append(text) or {})
    for _ in range(20):
        labels.read(tmp_path)
    assert len(parsed) == 0
    monkeypatch.undo()
    replace(tmp_path / labels.FILE, json.dumps({other: {"name": "of another server"}}).encode())
    assert labels.read(tmp_path).keys() == {other}
    (tmp_path / labels.FILE).unlink()
    assert labels.read(tmp_path) == {}
    for n in range(30):  # within one tick of the clock, of one size
        labels.put(key, Label(f"{n:04}"), tmp_path)
        assert labels.read(tmp_path)[key].name == f"{n:04}"


def test_what_is_read_can_be_changed_by_nobody(tmp_path):
    labels.put(MLPConfig().key, Label("one"), tmp_path)
    with pytest.raises(TypeError):
        labels.read(tmp_path)[MLPConfig().key] = Label("two")


def test_what_was_given_to_runs_that_are_gone_is_forgotten(tmp_path):
    key, other = MLPConfig().key, MLPConfig(seed=1).key
    labels.put(key, Label("one"), tmp_path)
    labels.put(other, Label("two", pinned=True), tmp_path)
    labels.forget([key, "mlp-0000000000"], tmp_path)
    assert labels.read(tmp_path) == {other: Label("two", pinned=True)}
