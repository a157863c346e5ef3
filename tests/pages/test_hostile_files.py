"""Files that nobody honest would put among the runs: with all of them there, every page is what it was."""

import pytest
from streamlit.runtime.uploaded_file_manager import DeletedFile

from core import checkpoints
from core.config import PRESETS, MLPConfig
from tests import hostile
from tests.pages.sentences import unlinked
from tests.pages.visit import curves, visit
from ui.runs import upload

PAGES = [
    (None, {}),
    ("train", {}),
    ("overfitting", {"networks": "mlp", "sizes": "100,200", "seeds": "1"}),
    ("runs", {}),
    ("confusion", {}),
    ("weights", {}),
    ("sketch", {}),
    ("report", {}),
    ("lessons", {"lesson": "shift", "shift": "50"}),
    ("glossary", {}),
    ("sketch", {"view": "ours"}),
]


@pytest.fixture
def planted(shelf):
    """One of each on the shelf, and afterwards none."""
    found = hostile.plant(shelf.folder)
    yield found
    for key in found:
        shelf.forget(key)
        shelf.damaged.pop(key, None)
        path = checkpoints.path_of(key, shelf.folder)
        for one in (path, path.with_name(f"{path.name}.damaged")):
            if one.is_dir() and not one.is_symlink():
                one.rmdir()
            else:
                one.unlink(missing_ok=True)


@pytest.mark.parametrize(("page", "query"), PAGES)
def test_every_page_is_there_with_all_of_them_on_the_shelf(page, query, planted):
    at = visit(page, **query)
    at.run()
    assert not at.exception


@pytest.mark.parametrize(("page", "query"), PAGES[1:])
def test_a_page_that_is_asked_for_one_of_them_says_so(page, query, planted, shelf):
    kinds = ("says seconds of 1e308", "is a folder", "is a member without the magic", "may say the largest losses")
    for key, what in planted.items():
        if what in kinds:
            at = visit(page, **query, **{"runs" if page == "runs" else "run": key})
            at.run()
            assert not at.exception, what


def says(at) -> str:
    return unlinked(" ".join(one.value for one in [*at.caption, *at.info, *at.warning, *at.markdown]).replace("\\", ""))


@pytest.mark.parametrize("page", [None, "runs"])
def test_the_list_says_what_it_leaves_out(page, planted):
    assert "Left out of this list" in says(visit(page))


@pytest.mark.parametrize("page", [None, "runs"])
def test_of_an_honest_shelf_nothing_is_said_to_be_left_out(page):
    assert "Left out" not in says(visit(page))


@pytest.fixture
def uploaded(shelf):
    config = hostile.config_of(4_000)
    shelf.upload(checkpoints.dumps(hostile.sound(config)))
    yield config
    shelf.delete(config.key)


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("train", {}),
        ("runs", {}),
        ("confusion", {}),
        ("confusion", {"view": "compare"}),
        ("weights", {}),
        ("sketch", {"image": "test-0"}),
        ("sketch", {"image": "test-0", "view": "why"}),
    ],
)
def test_an_upload_is_marked_wherever_its_figures_stand(page, query, uploaded):
    at = visit(page, **query, **{"runs" if page == "runs" else "run": uploaded.key})
    everything = says(at) + " ".join(str(box.options) for box in [*at.selectbox, *at.multiselect])
    assert "uploaded" in everything.lower()


def test_an_upload_is_marked_in_every_table(uploaded, shelf):
    marked = sum(bool(run.origin) for run in shelf.all())
    assert marked
    for page, column in ((None, "Run"), ("runs", "Name")):
        names = list(visit(page).dataframe[0].value[column])
        assert sum(name.startswith("Uploaded · ") for name in names) == marked
    at = visit("overfitting", networks="mlp", sizes="100,200", seeds="1", epochs="2")
    assert "uploaded" not in says(at), "it is none of these"


def test_an_upload_is_marked_in_a_comparison(shelf):
    config = MLPConfig(train_size=100, epochs=2)
    shelf.upload(checkpoints.dumps(hostile.sound(config)))
    try:
        at = visit("overfitting", networks="mlp", sizes="100,200", seeds="1", epochs="2")
        assert "1 of 1 uploaded" in says(at)
        assert "1 run of these, with the numbers that a file says" in says(at)
        (chart,) = curves(visit("runs", runs=[config.key, PRESETS["MLP small"].key]))
        assert any("Uploaded" in line["name"] for line in chart["lines"])
    finally:
        shelf.delete(config.key)


def test_a_file_that_vanished_before_it_was_read_is_one_sentence(monkeypatch):
    class State(dict):
        __getattr__, __setattr__ = dict.get, dict.__setitem__

    with monkeypatch.context() as patch:
        patch.setattr(upload.st, "session_state", State(upload_0=DeletedFile("x")))
        upload._upload()
        assert upload.st.session_state["upload_error"] == (
            "The file did not arrive, or is gone again: choose it once more."
        )
