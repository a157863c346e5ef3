"""The home page, without a browser."""

from core import shelf as labels
from core.config import PRESETS
from tests.pages.visit import visit


def test_home_lists_the_reports_runs_and_shows_the_data():
    at = visit()
    table = at.dataframe[0].value
    assert list(table["Run"][:3]) == ["baseline", "small", "full"]
    assert (table["Test"][: len(PRESETS)] > 0.89).all()  # after them come the runs of other tests
    assert len(at.get("image")) == 2
    at.button(key="shuffle").click().run()
    assert not at.exception


def test_a_run_has_the_name_that_somebody_gave_it(shelf):
    key = PRESETS["MLP small"].key
    labels.put(key, labels.Label("for tomorrow"), shelf.folder)
    try:
        table = visit().dataframe[0].value
    finally:
        labels.put(key, labels.Label(), shelf.folder)
    assert list(table[table["Run"] == "for tomorrow"]["Network"]) == ["MLP"]
