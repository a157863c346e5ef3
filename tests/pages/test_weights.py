"""The page Weights, without a browser."""

import base64
import csv
import io
import json
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core import checkpoints, description
from core.analysis import matrices, neurons
from core.charts.colours import DARK, LIGHT
from core.config import ACTIVATIONS, PRESETS, CNNConfig, MLPConfig
from core.history import EpochEnd
from core.images.codes import code_of_drawing
from core.training import begin, model_at, train
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, metrics, until, visit
from ui import shared
from ui.predictions import model, version
from ui.weights import neuron, templates
from ui.weights.film import Counting, reel_of, told
from ui.weights.state import VIEWS

MLP, CNN = PRESETS["MLP full"], PRESETS["CNN full"]


def words(at: AppTest) -> str:
    return unlinked(" ".join(element.value for element in [*at.markdown, *at.caption, *at.info, *at.warning]))


def component(at: AppTest, part: str) -> dict:
    """What a component of the page is told; `part` is of its key."""
    found = [element.proto for element in at.get("bidi_component") if part in element.proto.id]
    assert len(found) == 1, [element.proto.id for element in at.get("bidi_component")]
    return json.loads(found[0].json)


@pytest.fixture(scope="module")
def saved():
    return checkpoints.load(MLP.key)


def short(config, digits):
    """A run of these settings, finished and fit to be kept."""
    checkpoint = begin(config, digits)
    for _ in train(config, digits, checkpoint):
        pass
    return replace(checkpoint, about=description.about(checkpoint.model))


def kept(shelf, checkpoint):
    checkpoints.save(checkpoint, shelf.folder)
    return checkpoint.config.key


def test_it_opens_on_the_reports_mlp_after_its_last_epoch(saved):
    at = visit("weights")
    assert dict(at.query_params) == {}
    weights = saved.model.w2[:, 0]
    assert f"Votes for {weights.argmax()}, against {weights.argmin()}" in words(at)
    film = component(at, "film")
    assert film["epochs"] == sorted(saved.snapshots)
    assert film["place"] == len(saved.snapshots) - 1
    assert film["order"] == list(range(64))


def test_the_film_is_told_the_accuracy_and_the_matrix_of_every_epoch(saved, digits, nothing_computed):
    at = until(visit("weights", epoch="3"), lambda at: all(component(at, "film")["matrices"]))  # counted bit by bit
    film = component(at, "film")
    training, validation, test = (line["values"] for line in film["accuracies"])
    assert [line["words"][-1] for line in film["accuracies"]][2] == f"{saved.test_accuracy:.2%}"
    assert len({tuple(line["colour"]) for line in film["accuracies"]}) == 3
    assert not {LIGHT.negative, LIGHT.positive, LIGHT.right, LIGHT.wrong} & {
        tuple(line["colour"]) for line in film["accuracies"]
    }, "these have a meaning already"
    for place, epoch in enumerate(film["epochs"]):
        answers = model_at(saved, epoch).predict_proba(digits.x_test).argmax(axis=1)
        if epoch != film["epochs"][-1]:  # where the network itself is asked, at full precision
            assert test[place] == pytest.approx((answers == digits.y_test).mean())
        if epoch:
            assert (training[place], validation[place]) == saved.history[epoch - 1][2:4]
        fills = film["matrices"][place]
        assert len(fills) == 100 * len("#rrggbb")
    assert training[0] is validation[0] is None
    assert len(set(film["matrices"])) == len(film["epochs"])
    assert film["epochs"][film["place"]] == 3


def test_the_reel_holds_the_weights_of_every_epoch(saved):
    at = visit("weights")
    reel = component(at, "reel")
    assert reel["name"] == component(at, "film")["reel"]
    differences = np.frombuffer(zlib.decompress(base64.b64decode(reel["packed"])), np.int8)
    shape = reel["epochs"], reel["units"], reel["height"], reel["width"]
    levels = np.cumsum(differences.reshape(shape), axis=0, dtype=np.int64).astype(np.int8)
    weights = levels * np.array(reel["largest"])[:, :, None, None] / 127
    stack = np.stack([saved.snapshots[epoch]["w1"].reshape(64, 28, 28) for epoch in sorted(saved.snapshots)])
    np.testing.assert_allclose(weights, stack.astype(np.float64), atol=float(np.abs(stack).max()) / 127)


def test_a_change_of_what_is_shown_does_not_send_the_weights_again():
    def sent(at):
        (reel,) = (element.proto for element in at.get("bidi_component") if "reel" in element.proto.id)
        return reel.SerializeToString()

    at = visit("weights")
    before = sent(at)
    at.number_input(key="weights_unit").set_value(9).run()
    at.selectbox(key="weights_sort").set_value("similarity").run()
    at.selectbox(key="weights_scale").set_value("own").run()
    assert sent(at) == before
    assert len(json.dumps(component(at, "film"))) < 50_000


@pytest.mark.parametrize("sort", ["norm", "votes", "similarity"])
def test_neurons_are_sorted_as_they_are_at_the_end(sort, saved):
    at = visit("weights", sort=sort, epoch="2")
    network = model_at(saved, sorted(saved.snapshots)[-1])
    assert component(at, "film")["order"] == neurons.order(network.w1, network.w2, sort).tolist()
    assert at.query_params["sort"] == sort


def test_a_neuron_is_chosen_by_number_and_described(saved, digits):
    at = visit("weights")
    at.number_input(key="weights_unit").set_value(42).run()
    assert at.query_params["unit"] == "42"
    assert component(at, "film")["unit"] == 42
    inputs = neurons.net_inputs(saved.model, digits.x_test)[:, 42]
    assert f"on **{(inputs > 0).mean():.2%}** of the test images" in words(at)
    most = {int(key.removeprefix("most_")) for key in buttons(at) if key.startswith("most_")}
    assert most == set(np.argsort(-inputs, kind="stable")[:8].tolist())


def test_an_image_that_excites_a_neuron_leads_to_why():
    at = visit("weights", unit="3")
    key = min(key for key in buttons(at) if key.startswith("least_"))
    at.button(key=key).click().run()
    assert not at.exception
    assert at.query_params["view"] == "why"
    assert at.query_params["image"] == key.replace("least_", "test-")


@pytest.mark.parametrize("units", [16, 256])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_any_mlp_can_be_looked_into(units, activation, shelf, digits):
    config = MLPConfig(train_size=300, epochs=1, hidden_units=units, activation=activation, batch_size=100)
    key = kept(shelf, short(config, digits))
    try:
        for view in VIEWS["mlp"]:
            at = visit("weights", run=key, view=view, unit="255", sort="similarity", weakest="256", off="3.200")
            assert at.query_params["run"] == key
            if view == "neurons":
                assert at.number_input(key="weights_unit").value == units - 1
                assert len(component(at, "film")["order"]) == units
            if view == "break":
                assert at.slider(key="weights_weakest").value == units
                assert at.multiselect(key="weights_off").value == ([3] if units == 16 else [3, 200])
    finally:
        shelf.delete(key)


@pytest.mark.parametrize("view", VIEWS["cnn"])
@pytest.mark.parametrize("epoch", ["0", "70"])
def test_every_view_of_the_cnn_opens(view, epoch):
    at = visit("weights", run=CNN.key, view=view, epoch=epoch, image="test-18")
    assert at.button_group(key="weights_view").value == view
    assert not at.warning


@pytest.mark.parametrize("view", VIEWS["cnn"])
def test_every_view_of_the_deep_cnn_opens(view, shelf, digits):
    config = CNNConfig(train_size=100, epochs=1, architecture="deep")
    key = config.key
    if key not in checkpoints.keys(shelf.folder):
        few = digits._replace(x_val=digits.x_val[:100], y_val=digits.y_val[:100])
        kept(shelf, short(config, few._replace(x_test=digits.x_test[:100], y_test=digits.y_test[:100])))
    at = visit("weights", run=key, view=view, off="3.100", weakest="5", prune="10")
    assert at.button_group(key="weights_view").value == view
    assert not at.warning


@pytest.mark.parametrize("view", VIEWS["mlp"])
def test_every_view_opens_before_training_has_begun(view):
    at = visit("weights", view=view, epoch="0")
    assert at.query_params["epoch"] == "0"


def test_a_stopped_run_is_shown_as_far_as_its_weights_are_kept(shelf, digits):
    config = MLPConfig(train_size=200, epochs=200, seed=3)
    checkpoint = begin(config, digits)
    for event in train(config, digits, checkpoint):
        if isinstance(event, EpochEnd) and event.epoch == 3:
            break
    key = kept(shelf, replace(checkpoint, about=description.about(checkpoint.model)))
    try:
        at = visit("weights", run=key)
        assert component(at, "film")["epochs"] == sorted(checkpoint.snapshots)
        assert dict(at.query_params) == {"run": key}
    finally:
        shelf.delete(key)


def test_a_view_that_a_network_does_not_have_makes_way_for_its_first():
    at = visit("weights", view="filters")
    assert at.button_group(key="weights_view").value == "neurons"
    at.selectbox(key="weights_run").set_value(CNN.key).run()
    assert not at.exception
    assert at.button_group(key="weights_view").value == "filters"
    at.button_group(key="weights_view").set_value("break").run()
    at.selectbox(key="weights_run").set_value(MLP.key).run()
    assert at.button_group(key="weights_view").value == "break"
    assert dict(at.query_params) == {"view": "break"}


@pytest.mark.parametrize("image", ["test-18", "validation-50012"])
def test_a_link_from_the_confusion_page_opens_why_for_its_image(image, digits):
    at = visit("weights", run=MLP.key, epoch="8", image=image)
    assert at.button_group(key="weights_view").value == "why"
    assert at.query_params["image"] == image
    assert at.query_params["epoch"] == "8"
    number = at.number_input(key="weights_test_image").value
    assert number == (18 if image == "test-18" else None)
    (link,) = (link.proto for link in at.main.get("page_link") if link.proto.page == "confusion")
    label = digits.y_test[18] if image == "test-18" else digits.y_val[12]
    assert f"All {label}s" in link.label


def test_a_link_to_an_image_and_a_view_opens_that_view():
    at = visit("weights", image="test-18", view="neurons")
    assert at.button_group(key="weights_view").value == "neurons"
    again = visit("weights", **dict(at.query_params))
    assert dict(at.query_params) == {"image": "test-18", "view": "neurons"}
    assert again.button_group(key="weights_view").value == "neurons", "its own link does so again"


def test_a_drawing_comes_with_the_link_and_makes_way_for_a_test_image(digits):
    code = code_of_drawing(digits.x_test[7])
    at = visit("weights", image=code)
    assert not at.warning
    assert "your drawing" in words(at)
    assert at.number_input(key="weights_test_image").value is None
    at.number_input(key="weights_test_image").set_value(9).run()
    assert at.query_params["image"] == "test-9"


def test_other_images_and_the_networks_mistakes_can_be_turned_to(saved, digits):
    at = visit("weights", view="why")
    probs = saved.model.predict_proba(digits.x_test)
    wrong = np.flatnonzero(probs.argmax(axis=1) != digits.y_test)
    surest = wrong[np.argsort(-probs[wrong].max(axis=1), kind="stable")]
    for place in surest[:3]:
        at.button(key="another_mistake").click().run()
        assert at.query_params["image"] == f"test-{place}"
        assert at.number_input(key="weights_test_image").value == place
    at.button(key="another_image").click().run()
    assert not at.exception
    assert at.query_params["image"] == f"test-{at.number_input(key='weights_test_image').value}"


def test_breaking_changes_the_numbers_and_mending_brings_them_back(saved, digits):
    at = visit("weights", view="break", prune="95", noise="0.5", noise_seed="3", weakest="4", off="0.1")
    whole = f"{saved.test_accuracy:.2%}"
    assert metrics(at)["Before ablation"] == whole
    assert float(metrics(at)["Test accuracy now"].rstrip("%")) < 90
    assert float(metrics(at)["Weights left"].rstrip("%")) <= 5
    at.button(key="mend").click().run()
    assert metrics(at)["Test accuracy now"] == metrics(at)["Before ablation"] == whole
    assert metrics(at)["Weights left"] == "100%"
    assert dict(at.query_params) == {"view": "break"}


def test_a_neuron_that_is_switched_off_is_missing_from_the_answers(saved, digits):
    at = visit("weights", view="break")
    at.multiselect(key="weights_off").set_value([5, 17]).run()
    x = digits.x_test.reshape(len(digits.x_test), -1) / np.float32(255)
    f1, _ = saved.model.forward(x)
    f1[:, [5, 17]] = 0
    right = ((f1 @ saved.model.w2.T + saved.model.b2).argmax(axis=1) == digits.y_test).mean()
    assert metrics(at)["Test accuracy now"] == f"{right:.2%}"
    assert at.query_params["off"] == "5.17"


def test_filters_are_switched_off_by_name():
    at = visit("weights", run=CNN.key, view="break")
    at.multiselect(key="weights_off").set_value([0, 7]).run()
    assert not at.exception
    box = at.multiselect(key="weights_off")
    assert [box.format_func(value) for value in box.value] == ["conv1, filter 0", "conv2, filter 1"]
    now, before = (float(metrics(at)[name].rstrip("%")) for name in ("Test accuracy now", "Before ablation"))
    assert now < before


def test_the_state_of_every_control_survives_a_visit_to_another_page():
    at = visit("weights", view="break", prune="40", off="3.9", sort="norm", unit="12", run=PRESETS["MLP small"].key)
    link = dict(at.query_params)
    at.switch_page("pages/train.py").run()
    at.query_params.clear()
    at.switch_page("pages/weights.py").run()
    assert not at.exception
    assert dict(at.query_params) == link
    assert at.slider(key="weights_prune").value == 40
    assert at.multiselect(key="weights_off").value == [3, 9]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"run": "mlp-0123456789"}, "The run mlp-0123456789 is not here: showing another one."),
        ({"run": "../../etc/passwd"}, "is not the key of a run"),
        ({"epoch": "soon"}, "Epoch must be a whole number from 0 to 200, not “soon”: it was left out."),
        ({"view": "<script>"}, "View must be one of"),
        ({"image": "banana"}, "Image cannot be opened (“banana” is not the name of an image, such as test-18)"),
        ({"image": "test-10000"}, "There is no test image 10,000"),
        ({"image": "drawing-AAAA"}, "The drawing in this link is damaged"),
        ({"unit": "x"}, "Unit must be a whole number"),
        ({"sort": "size"}, "Sort must be one of number, norm, votes, similarity"),
        ({"scale": "x"}, "Scale must be one of"),
        ({"off": "1,2"}, "Off must be a whole number from 0 to 255, not “1,2”: it was left out."),
        ({"off": "3.300"}, "Off must be a whole number from 0 to 255, not 300: it was left out."),
        ({"prune": "half"}, "Prune must be a whole number from 0 to 100"),
        ({"noise": "nan"}, "Noise must be a number from 0.0 to 2.0"),
        ({"noise_seed": "x"}, "Noise seed must be a whole number"),
    ],
)
def test_a_link_that_cannot_be_used_says_so_and_opens_all_the_same(query, sentence):
    at = visit("weights", **query)
    assert sentence in words(at)
    assert component(at, "film")["epochs"]


@pytest.mark.parametrize(("asked", "shown"), [("9", 8), ("200", 70), ("-5", 0)])
def test_an_epoch_whose_weights_are_not_kept_is_the_nearest_that_is(asked, shown):
    film = component(visit("weights", epoch=asked), "film")
    assert film["epochs"][film["place"]] == shown


@pytest.mark.parametrize(
    "said",
    [None, 3, "x", {}, {"unit": "7"}, {"unit": [1]}, {"unit": 10**9}, {"unit": -4}, {"unit": True}, {"unit": 0.5}],
)
def test_what_no_film_of_ours_would_tell_is_left_alone(said):
    assert told(said, "unit") is None
    assert told({"unit": 7}, "unit") == 7


def test_the_csv_says_what_every_neuron_is(saved, digits):
    visit("weights")
    run = shared.runs().find(MLP.key)
    inputs = neuron.inputs_of(version(run, 70), model(version(run, 70)))
    rows = list(csv.DictReader(io.StringIO(templates.neuron_csv(saved.model, inputs))))
    assert len(rows) == 64
    inputs = neurons.net_inputs(saved.model, digits.x_test)
    for unit in (0, 31, 63):
        assert int(rows[unit]["votes for"]) == saved.model.w2[:, unit].argmax()
        assert float(rows[unit]["norm"]) == pytest.approx(np.linalg.norm(saved.model.w1[unit]), rel=1e-4)
        assert float(rows[unit]["fires on"]) == pytest.approx((inputs[:, unit] > 0).mean(), abs=1e-4)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_the_png_is_the_grid_in_its_order_and_on_its_scale(colours, saved):
    visit("weights")
    run = shared.runs().find(MLP.key)
    asked, last = version(run, 8), version(run, 70)
    order, reel = templates.order_of(last, "norm"), reel_of(last, "w1")
    ends = neurons.scale_ends(reel, run.summary.epochs.index(8), "own")
    picture = Image.open(io.BytesIO(templates.grid_png(model(asked), order, ends, colours))).convert("RGB")
    assert picture.size == (242 * 3, 242 * 3)
    last = model_at(saved, 70)
    unit = neurons.order(last.w1, last.w2, "norm")[10]  # second row, third column
    template = saved.snapshots[8]["w1"][unit].reshape(28, 28).astype(np.float32)
    strongest = np.unravel_index(np.abs(template).argmax(), template.shape)
    dot = picture.getpixel((3 * (2 + 2 * 30 + strongest[1]) + 1, 3 * (2 + 30 + strongest[0]) + 1))
    expected = colours.positive if template[strongest] > 0 else colours.negative
    assert np.abs(np.subtract(dot, expected)).max() < 20, "256 colours are kept"


@pytest.mark.parametrize("config", [MLP, CNN], ids=["mlp", "cnn"])
def test_of_a_run_that_comes_with_the_project_every_matrix_is_there_at_once(config):
    told = component(visit("weights", run=config.key), "film")
    assert len(told["matrices"]) == len(told["epochs"])
    assert all(told["matrices"])
    assert None not in told["accuracies"][2]["values"]


def test_matrices_are_counted_once_and_the_rest_by_a_worker(saved, digits, monkeypatch):
    visit("weights", view="break")
    monkeypatch.setattr(matrices, "ready", lambda *_: {})
    run = shared.runs().find(MLP.key)
    counting, handed_over = Counting(version(run, 70)), []

    class Worker:
        def submit(self, work):
            handed_over.append(work)

    counting.hurry(8, Worker())
    counting.hurry(8, Worker())
    assert len(handed_over) == 1, "however often it is asked"
    assert 8 in counting.matrices
    assert not counting.done
    handed_over[0]()
    assert counting.done
    answers = model_at(saved, 3).predict_proba(digits.x_test).argmax(axis=1)
    assert counting.matrices[3].trace() == (answers == digits.y_test).sum()


def test_an_image_can_be_taken_to_the_matrix_and_to_the_sketch_pad():
    links = {link.proto.page for link in visit("weights", view="why").main.get("page_link")}
    assert links == {"confusion", "sketch", "train"}, "the last leads back to the run"


def test_a_server_without_runs_sends_its_visitors_to_train(bare):
    assert "Train a network, and look here at what it has learnt." in words(visit("weights"))
