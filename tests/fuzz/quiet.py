"""A server of no workers in a folder of its own, for pages that are fuzzed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy

import pytest

from core import checkpoints
from core.config import PRESETS
from core.runs import Runs
from core.runs.crew import Crew
from ui import shared


@contextmanager
def quiet() -> Iterator[Runs]:
    """The pages' runs are those that come with the project, and nothing is ever trained."""
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        for config in PRESETS.values():
            copy(checkpoints.path_of(config.key), place)
        patch.setattr(Crew, "muster", lambda *_: None)
        runs = Runs(Path(place))
        patch.setattr(shared, "Runs", lambda: runs)
        shared.runs.clear()
        try:
            yield runs
        finally:
            shared.runs.clear()
            runs.close()
