"""What a visitor does on a page, without a browser."""

import json
import time
from pathlib import Path

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
    """The specs of the page's Plotly charts."""
    return [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]


def until(at: AppTest, true) -> AppTest:
    """Visit again until something is true; on the way there no visit may fail."""
    for _ in range(300):
        at.run()
        assert not at.exception
        if true(at):
            return at
        time.sleep(0.1)
    raise AssertionError([element.value for element in at.markdown])
