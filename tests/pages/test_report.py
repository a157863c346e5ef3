"""The report page, without a browser."""

import re
import shutil
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import checkpoints
from core.config import REPORT
from core.runs import Runs
from tests.pages.sentences import rows_of_the_report
from tests.pages.visit import visit
from ui import shared
from ui.report.sections import SECTIONS

FULL = REPORT["MLP full"]


def tables(at: AppTest) -> pd.DataFrame:
    """All rows of the page, by what they are about."""
    return pd.concat(rows_of_the_report(at))


def test_every_section_has_its_words_and_its_numbers():
    at = visit("report")
    assert [header.value for header in at.header] == [section.title for section in SECTIONS.values()]
    assert len(rows_of_the_report(at)) == len(SECTIONS)
    assert not at.info


def test_code_is_sent_when_it_is_asked_for():
    at = visit("report")
    assert not at.code
    for slug, section in SECTIONS.items():
        at.session_state[f"code_{slug}"] = section.code is not None
    assert [code.value for code in at.run().code] == [section.code() for section in SECTIONS.values() if section.code]


def test_what_it_says_of_the_runs_is_what_their_files_say(digits):
    rows = tables(visit("report"))["This run says"]
    for name in ("MLP full", "CNN full"):
        assert rows[f"{name}: test accuracy"] == f"{checkpoints.summary(REPORT[name].key).test_accuracy:.2%}"
    probs = checkpoints.load(FULL.key).model.predict_proba(digits.x_test)
    right = probs.argmax(axis=1) == digits.y_test
    for digit in range(10):
        assert rows[f"{digit}s read right"] == f"{np.mean(right[digits.y_test == digit]):.1%}"
    last = checkpoints.summary(REPORT["MLP small"].key).history[-1]
    assert rows["MLP small: validation accuracy at the end"] == f"{last.val_accuracy:.2%}"


def test_every_row_opens_a_page_that_there_is_with_its_run():
    rows = tables(visit("report"))
    for link in rows["Open it"]:
        name, address = re.fullmatch(r"\[(.+)\]\((.+)\)", link).groups()
        page, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        assert page in ("train", "confusion", "weights", "overfitting")
        assert "networks" in query if page == "overfitting" else query["run"] == [REPORT[name].key]


@pytest.fixture
def altered(tmp_path, monkeypatch):
    """The pages' registry, with a run of the report that has come to something else, and without another one."""
    for name, config in REPORT.items():
        if name != "CNN small":
            shutil.copy(checkpoints.path_of(config.key), tmp_path)
    file = tmp_path / checkpoints.path_of(FULL.key).name
    file.write_bytes(checkpoints.dumps(replace(checkpoints.load(FULL.key), test_accuracy=0.9)))
    runs = Runs(tmp_path, workers=1)
    monkeypatch.setattr(shared, "Runs", lambda: runs)
    yield runs
    runs.close()


def test_a_run_that_came_to_something_else_changes_its_rows(altered):
    at = visit("report")
    rows = tables(at)
    assert rows.loc["MLP full: test accuracy", "This run says"] == "90.00%"
    assert rows.loc["MLP full: test accuracy", "So"] == "**−5.28 points**, more than chance"
    (kept,) = [about for about in rows.index if "when it was saved" in about]
    assert rows.loc[kept, "So"] == "**not the same**"


def test_where_a_run_is_missing_its_section_says_so_and_leads_to_it(altered):
    at = visit("report")
    assert [info.value for info in at.info] == ["Not trained here yet: CNN small."]
    assert len(rows_of_the_report(at)) == len(SECTIONS) - 1
