"""What goes to a browser of a component of ours: all that works, and nothing that is for its reader alone."""

from pathlib import Path

import pytest

from ui.component import component

FILES = sorted(file for kind in ("js", "css", "html") for file in Path("ui").rglob(f"*.{kind}"))


@pytest.fixture
def sent(monkeypatch):
    """Make a component of one file, and find what goes to the browser of it."""
    made: dict[str, str] = {}
    monkeypatch.setattr("streamlit.components.v2.component", lambda name, **texts: made.update(texts))

    def text(file: Path) -> str:
        component(file.parent, file.stem)
        return made[file.suffix[1:]]

    return text


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_browser_gets_every_line_but_the_comments(file, sent):
    def words(text: str) -> list[str]:
        return [word for line in text.splitlines() if not line.strip().startswith("//") for word in line.split()]

    whole, short = file.read_text(encoding="utf-8"), sent(file)
    assert "/*" not in short
    assert "\n" in short, "of a single line Streamlit thinks that it is a path"
    if file.suffix == ".css":
        for comment in whole.split("/*")[1:]:
            whole = whole.replace("/*" + comment.split("*/")[0] + "*/", "")
        assert "".join(short.split()) == "".join(whole.split())
    else:
        assert words(short) == words(whole)
        assert len(short) <= len(whole)
