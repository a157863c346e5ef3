"""Every page, visited without a browser: a shelf of its own with the report's runs, and one worker."""

import functools
import shutil

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from core import checkpoints
from core.config import PRESETS
from core.runs import Runs
from core.runs.crew import Crew
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


@pytest.fixture(scope="session", autouse=True)
def components():
    """Every AppTest looks through all installed packages for components: once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(autouse=True)
def registry(shelf, digits, monkeypatch):
    """The pages' registry, with the folder of the shelf. What is computed of a saved state stays, as on a server."""
    shared.runs.clear()
    monkeypatch.setattr(shared, "Runs", lambda: shelf)
    monkeypatch.setattr(shared, "load_digits", lambda: digits)


@pytest.fixture
def nothing_computed():
    """The server is one that nobody has asked anything yet."""
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """The pages' registry with an empty folder instead, and workers that never come."""
    monkeypatch.setattr(Crew, "muster", lambda *_: None)
    runs = Runs(tmp_path)
    monkeypatch.setattr(shared, "Runs", lambda: runs)
    yield runs
    runs.close()
