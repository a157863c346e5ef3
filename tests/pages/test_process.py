"""What a server holds is the process's: anybody's browser can have Streamlit forget all that it has cached."""

import importlib
import sys

import pytest
import streamlit as st

from core import checkpoints
from core.config import CNNConfig
from core.runs import Runs
from tests.pages.visit import until, visit
from ui import shared


def test_a_live_run_stays_live_for_everybody_when_the_caches_are_cleared(shelf):
    config = CNNConfig(train_size=1_000, epochs=200, seed=77)
    shelf.start(config)
    at = visit("train", run=config.key)
    until(at, lambda at: any("Epoch" in (bar.proto.text or "") for bar in at.get("progress")))
    for _ in range(4):
        st.cache_data.clear()
        st.cache_resource.clear()
        assert shared.runs() is shelf
        assert shared.runs().find(config.key).live
    at.run()
    assert any("Epoch" in (bar.proto.text or "") for bar in at.get("progress"))
    shelf.stop(config.key)
    until(at, lambda at: not shelf.find(config.key).live)
    shelf.delete(config.key)


@pytest.fixture
def counted(monkeypatch):
    """How often a server's runs are made, in a process that has none yet."""
    made = []

    class Quiet(Runs):
        def __init__(self) -> None:
            made.append(self)

    Quiet.__qualname__ = Quiet.__name__ = "Runs"
    monkeypatch.setattr(shared, "Runs", Quiet)
    monkeypatch.setitem(sys.modules, shared.HELD, type(sys)(shared.HELD))
    shared.runs.clear()
    yield made
    shared.runs.clear()


def test_runs_are_made_once_however_often_the_caches_are_cleared(counted):
    for _ in range(4):
        assert shared.runs() is counted[0]
        st.cache_resource.clear()
    assert len(counted) == 1


def test_runs_are_made_once_though_the_module_is_read_anew(counted, monkeypatch):
    first, kind = shared.runs(), shared.Runs
    again = importlib.util.module_from_spec(importlib.util.find_spec("ui.shared"))
    again.__spec__.loader.exec_module(again)
    monkeypatch.setattr(again, "Runs", type("Runs", (kind,), {"__module__": kind.__module__}))
    again.runs.clear()
    assert again.runs() is first
    assert len(counted) == 1


def test_another_folder_has_other_runs(counted, monkeypatch, tmp_path):
    first = shared.runs()
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path)
    shared.runs.clear()
    assert shared.runs() is not first


def test_mnist_is_read_once_however_often_the_caches_are_cleared():
    first = shared.digits()
    st.cache_resource.clear()
    assert shared.digits() is first
