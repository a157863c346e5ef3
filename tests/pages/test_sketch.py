"""The sketch page, without a browser: what the pad, a file, the grid and a link bring, and what is kept."""

import base64
import io
import json
import re
import zipfile

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from core import checkpoints
from core.analysis.doubt import SURE
from core.config import PRESETS
from core.images.codes import chosen, code_of_drawing
from core.sketch import handwriting, strokes
from core.sketch.preprocessing import raw_resize, to_mnist
from core.sketch.strokes import MOST_STROKES
from core.sketch.upload import NO_DIGIT, read
from tests.core.sketch.test_strokes import by_distance, said
from tests.generated_textures import TEXTURES, textures
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, visit
from tests.strokes import STROKES, Stroke, placed
from ui.sketch import handwriting as on_the_page

MLP, CNN = PRESETS["MLP full"], PRESETS["CNN full"]


@pytest.fixture(autouse=True)
def nothing_kept(shelf):
    handwriting.delete(shelf.folder)


def words(at: AppTest) -> str:
    return unlinked(
        " ".join(element.value for element in [*at.markdown, *at.caption, *at.info, *at.warning, *at.error])
    )


def answered(at: AppTest) -> dict:
    """What the page's answers are drawn from."""
    assert not at.exception
    (found,) = [b for b in at.get("bidi_component") if b.proto.component_name == "digit_lab_answers"]
    return json.loads(found.proto.json)


def digits_of(at: AppTest) -> dict[str, str]:
    return {voice["key"]: voice["digit"] for voice in answered(at)["voices"]}


def on_the_pad(at: AppTest, lines, pen: int = 12) -> AppTest:
    """What the pad says once these lines were drawn, after all that was drawn before."""
    before = at.session_state["sketch_desk"].paper
    told = said(*lines, width=pen, so_far=before.drawn + len(lines))
    told["strokes"] = [*(stroke._asdict() for stroke in before.strokes), *told["strokes"]]
    return on_the_pad_is(at, told)


def on_the_pad_is(at: AppTest, told) -> AppTest:
    at.session_state["pad"] = {"paper": told}
    return at.run()


def four() -> list[Stroke]:
    """A small 4 in a corner."""
    return placed(STROKES[4], 10, 10, 70)


def as_mnist(lines, pen: float = 12, made=to_mnist) -> np.ndarray:
    """What such lines become, drawn by another program: dark on transparent."""
    whole = [[(round(x), round(y)) for x, y in line] for line in lines]
    pixels = np.full((280, 280, 4), 20, np.uint8)
    pixels[:, :, 3] = by_distance(whole, 280, pen) * 255
    return made(pixels)


def test_it_opens_with_an_invitation_and_a_bare_address():
    at = visit("sketch")
    assert "**Draw a digit**" in words(at)
    shown = answered(at)
    assert shown["empty"]
    assert [voice["digit"] for voice in shown["voices"]] == ["–"] * len(shown["voices"])
    assert {MLP.key, CNN.key} <= digits_of(at).keys()
    assert dict(at.query_params) == {}
    assert at.button(key="pad_clear").disabled


def test_a_small_four_in_a_corner_reads_four_and_is_what_to_mnist_makes_of_it():
    at = on_the_pad(visit("sketch"), four())
    assert set(digits_of(at).values()) == {"4"}
    shown = chosen(at.query_params["image"], None).image
    np.testing.assert_allclose(shown / 255, as_mnist(four()), atol=0.15)
    assert np.abs(shown / 255 - as_mnist(four())).mean() < 0.01
    for one in answered(at)["voices"]:
        model = checkpoints.load(one["key"]).model
        probs = model.predict_proba(shown[None])[0]
        np.testing.assert_allclose([bar["share"] for bar in one["bars"]], probs, atol=1e-3)
        assert [bar["top"] for bar in one["bars"]].index(True) == 4


def test_merely_resized_it_is_another_image():
    at = on_the_pad(visit("sketch"), four())
    at.toggle(key="sketch_resized").set_value(True).run()
    shown = chosen(at.query_params["image"], None).image
    np.testing.assert_allclose(shown / 255, as_mnist(four(), made=raw_resize), atol=0.06)
    assert at.query_params["resized"] == "True"
    assert "Merely resized" in answered(at)["words"]


def test_a_paper_is_painted_once_however_often_the_page_is_drawn(monkeypatch):
    painted, paint = [], strokes.drawn
    monkeypatch.setattr(strokes, "drawn", lambda *args: painted.append(args[0]) or paint(*args))
    at = on_the_pad(visit("sketch"), four())
    before, drawn = answered(at), len(painted)
    at.toggle(key="sketch_resized").set_value(True).run()
    at.toggle(key="sketch_resized").set_value(False).run()
    assert answered(at)["voices"] == before["voices"]
    assert len(painted) == drawn
    on_the_pad(at, [[(200, 200), (230, 230)]])
    assert len(painted) == drawn + 1


def test_several_digits_are_read_from_left_to_right():
    lines = [line for i, digit in enumerate((4, 0, 7)) for line in placed(STROKES[digit], 5 + 92 * i, 90, 84)]
    at = on_the_pad(visit("sketch"), lines)
    assert set(digits_of(at).values()) == {"407"}
    assert "3 digits" in answered(at)["words"]
    assert len(at.session_state["sketch_image"]) == 3
    again = visit("sketch", image=list(at.session_state["sketch_image"]))
    assert set(digits_of(again).values()) == {"407"}


def test_a_network_that_is_not_sure_says_so(monkeypatch):
    at = visit("sketch", run=MLP.key)
    on_the_pad(at, [[(40, 40), (240, 60), (60, 120), (230, 150), (50, 230), (240, 240)]], pen=30)
    (voice,) = answered(at)["voices"]
    top = max(bar["share"] for bar in voice["bars"])
    assert voice["unsure"] == (top < SURE[MLP.key])
    assert voice["verdict"] == ("Not sure" if top < SURE[MLP.key] else "")
    monkeypatch.setitem(SURE, MLP.key, 1.1)
    at.run()
    assert answered(at)["voices"][0]["verdict"] == "Not sure"


def test_it_says_how_wide_the_pen_is_and_who_has_learnt_from_which_pens():
    at = on_the_pad(visit("sketch"), four(), pen=12)
    ink = np.argwhere(as_mnist(four(), made=lambda pixels: pixels[:, :, 3]) > 127)
    (share,) = re.findall(r"\*\*Your pen\*\* is (\d+)% as wide as the drawing is long", words(at))
    assert int(share) == pytest.approx(100 * 12 / (np.ptp(ink, axis=0).max() + 1), abs=2)
    assert "CNN hands has also learnt from drawings by pens of 2% to 33%" in words(at)
    at = on_the_pad(visit("sketch", run=MLP.key), four())
    assert "learnt from drawings" not in words(at)


def test_it_shows_from_where_on_a_network_is_sure_and_what_that_is_worth():
    at = visit("sketch", view="doubt", run=MLP.key)
    assert f"**MLP full** is sure from {SURE[MLP.key]:.1%} on." in words(at)
    assert at.get("vega_lite_chart") or at.get("arrow_vega_lite_chart")


def test_undo_takes_the_last_stroke_and_clear_all_of_them():
    lines = placed(STROKES[4], 60, 50, 150)
    at = on_the_pad(visit("sketch"), lines)
    assert digits_of(at)[CNN.key] == "4"
    at.button(key="pad_undo").click().run()
    shown = chosen(at.query_params["image"], None).image / 255
    assert np.corrcoef(shown.ravel(), as_mnist(lines[:1]).ravel())[0, 1] > 0.97
    at.button(key="pad_clear").click().run()
    assert answered(at)["empty"]
    assert dict(at.query_params) == {}


def test_what_was_drawn_is_there_again_after_a_visit_to_another_page():
    lines = placed(STROKES[7], 60, 50, 150)
    at = on_the_pad(visit("sketch"), lines)
    at.switch_page("pages/train.py").run()
    at.query_params.clear()
    at.switch_page("pages/sketch.py").run()
    assert digits_of(at)[CNN.key] == "7"


@pytest.mark.parametrize(
    "told",
    [
        None,
        7,
        "paper",
        [],
        {},
        {"drawn": 1},
        {"drawn": 1, "strokes": 7},
        {"drawn": 1, "strokes": [None, 7, {"width": 9}, {"points": [[1, 1]]}, {"width": "9", "points": [[1, 1]]}]},
        {
            "drawn": 1,
            "strokes": [{"width": 9, "points": [["x", "y"], [float("nan"), 1], [float("inf"), 1], [10**400, 1]]}],
        },
        {"drawn": float("nan"), "strokes": [{"width": 9, "points": [[50, 50]]}]},
        {"drawn": 1, "strokes": [{"width": 9, "points": [[-500, -500], [-400, -500]]}]},
        {"drawn": 8, "strokes": [{"width": 100, "points": [[0, y], [280, y]]} for y in range(0, 281, 40)]},
    ],
)
def test_whatever_the_pad_sends_the_page_goes_on(told):
    at = on_the_pad_is(visit("sketch"), told)
    shown = answered(at)
    assert shown["empty"]
    assert "Draw a digit" in shown["words"]
    while not at.button(key="pad_undo").disabled:
        at.button(key="pad_undo").click().run()
    on_the_pad(at, four())
    assert digits_of(at)[CNN.key] == "4"


def test_a_drawing_without_end_is_cut_and_read():
    points = np.random.default_rng(0).integers(0, 280, (5_000, 2)).tolist()
    at = on_the_pad_is(visit("sketch"), {"drawn": 5_000, "strokes": [{"width": 40, "points": points}] * 5_000})
    assert not at.exception
    assert len(at.session_state["sketch_desk"].paper.strokes) == MOST_STROKES


def test_full_paper_says_so_in_one_sentence():
    taps = [[(20 + 24 * (i % 10), 20 + 24 * (i // 10))] for i in range(MOST_STROKES)]
    at = on_the_pad(visit("sketch"), taps[:-1])
    assert "full" not in words(at)
    on_the_pad(at, taps[-1:])
    assert "The paper is full, with 100 strokes: undo one, or clear it." in words(at)
    at.button(key="pad_undo").click().run()
    assert "full" not in words(at)


def on_paper(at: AppTest) -> dict:
    """What the pad is told."""
    (found,) = [b for b in at.get("bidi_component") if b.proto.component_name == "digit_lab_pad"]
    return json.loads(found.proto.json)


def test_what_the_pad_said_before_a_stroke_was_taken_back_brings_nothing_back():
    at = on_the_pad(visit("sketch"), placed(STROKES[4], 60, 50, 150))
    at.button(key="pad_undo").click().run()
    at.run()  # the pad has not heard of it, and says the same
    assert [on_paper(at)["drawn"], len(on_paper(at)["strokes"])] == [2, 1]


def test_undo_brings_back_what_was_cleared():
    at = on_the_pad(visit("sketch"), four())
    assert at.button(key="pad_undo").disabled is False
    image = at.query_params["image"]
    at.button(key="pad_clear").click().run()
    assert answered(at)["empty"]
    at.button(key="pad_undo").click().run()
    assert at.query_params["image"] == image
    at.button(key="pad_clear").click().run()
    on_the_pad(at, placed(STROKES[7], 20, 20, 90))
    at.button(key="pad_undo").click().run()  # the 7's stroke
    assert answered(at)["empty"]
    at.button(key="pad_undo").click().run()  # and the clearing before it
    assert at.query_params["image"] == image


def test_undo_brings_back_a_drawing_of_a_link_that_was_cleared():
    code = code_of_drawing(as_mnist(four()))
    at = visit("sketch", image=code)
    assert at.button(key="pad_undo").disabled
    at.button(key="pad_clear").click().run()
    assert "image" not in at.query_params
    at.button(key="pad_undo").click().run()
    assert at.query_params["image"] == code
    assert "came with the link" in words(at)
    assert at.button(key="pad_undo").disabled


def test_a_drawing_that_came_by_link_is_that_image():
    code = code_of_drawing(as_mnist(four()))
    at = visit("sketch", image=code)
    assert set(digits_of(at).values()) == {"4"}
    assert "came with the link" in words(at)
    assert at.query_params["image"] == code
    at.button(key="pad_clear").click().run()
    assert answered(at)["empty"]
    assert "image" not in at.query_params


def test_an_image_of_mnist_is_opened_by_link_with_its_network_and_epoch(digits):
    at = visit("sketch", image="test-18", run=MLP.key, epoch="3")
    assert at.number_input(key="sketch_number").value == 18
    (voice,) = answered(at)["voices"]
    assert voice["name"] == "MLP full, epoch 3"
    assert f"it is a {digits.y_test[18]}" in answered(at)["words"]
    at.number_input(key="sketch_number").set_value(19).run()
    assert (at.query_params["image"], at.query_params["run"]) == ("test-19", f"{MLP.key}@3")
    at = visit("sketch", image="validation-50012")
    assert f"Validation image 50,012: it is a {digits.y_val[12]}." in answered(at)["words"]


def test_another_number_and_any_image_are_a_click_away(digits):
    at = visit("sketch", source="test")
    at.number_input(key="sketch_number").set_value(7).run()
    assert f"Test image 7: it is a {digits.y_test[7]}." in answered(at)["words"]
    assert at.query_params["image"] == "test-7"
    at.button(key="sketch_any").click().run()
    at.button_group(key="sketch_part").set_value("validation").run()
    assert at.query_params["image"].startswith("validation-5")
    assert not at.get("pills")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"run": "mlp-0123456789"}, "The run mlp-0123456789 is not here."),
        ({"run": "<script>"}, "is not the key of a run"),
        ({"run": MLP.key, "epoch": "soon"}, "Epoch must be a whole number from 0 to 200"),
        ({"run": [config.key for config in PRESETS.values()][:6]}, "At most 4 networks fit side by side"),
        ({"image": "test-10000"}, "There is no test image 10,000"),
        ({"image": "drawing-zzz"}, "The drawing in this link is damaged"),
        ({"source": "telepathy"}, "Source must be one of draw, test, upload, grid"),
        ({"view": "x"}, "View must be one of"),
        ({"pen": "thick"}, "Pen must be a whole number from 4 to 40"),
        ({"resized": "maybe"}, "Resized must be one of"),
    ],
)
def test_a_link_that_cannot_be_used_says_so_and_opens_all_the_same(query, sentence):
    at = visit("sketch", **query)
    assert sentence in words(at)
    assert answered(at)["voices"]


def test_the_grid_is_read_and_survives_whatever_it_sends():
    at = visit("sketch", source="grid")
    cells = np.zeros((28, 28), np.uint8)
    cells[5:22, 13] = 1
    at.session_state["sketch_grid"] = {"cells": base64.b64encode(np.packbits(cells).tobytes()).decode()}
    at.session_state["sketch_desk"].cells = cells
    at.run()
    assert digits_of(at)[CNN.key] == "1"
    for nonsense in (None, 7, "x", "é" * 10, "AAAA", "A" * 10_000):
        at.session_state["sketch_grid"] = {"cells": nonsense}
        at.run()
        assert digits_of(at)[CNN.key] == "1"


def on_the_grid(cells: np.ndarray) -> dict[str, str]:
    at = visit("sketch", source="grid")
    at.session_state["sketch_desk"].cells = cells
    return digits_of(at.run())


def test_a_big_0_along_the_border_of_the_grid_is_a_0_and_no_paper():
    down, right = np.mgrid[:28, :28]
    ring = np.hypot(down - 13.5, right - 13.5)
    assert set(on_the_grid(((ring < 14) & (ring > 11)).astype(np.uint8)).values()) == {"0"}


def test_a_dotted_1_on_the_grid_is_one_digit():
    cells = np.zeros((28, 28), np.uint8)
    cells[3:25:2, 14] = 1
    assert set(on_the_grid(cells).values()) == {"1"}


@pytest.mark.parametrize("kind", [None, *TEXTURES])
def test_a_photo_without_a_digit_has_none_and_the_page_says_what_the_command_line_says(kind, monkeypatch):
    grey = np.full((200, 150), 255, np.uint8) if kind is None else textures(kind, 1, seed=0)[0]
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    monkeypatch.setattr(st, "file_uploader", lambda *arguments, **options: file)
    shown = answered(visit("sketch", source="upload"))
    assert shown["empty"]
    assert shown["words"] == read(file.getvalue()).problem
    assert kind or shown["words"] == NO_DIGIT


def test_the_control_of_networks_decides_who_is_asked():
    at = visit("sketch", image="test-18")
    small = PRESETS["CNN small"].key
    at.multiselect(key="sketch_run").set_value([small]).run()
    assert list(digits_of(at)) == [small]
    assert at.query_params["run"] == small
    at.multiselect(key="sketch_run").set_value([]).run()
    assert answered(at)["voices"] == []
    assert not at.exception


def test_the_nearest_training_images_are_those_of_the_chosen_network(digits):
    at = visit("sketch", image="test-18", view="why")
    assert re.search(r"(\d of 8 are \d|1 of 8 is an? \d|All 8 are \d)s?, as it answers\.", words(at))
    at.button_group(key="sketch_neighbours_of").set_value(CNN.key).run()
    assert "its last hidden layer" in words(at)
    links = [link.proto for link in at.main.get("page_link") if link.proto.page == "weights"]
    assert len(links) == len(digits_of(at)) + 8
    assert f"run={MLP.key}" in links[0].query_string
    assert "image=test-18" in links[0].query_string


def test_the_right_label_is_kept_once_and_taken_back(shelf):
    lines = placed(STROKES[4], 60, 50, 150)
    at = on_the_pad(visit("sketch"), lines)
    at.button_group(key="sketch_label").set_value(4).run()
    assert "Kept as a 4" in words(at)
    at.run()
    at.button_group(key="sketch_label").set_value(9).run()
    kept = handwriting.everything(shelf.folder)
    assert kept.labels.tolist() == [9], "another label for the same sketch"
    np.testing.assert_allclose(kept.images[0] / 255, as_mnist(lines), atol=0.06)
    with zipfile.ZipFile(io.BytesIO(handwriting.export(shelf.folder))) as archive:
        strokes = json.loads(archive.read("strokes.jsonl"))["strokes"]
    assert [stroke[0] for stroke in strokes] == [[round(x), round(y)] for (x, y), *_ in lines]
    at.button(key="label_undo").click().run()
    assert handwriting.count(shelf.folder) == 0
    assert "Kept" not in words(at)


def test_what_it_was_is_greyed_with_its_reason_unless_there_is_one_digit():
    lines = [line for i, digit in enumerate((4, 0, 7)) for line in placed(STROKES[digit], 5 + 92 * i, 90, 84)]
    for at, reason in (
        (visit("sketch"), "As soon as there is a digit, you can say what it was."),
        (on_the_pad(visit("sketch"), lines), "These are 3 digits: what it was can be said of one alone."),
    ):
        assert at.button_group(key="sketch_label").proto.disabled
        assert reason in words(at)
    at = on_the_pad(visit("sketch"), four())
    assert not at.button_group(key="sketch_label").proto.disabled
    assert "what it was can be said" not in words(at)


@pytest.mark.parametrize(
    ("source", "todo"),
    [("draw", "Draw a digit."), ("upload", "Choose a photo or scan"), ("grid", "Set pixels with the keyboard.")],
)
def test_an_empty_view_says_what_to_do_there(source, todo):
    at = visit("sketch", source=source)
    assert answered(at)["empty"]
    assert answered(at)["words"].startswith(todo)
    for view in ("made", "why"):
        said = words(visit("sketch", source=source, view=view))
        assert ("Draw something" in said) == (source != "upload")
        assert ("Choose a picture" in said) == (source == "upload")


def test_another_drawing_has_no_label_yet(shelf):
    at = on_the_pad(visit("sketch"), four())
    at.button_group(key="sketch_label").set_value(4).run()
    at.button(key="pad_clear").click().run()
    on_the_pad(at, placed(STROKES[7], 20, 20, 90))
    assert at.button_group(key="sketch_label").value is None
    assert handwriting.everything(shelf.folder).labels.tolist() == [4]


def test_a_store_that_is_full_or_damaged_says_so(shelf, monkeypatch):
    monkeypatch.setattr(handwriting, "MOST", 0)
    at = on_the_pad(visit("sketch"), four())
    at.button_group(key="sketch_label").set_value(4).run()
    assert "all that there is room for" in words(at)
    monkeypatch.setattr(handwriting, "FILE", "server.log")
    (shelf.folder / "server.log").write_bytes(b"no database at all" * 100)
    at = visit("sketch", view="ours")
    assert "server.log is damaged" in words(at)


@pytest.mark.parametrize(
    ("address", "host", "said", "keeps"),
    [
        ("127.0.0.1", "localhost:8501", None, True),
        ("::1", "[::1]:8501", None, True),
        ("127.0.0.1", "digits.example.org", None, False),  # behind a proxy
        ("0.0.0.0", "127.0.0.1:8501", None, False),
        ("", "localhost:8501", None, False),
        ("0.0.0.0", "digits.example.org", "1", True),
        ("127.0.0.1", "localhost:8501", "0", False),
    ],
)
def test_a_hosted_server_keeps_nothing_unless_its_host_says_so(address, host, said, keeps, monkeypatch):
    monkeypatch.setattr(st, "get_option", lambda name: address)
    monkeypatch.setattr(on_the_page.st, "context", type("Context", (), {"headers": {"Host": host}}))
    monkeypatch.delenv(on_the_page.SWITCH, raising=False)
    if said is not None:
        monkeypatch.setenv(on_the_page.SWITCH, said)
    assert on_the_page.keeps() == keeps


def test_where_nothing_is_kept_the_page_says_how_to_switch_it_on(monkeypatch, shelf):
    monkeypatch.setenv(on_the_page.SWITCH, "0")
    at = on_the_pad(visit("sketch", view="ours"), four())
    assert "DIGIT_LAB_KEEP_SKETCHES=1" in words(at)
    assert not [group for group in at.button_group if group.key == "sketch_label"]
    assert handwriting.count(shelf.folder) == 0


def test_our_handwriting_is_a_test_set_for_every_run(shelf, digits):
    for image, label in zip(digits.x_test[:30], digits.y_test[:30], strict=True):
        handwriting.keep(shelf.folder, image, int(label))
    at = visit("sketch", view="ours")
    assert "**30 sketches**" in words(at)
    table = at.dataframe[0].value.set_index("Network")
    for name, config in PRESETS.items():
        if checkpoints.path_of(config.key, shelf.folder).exists():
            probs = checkpoints.load(config.key).model.predict_proba(digits.x_test[:30])
            right = (probs.argmax(axis=1) == digits.y_test[:30]).mean() * 100
            assert table["Ours"][name] == pytest.approx(right)
    assert len([key for key in buttons(at) if key and key.startswith("drop_")]) == 20
    newest = handwriting.newest(shelf.folder, 1)[0].number
    at.button(key=f"drop_{newest}").click().run()
    assert "**29 sketches**" in words(at)
    at.button(key="ours_undo").click().run()
    assert "**30 sketches**" in words(at)
    at.button(key="ours_delete").click().run()
    assert "Nothing is kept yet" in words(at)
    assert "Deleted 30 sketches." in words(at)
    at.button(key="ours_undo").click().run()
    assert "**30 sketches**" in words(at)


def test_two_digits_that_came_by_link_are_explained_one_at_a_time():
    codes = [code_of_drawing(as_mnist(four())), code_of_drawing(as_mnist(four()).T)]
    at = visit("sketch", image=codes, view="why")
    assert at.button_group(key="sketch_digit").value == 0
