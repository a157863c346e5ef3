"""The home page, without a browser."""

from tests.pages.visit import visit


def test_home_lists_the_reports_runs_and_shows_the_data():
    at = visit()
    table = at.dataframe[0].value
    assert list(table["Run"][:3]) == ["baseline", "small", "full"]
    assert (table["Test"] > 0.89).all()
    assert len(at.get("image")) == 2
    at.button(key="shuffle").click().run()
    assert not at.exception
