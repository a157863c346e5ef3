"""The learning-rate test on the page Train, without a browser."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from core.config import MLPConfig
from core.host.hosting import Hosting
from core.search.rates import rate_test, steps_of, suggestion
from tests.pages.sentences import unlinked
from tests.pages.visit import visit
from ui.train import rates

SMALL = MLPConfig(train_size=2_000)


def said(at: AppTest) -> str:
    return "\n".join(unlinked(element.value) for element in at.markdown)


def test_a_press_tests_the_rates_and_another_one_takes_what_is_suggested(digits):
    at = visit("train", train_size="2000")
    assert "Suggested" not in said(at)
    at.button(key="which_rate").click().run()
    assert at.query_params["rates"] == "True"
    wanted = suggestion(list(rate_test(SMALL, digits)), steps_of(SMALL))
    assert f"Suggested: **{wanted.rate:g}**" in said(at)
    at.button(key="take_rate").click().run()
    assert at.query_params["learning_rate"] == f"{wanted.rate:g}"
    assert "rates" not in at.query_params
    assert at.select_slider(key="learning_rate").value == wanted.rate
    assert "Suggested" not in said(at)


def test_one_that_is_put_away_leaves_the_rate_as_it_was():
    at = visit("train", train_size="2000", learning_rate="0.05", rates="True")
    at.button(key="keep_rate").click().run()
    assert at.query_params["learning_rate"] == "0.05"
    assert "rates" not in at.query_params


@pytest.mark.parametrize("text", ["yes", "1", "<b>", ""])
def test_a_link_that_says_neither_yes_nor_no_opens_none(text):
    at = visit("train", train_size="2000", rates=text)
    assert "Suggested" not in said(at)
    assert not at.exception


def test_runs_that_differ_only_in_what_a_test_does_not_depend_on_have_one_test(monkeypatch):
    made = []
    monkeypatch.setattr(rates, "rate_test", lambda *given: made.append(given) or rate_test(*given))
    for epochs, rate in (("3", "0.01"), ("4", "0.02")):
        visit("train", train_size="1900", epochs=epochs, learning_rate=rate, rates="True")
    assert len(made) == 1


def test_where_nothing_is_trained_nothing_is_tested(shelf, monkeypatch):
    monkeypatch.setattr(shelf, "hosting", Hosting(mode="showcase"))
    at = visit("train", train_size="2000", rates="True")
    assert "Suggested" not in said(at)
    assert at.button(key="which_rate").disabled
    assert "showcase" in at.info[-1].value


def test_its_points_can_be_downloaded(monkeypatch, digits):
    kept = []
    monkeypatch.setattr(rates.st, "download_button", lambda label, data, *more, **options: kept.append(data))
    visit("train", train_size="2000", rates="True")
    rows = list(csv.DictReader(io.StringIO(kept[-1])))
    points = list(rate_test(SMALL, digits))
    assert len(rows) == len(points)
    assert float(rows[100]["rate"]) == pytest.approx(points[100].rate, rel=1e-5)
    assert float(rows[100]["loss"]) == pytest.approx(points[100].loss, rel=1e-3)
