"""The confusion page, without a browser."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import log_loss
from streamlit.testing.v1 import AppTest

from core import checkpoints, description
from core.config import PRESETS
from core.training import model_at
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, metrics, visit
from ui import predictions, shared
from ui.confusion import matrix as matrix_view
from ui.confusion.look import look_at
from ui.confusion.state import ConfusionState

MLP, CNN = PRESETS["MLP full"], PRESETS["CNN full"]


def words(at: AppTest) -> str:
    return unlinked(" ".join(element.value for element in [*at.markdown, *at.caption, *at.info, *at.warning]))


def opened(at: AppTest) -> set[int]:
    """The MNIST indices of the images in the gallery."""
    return {int(key.removeprefix("open_")) for key in buttons(at) if key and key.startswith("open_")}


@pytest.fixture(scope="module")
def mlp(digits):
    """The probabilities of the report's MLP for the test images."""
    return checkpoints.load(MLP.key).model.predict_proba(digits.x_test)


@pytest.fixture(scope="module")
def cnn(digits):
    """The probabilities of the report's CNN for the test images."""
    return checkpoints.load(CNN.key).model.predict_proba(digits.x_test)


@pytest.fixture(scope="module")
def own(trained):
    """A run that is none of the report's."""
    return replace(trained, about=description.about(trained.model))


def accuracy(config) -> str:
    """A run's test accuracy as the page writes it."""
    return f"{checkpoints.summary(config.key).test_accuracy:.2%}"


def test_it_opens_on_the_reports_mlp_and_its_commonest_mistake(mlp, digits):
    at = visit("confusion")
    matrix = np.zeros((10, 10), int)
    np.add.at(matrix, (digits.y_test, mlp.argmax(axis=1)), 1)
    assert re.search(rf"\*\*{accuracy(MLP)}\*\* \(.+%\) of 10,000 test images are read right", words(at))
    np.fill_diagonal(matrix, 0)
    true, predicted = divmod(int(matrix.argmax()), 10)
    assert f"**{matrix.max()}** of" in words(at)
    assert (at.selectbox(key="confusion_true").value, at.selectbox(key="confusion_predicted").value) == (
        true,
        predicted,
    )


@pytest.mark.parametrize(("true", "predicted"), [(3, 5), (9, 4), (7, 9)])
def test_the_selectors_open_exactly_the_images_of_a_cell(true, predicted, mlp, digits):
    at = visit("confusion")
    at.selectbox(key="confusion_true").set_value(true).run()
    at.selectbox(key="confusion_predicted").set_value(predicted).run()
    expected = np.flatnonzero((digits.y_test == true) & (mlp.argmax(axis=1) == predicted))
    assert 0 < len(expected) <= 12
    assert opened(at) == set(expected.tolist())
    surest = expected[mlp[expected].max(axis=1).argmax()]
    assert f"**Test image {surest:,}**" in words(at), "the surest mistake is open"
    assert at.query_params["true"] == str(true)


def test_a_full_cell_is_turned_page_by_page():
    at = visit("confusion", true="0", predicted="0")
    first = opened(at)
    assert len(first) == 12
    assert "least sure first" in words(at).lower()
    at.session_state["confusion_page"] = 2
    at.run()
    assert len(opened(at) | first) == 24


def test_an_empty_cell_says_so():
    at = visit("confusion", true="3", predicted="0")
    assert "**0** of 1,010 3s are taken for 0" in words(at)
    assert opened(at) == set()


def test_an_image_opens_with_its_probabilities_and_what_argued_for_the_wrong_digit():
    at = visit("confusion", true="3", predicted="5")
    index = max(opened(at))
    at.button(key=f"open_{index}").click().run()
    assert f"**Test image {index:,}**" in words(at)
    assert "argue most for 5 and against 3" in words(at)
    assert at.query_params["image"] == str(index)
    cnn = visit("confusion", run=CNN.key, true="3", predicted="5")
    assert opened(cnn)
    assert "argue most for" not in words(cnn)


def test_a_link_to_an_image_turns_to_its_page(mlp, digits):
    places = np.flatnonzero((digits.y_test == 0) & (mlp.argmax(axis=1) == 0))
    index = places[np.argsort(mlp[places].max(axis=1), kind="stable")][30]
    at = visit("confusion", true="0", predicted="0", image=str(index))
    assert f"**Test image {index:,}**" in words(at)
    assert at.session_state["confusion_page"] == 3


def test_an_epoch_is_that_snapshots_network(digits):
    at = visit("confusion", epoch="3")
    probs = model_at(checkpoints.load(MLP.key), 3).predict_proba(digits.x_test)
    right = (probs.argmax(axis=1) == digits.y_test).mean()
    assert f"**{right:.2%}**" in words(at)
    assert at.query_params["epoch"] == "3"
    at.select_slider(key="confusion_epoch").set_value(70).run()
    assert f"**{accuracy(MLP)}**" in words(at)
    assert "epoch" not in at.query_params, "the last one need not be said"


def test_before_training_there_is_nothing_to_read_into_the_matrix():
    at = visit("confusion", epoch="0")
    assert "The answer to every image is **" in words(at)
    assert "**No better than guessing**" in words(at)
    assert "Hardest" not in words(at)


def test_the_validation_images_have_their_place_among_the_training_images(digits):
    at = visit("confusion", part="validation", true="5", predicted="3")
    probs = checkpoints.load(MLP.key).model.predict_proba(digits.x_val)
    expected = np.flatnonzero((digits.y_val == 5) & (probs.argmax(axis=1) == 3))
    expected = expected[np.argsort(-probs[expected].max(axis=1))][:12]
    assert opened(at) == set((50_000 + expected).tolist())
    assert f"**Validation image {50_000 + expected[0]:,}**" in words(at)
    assert "MNIST's 60,000 training images are counted from 0; the last 10,000 of them validate here." in words(at)


def test_counts_or_percent():
    at = visit("confusion")
    at.button_group(key="confusion_numbers").set_value("counts").run()
    assert not at.exception
    assert at.query_params["numbers"] == "counts"


def test_each_digit_has_its_scores_and_two_can_be_compared(mlp, digits):
    at = visit("confusion", view="digits")
    table = at.dataframe[0].value
    assert list(table["Digit"]) == list(range(10))
    assert table["Images"].sum() == 10_000
    recall = (mlp.argmax(axis=1) == 5)[digits.y_test == 5].mean() * 100
    assert table["Recall"][5] == pytest.approx(recall)
    low, high = map(float, table["± recall"][5].split(" to "))
    assert low < recall < high < low + 5
    assert f"**{recall:.1f}%** ({low}% to {high}%) of the 5s" in words(at)
    assert "Fisher's exact test" in words(at)
    at.selectbox(key="confusion_second_digit").set_value(9).run()
    assert "of the 9s" in words(at)


def test_certainty_has_its_numbers_and_a_threshold(mlp, digits):
    at = visit("confusion", view="certainty")
    assert metrics(at)["Accuracy"] == accuracy(MLP)
    assert metrics(at)["Log loss"] == f"{log_loss(digits.y_test, mlp):.4f}"
    assert metrics(at)["Calibration error"].endswith("%")
    assert f"{mlp.max(axis=1).mean():.1%} sure" in words(at)
    at.select_slider(key="confusion_threshold").set_value(0.99).run()
    assert f"It answers **{(mlp.max(axis=1) >= 0.99).mean():.2%}** of the images" in words(at)
    assert at.query_params["threshold"] == "0.99"
    at.select_slider(key="confusion_threshold").set_value(0.0).run()
    assert "It answers **100%** of the images and leaves 0 to somebody else" in words(at)


def test_the_reports_pair_is_compared_and_the_difference_is_more_than_chance(mlp, cnn, digits):
    at = visit("confusion", view="compare", run=PRESETS["MLP small"].key, epoch="1", other=PRESETS["CNN small"].key)
    at.button(key="preset").click().run()
    by_mlp, by_cnn = (probs.argmax(axis=1) == digits.y_test for probs in (mlp, cnn))
    counts = (
        f"{(by_mlp & ~by_cnn).sum()} images are read right by MLP full alone, {(by_cnn & ~by_mlp).sum()} by CNN full"
    )
    assert counts in words(at)
    assert "**CNN full is better by more than chance** (p < 0.0001)" in words(at)
    assert "McNemar's exact test" in words(at), "which is explained below"
    assert dict(at.query_params) == {"view": "compare"}


def test_a_run_can_be_compared_with_itself_at_another_epoch():
    at = visit("confusion", view="compare", other=MLP.key, other_epoch="1")
    assert "MLP full after epoch 70 is better by more than chance" in words(at)
    at.select_slider(key="confusion_other_epoch").set_value(70).run()
    assert "one and the same" in words(at)


def only_one_reads(mlp, cnn, digits, true: int, predicted: int) -> tuple[set[int], set[int]]:
    """The images of a cell that the MLP alone, and that the CNN alone, takes for its digit."""
    by_mlp, by_cnn = (probs.argmax(axis=1) == predicted for probs in (mlp, cnn))
    of_digit = digits.y_test == true
    return {*np.flatnonzero(by_mlp & ~by_cnn & of_digit)}, {*np.flatnonzero(by_cnn & ~by_mlp & of_digit)}


@pytest.mark.parametrize(("true", "predicted"), [(5, 3), (3, 3), (7, 8)])
def test_a_cell_of_two_runs_opens_the_images_that_one_of_them_alone_reads_so(true, predicted, mlp, cnn, digits):
    at = visit("confusion", view="compare")
    at.selectbox(key="confusion_pair_true").set_value(true).run()
    at.selectbox(key="confusion_pair_predicted").set_value(predicted).run()
    by_mlp, by_cnn = only_one_reads(mlp, cnn, digits, true, predicted)
    read = "Read right" if true == predicted else f"Taken for {predicted}"
    n = f"{(digits.y_test == true).sum():,} {true}s"
    assert f"**{read} by MLP full alone: {len(by_mlp)} of {n}**" in words(at)
    assert f"**{read} by CNN full alone: {len(by_cnn)} of {n}**" in words(at)
    assert opened(at) <= by_mlp | by_cnn
    assert len(opened(at)) == min(8, len(by_mlp)) + min(8, len(by_cnn))
    assert (at.query_params["pair_true"], at.query_params["pair_predicted"]) == (str(true), str(predicted))
    at.button(key="every_cell").click().run()
    assert "images that only MLP full reads right" in words(at)
    assert "pair_true" not in at.query_params


def test_one_digit_of_a_cell_of_two_runs_stands_for_those_that_are_read_right():
    at = visit("confusion", view="compare", pair_true="4")
    assert at.selectbox(key="confusion_pair_predicted").value == 4
    assert "Read right by MLP full alone" in words(at)


def test_an_image_of_two_runs_opens_with_what_each_of_them_answers_and_leads_inside_both(mlp, cnn, digits):
    at = visit("confusion", view="compare")
    index = max(opened(at))
    answers = mlp[index].argmax(), cnn[index].argmax()
    for name, digit in zip(("MLP full", "CNN full"), answers, strict=True):
        mark = "✓" if digit == digits.y_test[index] else "✗"
        assert f"{name}: {digit} {mark}" in re.sub(r":\w+\[(.)\]", r"\1", words(at)), "on its tile"
    assert f"**Test image {index:,}**" not in words(at)
    at.button(key=f"open_{index}").click().run()
    assert f"**Test image {index:,}**" in words(at)
    assert at.query_params["image"] == str(index)
    assert "How probable MLP full finds each digit" in words(at)
    assert "How probable CNN full finds each digit" in words(at)
    inside = [link for link in at.main.get("page_link") if link.proto.page == "weights"]
    assert [link.proto.label for link in inside] == ["See inside MLP full", "See inside CNN full"]
    for link, config in zip(inside, (MLP, CNN), strict=True):
        assert f"run={config.key}" in link.proto.query_string
        assert f"image=test-{index}" in link.proto.query_string


def test_all_that_only_one_of_two_runs_reads_is_turned_page_by_page(mlp, cnn, digits):
    at = visit("confusion", view="compare")
    by_mlp, by_cnn = (probs.argmax(axis=1) == digits.y_test for probs in (mlp, cnn))
    alone = {*np.flatnonzero(by_mlp & ~by_cnn)}
    seen = set()
    for page in range(1, -(-len(alone) // 8) + 1):
        at.session_state["confusion_page_first"] = page
        at.run()
        seen |= opened(at) & alone
    assert seen == alone


def test_corruption_lowers_the_accuracy_and_is_measured_once(monkeypatch, nothing_computed):
    at = visit("confusion", view="damage", run=PRESETS["MLP small"].key, other=PRESETS["MLP full"].key)
    before = metrics(at)
    assert len(at.get("vega_lite_chart")) == 5
    at.slider(key="confusion_degrees").set_value(40.0).run()
    after = metrics(at)
    for name in before:
        assert float(after[name].rstrip("%")) < float(before[name].rstrip("%")) - 10
    assert at.query_params["degrees"] == "40.0"
    asked = []
    monkeypatch.setattr(predictions, "corrupted_sample", lambda *what: asked.append(what))
    at.slider(key="confusion_degrees").set_value(0.0).run()
    assert metrics(at) == before
    assert not asked, "everything was there already"


def test_the_state_of_every_control_survives_a_visit_to_another_page():
    at = visit("confusion", view="certainty", threshold="0.95", part="validation", run=PRESETS["MLP small"].key)
    at.switch_page("pages/train.py").run()
    at.query_params.clear()
    at.switch_page("pages/confusion.py").run()
    assert not at.exception
    assert at.select_slider(key="confusion_threshold").value == 0.95
    assert at.query_params["part"] == "validation"
    assert at.query_params["run"] == PRESETS["MLP small"].key


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"run": "mlp-0123456789"}, "The run mlp-0123456789 is not here: showing another one."),
        ({"run": "../../etc/passwd"}, "is not the key of a run"),
        ({"other": "banana"}, "“banana” is not the key of a run"),
        ({"epoch": "soon"}, "Epoch must be a whole number from 0 to 200, not “soon”: it was left out."),
        ({"view": "<script>"}, "View must be one of"),
        ({"true": "x"}, "True must be a whole number from 0 to 9"),
        ({"noise": "nan"}, "Noise must be a number from 0.0 to 1.0"),
    ],
)
def test_a_link_that_cannot_be_used_says_so_and_opens_all_the_same(query, sentence):
    at = visit("confusion", **query)
    assert sentence in words(at)
    assert f"**{accuracy(MLP)}**" in words(at)


@pytest.mark.parametrize(("asked", "shown"), [("9", "8"), ("69", "70"), ("200", "70")])
def test_an_epoch_whose_weights_are_not_kept_is_the_nearest_that_is(asked, shown):
    at = visit("confusion", epoch=asked)
    assert str(at.select_slider(key="confusion_epoch").value) == shown


def test_an_image_that_is_not_in_the_cell_is_ignored():
    at = visit("confusion", true="3", predicted="5", image="59999")
    assert len(opened(at)) == 3


def test_a_run_of_ones_own_is_there_under_its_settings(shelf, own):
    checkpoints.save(own, shelf.folder)
    try:
        at = visit("confusion", run=own.config.key)
        assert "MLP: 10,000 images" in at.selectbox(key="confusion_run").format_func(own.config.key)
        assert f"**{own.test_accuracy:.2%}**" in words(at)
    finally:
        shelf.delete(own.config.key)


def test_a_run_that_is_deleted_meanwhile_makes_way_for_the_reports(shelf, own):
    checkpoints.save(own, shelf.folder)
    at = visit("confusion", run=own.config.key)
    shelf.delete(own.config.key)
    at.run()
    assert not at.exception
    assert f"**{accuracy(PRESETS['MLP baseline'])}**" in words(at), "the first of those that there are"


def test_the_files_hold_the_matrix_and_every_mistake(mlp, digits):
    visit("confusion")
    look = look_at(shared.runs().find(MLP.key), 70, "test", ConfusionState(), {})
    rows = list(csv.reader(io.StringIO(matrix_view._matrix_csv(look))))
    assert rows[0] == ["true digit", *map(str, range(10))]
    assert sum(int(n) for row in rows[1:] for n in row[1:]) == 10_000
    listed = list(csv.DictReader(io.StringIO(matrix_view._mistakes_csv(look))))
    assert [int(row["index"]) for row in listed] != sorted(int(row["index"]) for row in listed)
    assert {int(row["index"]) for row in listed} == set(np.flatnonzero(mlp.argmax(axis=1) != digits.y_test).tolist())
    for row in listed[:5]:
        place = int(row["index"])
        assert int(row["true"]) == digits.y_test[place]
        assert float(row[f"p{row['predicted']}"]) == pytest.approx(float(mlp[place].max()), rel=1e-4)


def test_an_opened_image_leads_to_the_same_image_on_the_other_pages():
    *links, back = visit("confusion", image="18", true="3", predicted="3").main.get("page_link")
    assert back.proto.page == "train"
    assert [link.proto.page for link in links] == ["weights", "sketch"]
    assert all("image=test-18" in link.proto.query_string for link in links)


def test_a_server_that_has_none_of_the_reports_runs_shows_its_own(bare, own):
    checkpoints.save(own, bare.folder)
    for view in ("matrix", "compare", "damage"):
        at = visit("confusion", view=view)
        assert at.selectbox(key="confusion_run").value == own.config.key
        assert not at.warning


def test_a_server_without_runs_sends_its_visitors_to_train(bare):
    assert "Nothing has been trained here yet." in words(visit("confusion"))


def test_an_image_whose_label_people_dispute_is_marked_and_says_how_they_voted():
    at = visit("confusion", run=CNN.key, true="8", predicted="9", image="947")
    marks = [caption.value for caption in at.caption if caption.value == "disputed"]
    assert len(marks) == 1, "of all images in the cell"
    assert "none says 8 and 5 say 9. The network says what most of them say" in words(at)
    assert "Of its 76 mistakes, **11** are on the 15 test images" in words(at)
    assert "disputed" not in words(visit("confusion", run=CNN.key, true="1", predicted="1")).split()


def test_validation_images_and_guesses_are_not_held_against_disputed_labels():
    for query in ({"part": "validation"}, {"epoch": "0"}):
        at = visit("confusion", **query)
        assert "people stand by" not in words(at)
        assert "last 5,000" not in words(visit("confusion", view="digits", **query))


def test_the_halves_of_the_test_set_stand_beside_each_other(mlp, digits):
    at = visit("confusion", view="digits")
    right = mlp.argmax(axis=1) == digits.y_test
    for half, part in (("first", right[:5_000]), ("last", right[5_000:])):
        assert re.search(rf"the {half} 5,000 (?:test images it reads )?\*\*{part.mean():.2%}\*\*", words(at))
    assert "**the first 5,000 are harder**" in words(at)


def test_in_two_runs_too_an_image_whose_label_is_disputed_is_marked_and_whose_mistake_it_is_is_asked():
    there = {
        "view": "compare",
        "run": MLP.key,
        "other": CNN.key,
        "pair_true": "8",
        "pair_predicted": "9",
        "image": "947",
    }
    at = visit("confusion", **there)
    said = [unlinked(element.value) for element in (*at.caption, *at.markdown)]
    assert "disputed" in said
    assert any("Disputed: most of five people" in words for words in said)
    (whose,) = [words for words in said if "Whose mistake is it?" in words]
    assert "none says 8 and 5 say 9" in whose
    assert "CNN full says what most of them say" in whose
