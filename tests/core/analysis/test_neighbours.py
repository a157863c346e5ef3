"""Neighbours: the training images that are nearest by the last hidden layer, as scikit-learn finds them."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from core import checkpoints
from core.analysis.neighbours import features, nearest
from core.cnn import ARCHITECTURES
from core.config import PRESETS


@pytest.mark.parametrize("name", ["MLP full", "CNN full"])
def test_they_are_the_nearest_that_scikit_learn_finds(name, digits):
    model = checkpoints.load(PRESETS[name].key).model
    known = features(model, digits.x_train[:3_000])
    asked = features(model, digits.x_test[:5])
    by_sklearn = NearestNeighbors(n_neighbors=8, algorithm="brute").fit(known.astype(np.float32))
    distances, places = by_sklearn.kneighbors(asked.astype(np.float32))
    for row, one in enumerate(asked):
        found = nearest(known, one)
        assert [neighbour.place for neighbour in found] == places[row].tolist()
        np.testing.assert_allclose([neighbour.distance for neighbour in found], distances[row], rtol=1e-3)


def test_an_mlps_features_are_its_hidden_layer(trained, digits):
    model = trained.model
    x = digits.x_test[:700].reshape(-1, 784) / 255
    by_hand = 1 / (1 + np.exp(-(x @ model.w1.T.astype(np.float64) + model.b1)))
    np.testing.assert_allclose(features(model, digits.x_test[:700]), by_hand, atol=1e-3)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_cnns_features_lead_to_its_answer_through_its_last_layer(architecture, digits):
    model = ARCHITECTURES[architecture](seed=0)
    model.eval()
    *_, last = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    hidden = torch.tensor(features(model, digits.x_test[:20]).astype(np.float32))
    probs = last(hidden).softmax(dim=1).detach().numpy()
    np.testing.assert_allclose(probs, model.predict_proba(digits.x_test[:20]), atol=2e-3)


def test_a_training_image_is_its_own_nearest(trained, digits):
    known = features(trained.model, digits.x_train[:2_000])
    for place in (0, 7, 1_999):
        assert nearest(known, known[place])[0] == (place, 0.0)


def test_floats_and_bytes_are_the_same_image(trained, digits):
    images = digits.x_test[:10]
    by_bytes, by_floats = features(trained.model, images), features(trained.model, (images / np.float32(255)))
    np.testing.assert_allclose(by_bytes, by_floats, atol=1e-3)


def test_fewer_images_than_asked_for_are_all_there_are(trained, digits):
    known = features(trained.model, digits.x_train[:3])
    assert len(nearest(known, known[0], n=8)) == 3
