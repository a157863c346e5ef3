"""The MLP: an epoch of training, from bare matrix products to PyTorch with a DataLoader; and a prediction."""

from collections.abc import Callable

import numpy as np
import torch
from sklearn.neural_network import MLPClassifier
from torch import nn

from benchmarks import pytorch
from benchmarks.compare import Comparison, Target
from core.config import MLPConfig
from core.data import Digits
from core.mlp import CLASSES, MLP, PIXELS
from core.training import train

CONFIG = MLPConfig()
# Our learning rate is for a gradient summed over the batch; scikit-learn and PyTorch take the mean.
RATE_OF_MEAN = CONFIG.learning_rate * CONFIG.batch_size


def training(digits: Digits) -> Comparison:
    """One epoch without its evaluation. The peers are given pixels as floats from 0 to 1; ours starts from bytes."""
    pixels, labels = digits.x_train.reshape(-1, PIXELS) / np.float32(255), digits.y_train
    return Comparison(
        f"An MLP epoch, training alone: {CONFIG.train_size:,} images, batch {CONFIG.batch_size}, "
        f"{CONFIG.hidden_units} hidden units",
        rounds=7,
        contenders={
            "three matrix products": matrix_products,
            # From random weights to the first epoch's last step; the evaluation would come next.
            "ours": lambda: next(event for event in train(CONFIG, digits) if event.step == event.steps),
            "textbook NumPy": textbook(pixels, labels),
            "scikit-learn": scikit_learn(pixels, labels),
            "PyTorch on tensors": in_pytorch(pixels, labels, pytorch.shuffled),
            "PyTorch with DataLoader": in_pytorch(pixels, labels, lambda *data: pytorch.loader(*data, shuffle=True)),
        },
        targets=[
            Target("ours", "at most", 1.6, "three matrix products"),
            Target("scikit-learn", "at least", 2, "ours"),
            Target("PyTorch with DataLoader", "at least", 3, "ours"),
        ],
    )


def matrix_products() -> None:
    """The floor: x w1', f1 w2' and delta1' x of every step, into arrays that are there already, each row by row."""
    rng = np.random.default_rng(CONFIG.seed)
    batch, hidden = CONFIG.batch_size, CONFIG.hidden_units
    x, f1, delta1 = (rng.random((batch, columns), np.float32) for columns in (PIXELS, hidden, hidden))
    w1, w2 = rng.random((hidden, PIXELS), np.float32), rng.random((CLASSES, hidden), np.float32)
    z1, z2, grad_w1 = np.empty_like(f1), np.empty((batch, CLASSES), np.float32), np.empty_like(w1)
    for _ in range(CONFIG.steps_per_epoch):
        np.matmul(x, w1.T, out=z1)
        np.matmul(f1, w2.T, out=z2)
        np.matmul(delta1.T, x, out=grad_w1)


def textbook(pixels: np.ndarray, labels: np.ndarray) -> Callable[[], float]:
    """The formulas of core/mlp.py one by one, a new array for each."""
    network, rng = MLP(CONFIG.hidden_units, seed=CONFIG.seed), np.random.default_rng(CONFIG.seed)
    w1, b1, w2, b2 = network.w1, network.b1, network.w2, network.b2
    one_hot = np.eye(CLASSES, dtype=np.float32)[labels]
    rate, decay = CONFIG.learning_rate, CONFIG.weight_decay

    def epoch() -> float:
        nonlocal w1, b1, w2, b2
        loss_sum = 0.0
        order = rng.permutation(len(pixels))
        for start in range(0, len(pixels), CONFIG.batch_size):
            rows = order[start : start + CONFIG.batch_size]
            x, y = pixels[rows], one_hot[rows]
            f1 = 1 / (1 + np.exp(-(x @ w1.T + b1)))
            z2 = f1 @ w2.T + b2
            powers = np.exp(z2 - z2.max(axis=1, keepdims=True))
            probs = powers / powers.sum(axis=1, keepdims=True)
            loss_sum -= np.sum(y * np.log(probs))
            delta2 = probs - y
            delta1 = (delta2 @ w2) * f1 * (1 - f1)
            w1 = w1 - rate * (delta1.T @ x + decay * w1)
            b1 = b1 - rate * delta1.sum(axis=0)
            w2 = w2 - rate * (delta2.T @ f1 + decay * w2)
            b2 = b2 - rate * delta2.sum(axis=0)
        return loss_sum

    return epoch


def scikit_learn(pixels: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    classifier = MLPClassifier(
        hidden_layer_sizes=(CONFIG.hidden_units,),
        activation="logistic",
        solver="sgd",
        alpha=CONFIG.weight_decay,
        batch_size=CONFIG.batch_size,
        learning_rate_init=RATE_OF_MEAN,
        momentum=0,
        random_state=CONFIG.seed,
    )
    return lambda: classifier.partial_fit(pixels, labels, classes=range(CLASSES))  # one pass over the images


def in_pytorch(pixels: np.ndarray, labels: np.ndarray, batches: Callable) -> Callable[[], float]:
    """`batches` is how the images arrive: a function of x, y and the batch size."""
    x, y = torch.from_numpy(pixels), torch.tensor(labels).long()
    model = nn.Sequential(nn.Linear(PIXELS, CONFIG.hidden_units), nn.Sigmoid(), nn.Linear(CONFIG.hidden_units, CLASSES))
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE_OF_MEAN, weight_decay=CONFIG.weight_decay)
    return lambda: pytorch.train_epoch(model, optimizer, batches(x, y, CONFIG.batch_size))


def prediction(digits: Digits) -> Comparison:
    """From bytes to probabilities."""
    network = MLP(CONFIG.hidden_units, seed=CONFIG.seed)

    def plain() -> np.ndarray:
        x = digits.x_test.reshape(-1, PIXELS) / np.float32(255)
        f1 = 1 / (1 + np.exp(-(x @ network.w1.T + network.b1)))
        z2 = f1 @ network.w2.T + network.b2
        powers = np.exp(z2 - z2.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    return Comparison(
        "The MLP's prediction: 10,000 images",
        rounds=7,
        contenders={"ours": lambda: network.predict_proba(digits.x_test), "all in one batch": plain},
        targets=[Target("ours", "below", 0.15)],
    )
