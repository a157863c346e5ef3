"""What is inside an MLP: its templates, the order of its neurons, and what each of them does."""

import numpy as np
import pytest
import torch
from scipy.cluster.hierarchy import cophenet, leaves_list, linkage

from core.analysis import neurons
from core.analysis.neurons import (
    activation_over,
    extremes,
    net_inputs,
    neuron_table,
    order,
    reel,
    scale_ends,
    spread,
)
from core.charts.colours import LIGHT, diverging
from core.charts.pictures import grid, templates
from core.mlp import MLP

SNAPSHOTS = 5


@pytest.fixture(scope="module")
def stack(trained):
    """The templates of a trained network after each epoch that is kept: (e, 64, 28, 28), half precision."""
    epochs = sorted(trained.snapshots)
    return np.stack([trained.snapshots[epoch]["w1"].reshape(-1, 28, 28) for epoch in epochs])


def torch_inputs(model: MLP, images: np.ndarray) -> torch.Tensor:
    """Net inputs by PyTorch, in double precision."""
    x = torch.tensor(images.reshape(len(images), -1) / 255, dtype=torch.float64)
    w1, b1 = (torch.tensor(array, dtype=torch.float64) for array in (model.w1, model.b1))
    return torch.nn.functional.linear(x, w1, b1)


def test_every_template_is_the_neurons_weights():
    w1 = np.zeros((64, 784), np.float32)
    w1[10, 28 * 3 + 5] = 1.0  # row 3, column 5 of the eleventh neuron: second row, third column of the sheet
    w1[:, 0] = -1.0
    sheet = templates(w1)
    assert sheet.shape == (8 * 30 + 2, 8 * 30 + 2, 3)
    assert sheet[30 + 2 + 3, 60 + 2 + 5].tolist() == list(LIGHT.positive)
    assert (sheet[2::30, 2::30][:8, :8] == LIGHT.negative).all()


def test_a_reel_holds_the_weights_to_a_half_level(stack):
    film = reel(stack)
    weights = stack.astype(np.float64)
    size_of_a_level = film.largest[:, :, None, None] / 127
    assert film.levels.dtype == np.int8
    assert (np.abs(film.levels * size_of_a_level - weights) <= size_of_a_level * 0.501).all()
    np.testing.assert_allclose(film.largest, np.abs(weights).max(axis=(2, 3)), rtol=1e-6)


def test_a_scale_of_colours_holds_all_but_one_weight_in_200(stack):
    film = reel(stack)
    sizes = np.abs(stack.astype(np.float32))
    last = len(stack) - 1
    common, own, training = (scale_ends(film, last, scale) for scale in ("common", "own", "training"))
    assert common.shape == own.shape == training.shape == (64,)
    assert np.unique(common).size == np.unique(training).size == 1
    assert (sizes[last] > common[0]).mean() == pytest.approx(0.005, abs=1e-4)
    assert ((sizes[last] > own[:, None, None]).sum(axis=(1, 2)) == 4).all(), "784 / 200, rounded up"
    assert training[0] == max(scale_ends(film, place, "common")[0] for place in range(len(stack)))


def test_weights_of_nothing_but_zeros_are_the_colour_of_zero():
    film = reel(np.zeros((2, 3, 28, 28), np.float16))
    assert not film.levels.any()
    for scale in ("common", "own", "training"):
        sheet = grid(np.zeros((3, 28, 28)), scale_ends(film, 0, scale))
        assert (sheet[2:30, 2:30] == LIGHT.zero).all()


def test_a_grid_gives_every_neuron_its_own_scale(stack):
    weights = stack[-1].astype(np.float32)
    ends = np.linspace(0.1, 1.0, len(weights))
    sheet = grid(weights, ends, columns=16)
    for i in (0, 17, 63):
        top, left = 2 + i // 16 * 30, 2 + i % 16 * 30
        alone = diverging(weights[i], ends[i])
        difference = sheet[top : top + 28, left : left + 28].astype(int) - alone
        assert np.abs(difference).max() <= 1, "rounding"


@pytest.mark.parametrize("sort", ["number", "norm", "votes", "similarity"])
@pytest.mark.parametrize("units", [16, 64, 256])
def test_an_order_has_every_neuron_once(sort, units):
    model = MLP(units, seed=3)
    assert sorted(order(model.w1, model.w2, sort)) == list(range(units))


def test_neurons_are_sorted_by_norm_and_by_the_digit_they_vote_for(trained):
    w1, w2 = trained.model.w1, trained.model.w2
    lengths = torch.linalg.vector_norm(torch.tensor(w1), dim=1)[torch.tensor(order(w1, w2, "norm"))]
    assert (lengths.diff() <= 0).all()
    strongest, digits = torch.tensor(w2[:, order(w1, w2, "votes")]).max(dim=0)
    assert (digits.diff() >= 0).all()
    for digit in digits.unique():
        assert (strongest[digits == digit].diff() <= 0).all()


def test_neighbours_by_similarity_are_more_alike_than_by_number(trained):
    w1, w2 = trained.model.w1, trained.model.w2
    alike = np.corrcoef(w1)

    def sum_of_neighbours(places):
        return alike[places[:-1], places[1:]].sum()

    ours = order(w1, w2, "similarity")
    tree = linkage(1 - alike[np.triu_indices(len(w1), 1)], "average")
    assert sum_of_neighbours(ours) > sum_of_neighbours(leaves_list(tree)) > sum_of_neighbours(np.arange(len(w1)))
    # Leaves of one branch stay together: the tree's own distance to the next leaf is never larger than to one farther off.
    between = cophenet(linkage(1 - alike[np.triu_indices(len(w1), 1)], "average"))
    full = np.zeros((len(w1), len(w1)))
    full[np.triu_indices(len(w1), 1)] = between
    full = (full + full.T)[np.ix_(ours, ours)]
    assert (np.diff(full[0, 1:]) >= -1e-6).all()


def test_equal_templates_and_blank_ones_can_be_sorted():
    w1 = np.zeros((16, 784), np.float32)
    w1[3] = w1[11] = np.linspace(-1, 1, 784)
    places = order(w1, np.zeros((10, 16)), "similarity").tolist()
    assert sorted(places) == list(range(16))
    assert abs(places.index(3) - places.index(11)) == 1


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="no order called “size”"):
        order(np.zeros((16, 784)), np.zeros((10, 16)), "size")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_net_inputs_lead_to_the_networks_own_answers(activation, few):
    model = MLP(32, activation, seed=1)
    model.b1[:] = np.linspace(-1, 1, 32)
    inputs = net_inputs(model, few.x_test)
    np.testing.assert_allclose(inputs, torch_inputs(model, few.x_test).numpy(), atol=1e-5)
    to_outputs = torch.nn.functional.linear(
        {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[activation](torch.tensor(inputs)),
        torch.tensor(model.w2),
        torch.tensor(model.b2),
    )
    np.testing.assert_allclose(to_outputs.softmax(dim=1).numpy(), model.predict_proba(few.x_test), atol=1e-5)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_what_a_neuron_does_is_what_pytorch_says(activation):
    z = torch.linspace(-6, 6, 2001, dtype=torch.float64, requires_grad=True)
    f = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[activation](z)
    (slope,) = torch.autograd.grad(f.sum(), z)
    f = f.detach()
    does = activation_over(MLP(16, activation), z.detach().numpy().astype(np.float32))
    assert does.mean == pytest.approx(float(f.mean()), abs=1e-6)
    assert does.deviation == pytest.approx(float(f.std(correction=0)), abs=1e-6)
    assert does.active == pytest.approx(1000 / 2001)
    assert does.flat == pytest.approx(float((slope < 0.05 * slope.max()).double().mean()), abs=1e-3)
    assert does.verdict == "working"


@pytest.mark.parametrize(
    ("activation", "inputs", "verdict"),
    [
        ("sigmoid", np.full(100, 0.3), "constant"),  # but where it learns best
        ("relu", np.full(100, 0.3), "constant"),
        ("sigmoid", np.full(100, -20.0), "dead"),
        ("tanh", np.full(100, 20.0), "dead"),
        ("relu", np.linspace(-5, -1, 100), "dead"),  # never above zero
        ("relu", np.linspace(-50, 1, 100), "working"),  # hardly ever, but then it learns
        ("sigmoid", np.repeat([-9.0, 9.0], 50), "saturated"),
        ("tanh", np.repeat([-4.0, 4.0], 50), "saturated"),
        ("sigmoid", np.r_[np.repeat([-9.0, 9.0], 47), np.zeros(6)], "working"),  # 94 of 100 are flat
        ("tanh", np.linspace(-1, 1, 100), "working"),
    ],
)
def test_dead_and_saturated_neurons_are_told_from_working_ones(activation, inputs, verdict):
    assert activation_over(MLP(16, activation), inputs.astype(np.float32)).verdict == verdict


def test_the_images_that_excite_a_neuron_most_and_least_are_the_ends_of_the_ranking(trained, few):
    inputs = net_inputs(trained.model, few.x_test)[:, 7]
    most, least = extremes(inputs, 8)
    ranked = torch.argsort(torch_inputs(trained.model, few.x_test)[:, 7], stable=True).numpy()
    assert most.tolist() == ranked[::-1][:8].tolist()
    assert least.tolist() == ranked[:8].tolist()


def test_a_spread_counts_each_digits_images_as_numpy_does(trained, few):
    f = trained.model.activation(net_inputs(trained.model, few.x_test)[:, 3])
    edges = np.linspace(0, 1, 11)
    shares = spread(f, few.y_test, edges)
    for digit in range(10):
        counts, _ = np.histogram(f[few.y_test == digit], edges)
        np.testing.assert_allclose(shares[digit], counts / counts.sum())


def test_a_spread_keeps_what_is_beyond_its_edges_and_bears_a_digit_without_images():
    shares = spread(np.array([-5.0, 0.2, 7.0]), np.array([1, 1, 1]), np.array([0.0, 0.5, 1.0]))
    assert shares[1].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert not shares[0].any()


def test_the_table_of_neurons_says_what_each_one_is(trained, few):
    model, inputs = trained.model, net_inputs(trained.model, few.x_test)
    table = neuron_table(model, inputs)
    assert table["neuron"].tolist() == list(range(64))
    np.testing.assert_allclose(table["norm"], torch.linalg.vector_norm(torch.tensor(model.w1), dim=1), rtol=1e-5)
    np.testing.assert_allclose(table[[f"to {digit}" for digit in range(10)]], model.w2.T)
    assert table["votes for"].tolist() == torch.tensor(model.w2).argmax(dim=0).tolist()
    assert table["votes against"].tolist() == torch.tensor(model.w2).argmin(dim=0).tolist()
    f = torch.sigmoid(torch_inputs(model, few.x_test))
    np.testing.assert_allclose(table["mean activation"], f.mean(dim=0), atol=1e-5)
    np.testing.assert_allclose(table["fires on"], (f > 0.5).double().mean(dim=0))
    assert set(table["verdict"]) <= {"dead", "saturated", "constant", "working"}


def test_arguments_sum_to_the_odds(trained, few):
    probs = trained.model.predict_proba(few.x_test[:1]).astype(np.float64)[0]
    nats = neurons.arguments(trained.model, few.x_test[0], 3, 5).sum() + trained.model.b2[3] - trained.model.b2[5]
    assert nats == pytest.approx(np.log(probs[3] / probs[5]), abs=1e-3)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([0.1, -0.5, 0.3, 0, 0, 0, 0, 0, 0, 0], "votes for 2, against 1"),
        ([0.1] * 9 + [0.2], "votes for 9, against none"),
        ([-0.1] * 9 + [-0.2], "votes for no digit, against 9"),
        ([0.0] * 10, "votes for no digit and against none"),
    ],
)
def test_a_neuron_votes_for_and_against_only_what_its_weights_do(weights, said):
    assert neurons.votes_words(np.array(weights)) == said
