"""Tables of charts as a browser gets them."""

import pandas as pd
import pyarrow as pa
import pytest

from core.charts.sent import sent


def test_a_table_goes_with_its_rows_and_columns_and_numbers_to_seven_digits():
    table = pd.DataFrame({"size": [2_000, 50_000], "mean": [0.912345678, 1e-7], "network": ["MLP", "CNN"]})
    found = sent(table)
    assert found.column_names == list(table)
    assert found["size"].to_pylist() == [2_000, 50_000]
    assert found["network"].to_pylist() == ["MLP", "CNN"]
    assert found["mean"].to_pylist() == pytest.approx(table["mean"].to_list(), rel=1e-7)


def test_what_pandas_notes_of_its_own_stays_here():
    table = pd.DataFrame({"x": [1.0], "y": ["a"]}, index=[7])
    assert sent(table).schema.metadata is None
    assert sent(table).nbytes < pa.Table.from_pandas(table).nbytes
