"""Drawings among the images that a run learns from."""

import numpy as np
import pytest

from core.config import CNNConfig, MLPConfig
from core.images.drawn import MOST, NO_DIGIT, order_of, with_drawings
from core.images.nondigits import HALVES, KINDS, SIGNS, nondigits

CONFIG = MLPConfig(train_size=1_000, batch_size=64, drawn=0.25)


@pytest.fixture(scope="module")
def pool(digits):
    return with_drawings(CONFIG, digits.x_train[:1_000], digits.y_train[:1_000])


def test_without_a_share_there_is_mnist_alone_in_the_order_that_there_always_was(digits):
    config = CNNConfig(train_size=500, seed=7)
    images, labels = digits.x_train[:500], digits.y_train[:500]
    assert with_drawings(config, images, labels)[0] is images
    np.testing.assert_array_equal(order_of(config, 3), np.random.default_rng((7, 3)).permutation(500))


def test_behind_the_training_images_are_the_digits_and_then_what_is_none_once_with_each_label(pool, digits):
    images, labels = pool
    np.testing.assert_array_equal(images[:1_000], digits.x_train[:1_000])
    assert len(images) == len(labels) == 1_000 + 200 + 10 * 50
    others = images[1_200:].reshape(10, 50, 28, 28)
    assert (others == others[0]).all()
    assert (labels[1_200:].reshape(10, 50) == np.arange(10)[:, None]).all()
    assert np.bincount(labels[1_000:1_200]).tolist() == [20] * 10


def test_every_batch_has_its_share_of_drawings_and_every_other_image_comes_once(pool):
    order = order_of(CONFIG, 1)
    assert len(order) == 1_000
    for start in range(0, 960, 64):
        assert (order[start : start + 64] >= 1_000).sum() == 16
    from_mnist = order[order < 1_000]
    assert len(np.unique(from_mnist)) == len(from_mnist)
    assert order.max() < len(pool[0])


def test_a_fifth_of_the_drawings_is_no_digit():
    config = MLPConfig(train_size=20_000, drawn=0.5)
    drawn = np.concatenate([order_of(config, epoch) for epoch in range(1, 4)]) - 20_000
    digits = round(10_000 * (1 - NO_DIGIT))
    assert (drawn[drawn >= 0] >= digits).mean() == pytest.approx(NO_DIGIT, abs=0.01)


def test_each_epoch_shows_others_and_the_seed_decides_which():
    first, again, second = order_of(CONFIG, 1), order_of(CONFIG, 1), order_of(CONFIG, 2)
    np.testing.assert_array_equal(first, again)
    assert (first != second).mean() > 0.9


def test_a_run_has_so_many_drawings_at_most():
    order = order_of(MLPConfig(drawn=0.9), 1)
    assert order.max() < 50_000 + MOST * (1 - NO_DIGIT) + 10 * MOST * NO_DIGIT


def test_what_is_no_digit_is_of_four_kinds_the_same_for_the_same_seed():
    images, kinds = nondigits(40, 3)
    assert [kinds.count(kind) for kind in KINDS] == [10] * 4
    assert (images.max(axis=(1, 2)) > 200).all()
    assert len(np.unique(images.reshape(40, -1), axis=0)) == 40
    nondigits.cache_clear()
    np.testing.assert_array_equal(nondigits(40, 3)[0], images)


def test_nothing_that_somebody_writes_a_digit_like_is_called_none():
    assert not set(SIGNS) & set("BCDGIJLOQSUZbgiloqsuzc0123456789")
    assert not {digit for digit, _ in HALVES} & {1, 4, 6, 7, 8, 9}
