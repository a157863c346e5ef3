"""Every page, visited without a browser: a shelf of its own with the report's runs, and one worker."""

import shutil

import pytest
import streamlit as st

from core import checkpoints
from core.config import PRESETS
from core.runs import Runs
from ui import shared


@pytest.fixture(scope="package")
def shelf(tmp_path_factory):
    """A folder with the report's runs, and workers that write there."""
    folder = tmp_path_factory.mktemp("weights")
    for config in PRESETS.values():
        shutil.copy(checkpoints.path_of(config.key), folder)
    runs = Runs(folder, workers=1)
    yield runs
    runs.close()


@pytest.fixture(autouse=True)
def registry(shelf, monkeypatch):
    """The pages' registry, with the folder of the shelf."""
    st.cache_resource.clear()
    st.cache_data.clear()
    monkeypatch.setattr(shared, "Runs", lambda: shelf)
