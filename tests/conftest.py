"""What the tests share: MNIST, a small part of it, and one quickly trained network."""

import os
import signal

# Before NumPy is imported: with one thread, and without a GPU, the same training gives the same bits.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import pytest
import torch

from core.config import MLPConfig
from core.data import Digits, load_digits
from core.training import Checkpoint, begin, train

torch.set_num_threads(1)
# A shell that runs tests in the background has Ctrl-C ignored, and so would every process that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files with slow tests first: whoever begins a long one last is waited for."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def digits() -> Digits:
    return load_digits()


@pytest.fixture(scope="session")
def few(digits: Digits) -> Digits:
    """The first 1,000 images to train with, and 500 each to validate and to test: enough for what is exact anyway."""
    sizes = (1_000, 1_000, 500, 500, 500, 500)
    return Digits(*(array[:size] for array, size in zip(digits, sizes, strict=True)))


@pytest.fixture(scope="session")
def trained(digits: Digits) -> Checkpoint:
    """A finished MLP that reads about 93 % of the test images. Nobody may change it."""
    config = MLPConfig(train_size=10_000, epochs=6)
    checkpoint = begin(config, digits)
    for _ in train(config, digits, checkpoint):
        pass
    return checkpoint
