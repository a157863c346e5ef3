"""What a visitor does on a page, without a browser."""

import json
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parent.parent.parent / "app.py"


def visit(page: str | None = None, visitor: str | None = None, **query: str | list[str]) -> AppTest:
    """Open a page by a link in a new tab, as a new visitor, or as one whose name the browser's cookie has."""
    at = AppTest.from_file(str(APP), default_timeout=60)
    if visitor:
        at.session_state["visitor"] = visitor
    if page:
        at = at.switch_page(f"pages/{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def metrics(at: AppTest) -> dict[str, str]:
    """The page's metrics: label to value."""
    return {metric.label: metric.value for metric in at.metric}


def buttons(at: AppTest) -> set[str]:
    """The keys of the page's buttons."""
    return {button.key for button in at.button}


def curves(at: AppTest) -> list[dict]:
    """The page's charts of histories to study: their lines, and the ends of their axis of values."""
    charts = [chart.proto for chart in at.get("vega_lite_chart")]
    found = [
        (json.loads(chart.spec), pa.ipc.open_stream(chart.data.data).read_all()) for chart in charts if chart.data.data
    ]
    return [
        {"lines": lines(rows, spec), "range": spec["layer"][0]["encoding"]["y"]["scale"]["domain"]}
        for spec, rows in found
        if "run" in rows.column_names and "training" in rows.column_names
    ]


def lines(rows: pa.Table, spec: dict) -> list[dict]:
    """The lines of such a chart as they are drawn, run by run: name, x, y, colour and dash."""
    layer = spec["layer"][0]
    (folded,) = [step["fold"] for step in layer["transform"] if "fold" in step]
    named = [entry["name"] for step in spec.get("transform", ()) for entry in step["from"]["data"]["values"]]
    encoding, found = layer["encoding"], []
    for run in dict.fromkeys(rows["run"].to_pylist()):
        own = rows.filter(pc.equal(rows["run"], run))
        if "trace" in rows.column_names:  # of which the first is the line itself
            own = own.filter(pc.equal(own["trace"], 0))
        for series in folded:
            name = named[run] if named else series
            colours, dashes = (encoding[channel]["scale"] for channel in ("color", "strokeDash"))
            found.append(
                {
                    "name": name,
                    "series": series,
                    "run": run,
                    "x": own["x" if "x" in rows.column_names else "epoch"].to_pylist(),
                    "y": own[series].to_pylist(),
                    "color": colours["range"][colours["domain"].index(name)],
                    "dash": dashes["range"][dashes["domain"].index(series)],
                }
            )
    return found


def until(at: AppTest, true) -> AppTest:
    """Visit again until something is true; on the way there no visit may fail."""
    for _ in range(300):
        at.run()
        assert not at.exception
        if true(at):
            return at
        time.sleep(0.1)
    raise AssertionError([element.value for element in at.markdown])
