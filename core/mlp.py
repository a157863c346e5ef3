"""A multi-layer perceptron written from scratch: 784 pixels - hidden units - 10 digits. It knows NumPy and nothing else.

Forward, for a batch of n images as rows of x, pixels from 0 to 1:

    f1    = activation(x w1' + b1)                 (n, hidden)
    probs = softmax(f1 w2' + b2)                   (n, 10)
    loss  = - sum over the batch of log probs[i, label_i]

Backward, by the chain rule, from the loss to each array (D. Rumelhart, G. Hinton, R. Williams, "Learning
representations by back-propagating errors", 1986):

    delta2  = probs - one_hot(labels)              d loss / d (f1 w2' + b2)
    grad_w2 = delta2' f1,   grad_b2 = sum delta2
    delta1  = (delta2 w2) * slope(f1)              d loss / d (x w1' + b1)
    grad_w1 = delta1' x,    grad_b1 = sum delta1

The gradient is the sum over the batch, not its mean: the report's learning rates are made for that.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

SIDE, CLASSES = 28, 10
PIXELS = SIDE * SIDE
IMAGES_AT_ONCE = 500  # of a prediction: 1.5 MB of pixels as float32 stay in a processor's cache
INK = np.float32(1 / 255)  # uint8 pixels times this are from 0 to 1
TINY = float(np.finfo(np.float32).tiny)  # the least probability that a loss is computed for: log(0) is no number


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), in place. Written with tanh, which does not overflow for a large negative z."""
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5
    return z


def tanh(z: np.ndarray) -> np.ndarray:
    """The hyperbolic tangent, in place."""
    return np.tanh(z, out=z)


def relu(z: np.ndarray) -> np.ndarray:
    """max(z, 0), in place."""
    return np.maximum(z, 0, out=z)


def softmax(z: np.ndarray) -> np.ndarray:
    """exp(z) over its sum in each row, in place: (n, 10) of any size to (n, 10) that sum to 1."""
    z -= z.max(axis=1, keepdims=True)  # exp() would overflow otherwise
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)
    return z


# Each activation f with its slope, written in terms of f itself.
ACTIVATIONS = {
    "sigmoid": (sigmoid, lambda f: f * (1 - f)),
    "tanh": (tanh, lambda f: 1 - f * f),
    "relu": (relu, lambda f: f > 0),
}


class Gradients(NamedTuple):
    """Of the summed loss, one array for each of the network's, in its shape."""

    w1: np.ndarray
    b1: np.ndarray
    w2: np.ndarray
    b2: np.ndarray


class MLP:
    """The network's four arrays and what can be done with them.

    w1 (hidden, 784) and w2 (10, hidden) start from N(0, 0.1) / sqrt(inputs), b1 (hidden,) and b2 (10,) from zero,
    as in the report.
    """

    device = "CPU"

    def __init__(self, hidden_units: int = 64, activation: str = "sigmoid", seed: int = 0, dtype: type = np.float32):
        rng = np.random.default_rng(seed)
        # Column by column in memory: w1' is then row by row, and x w1' takes a quarter less time.
        self.w1 = (rng.normal(0, 0.1, (hidden_units, PIXELS)) / np.sqrt(PIXELS)).astype(dtype, order="F")
        self.b1: np.ndarray = np.zeros(hidden_units, dtype)
        self.w2 = (rng.normal(0, 0.1, (CLASSES, hidden_units)) / np.sqrt(hidden_units)).astype(dtype)
        self.b2: np.ndarray = np.zeros(CLASSES, dtype)
        self.activation, self.slope = ACTIVATIONS[activation]
        self.gradients = Gradients(*map(np.empty_like, (self.w1, self.b1, self.w2, self.b2)))

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels (n, 784) from 0 to 1 -> the hidden layer f1 (n, hidden) and probs (n, 10)."""
        f1 = x @ self.w1.T
        f1 += self.b1
        self.activation(f1)
        probs = (self.w2 @ f1.T).T  # column by column: maxima and sums over ten columns, not over n rows of ten
        probs += self.b2
        return f1, softmax(probs)

    def backward(self, x: np.ndarray, labels: np.ndarray) -> tuple[float, Gradients]:
        """The loss of a batch, summed over its n images, and the gradients of that sum. x (n, 784), labels (n,).

        The next call overwrites the gradients: making new arrays for every batch takes longer than filling them.
        """
        f1, probs = self.forward(x)
        rows = np.arange(len(labels))
        loss = -np.log(np.maximum(probs[rows, labels], TINY)).sum()
        gradients = self.gradients

        delta2 = probs  # (n, 10)
        delta2[rows, labels] -= 1
        np.matmul(delta2.T, f1, out=gradients.w2)
        delta2.sum(axis=0, out=gradients.b2)

        delta1 = delta2 @ self.w2  # (n, hidden)
        delta1 *= self.slope(f1)
        np.matmul(delta1.T, x, out=gradients.w1)
        delta1.sum(axis=0, out=gradients.b1)
        return float(loss), gradients

    def sgd_step(self, gradients: Gradients, learning_rate: float, weight_decay: float) -> None:
        """w <- w - learning_rate * (gradient + weight_decay * w); the biases do not decay. Overwrites the gradients."""
        self.w1 *= 1 - learning_rate * weight_decay
        self.w2 *= 1 - learning_rate * weight_decay
        for w, gradient in zip((self.w1, self.b1, self.w2, self.b2), gradients, strict=True):
            gradient *= learning_rate
            w -= gradient

    def predict_proba(self, images: np.ndarray) -> np.ndarray:
        """Images (n, 28, 28), uint8 or float from 0 to 1 -> the probability of each digit, (n, 10) float32."""
        probs = np.empty((len(images), CLASSES), np.float32)
        for start in range(0, len(images), IMAGES_AT_ONCE):
            batch = images[start : start + IMAGES_AT_ONCE].reshape(-1, PIXELS)
            x = batch * INK if batch.dtype == np.uint8 else batch.astype(self.w1.dtype, copy=False)
            probs[start : start + IMAGES_AT_ONCE] = self.forward(x)[1]
        return probs

    def arrays(self) -> dict[str, np.ndarray]:
        """What the network has learnt, by name: the arrays themselves, not copies."""
        return {"w1": self.w1, "b1": self.b1, "w2": self.w2, "b2": self.b2}

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over the values that `arrays` gave, of a network of the same shape."""
        for name, array in self.arrays().items():
            array[...] = arrays[name]


class MLPLearner:
    """Plain stochastic gradient descent of one MLP over one training set: images (n, 28, 28) uint8, labels (n,).

    `augment` makes of a batch and a random generator the pixels to learn from, (n, 28, 28) float32 from 0 to 1; without
    it they are the images' own.
    """

    def __init__(
        self,
        model: MLP,
        images: np.ndarray,
        labels: np.ndarray,
        batch_size: int,
        weight_decay: float,
        augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
    ):
        self.model, self.weight_decay, self.augment = model, weight_decay, augment
        self.images, self.labels = images.reshape(-1, PIXELS), labels
        self.bytes = np.empty((batch_size, PIXELS), np.uint8)
        self.x = np.empty((batch_size, PIXELS), np.float32)

    def step(self, rows: np.ndarray, learning_rate: float, rng_key: tuple[int, ...]) -> float:
        """One step on the images at these rows. Returns their summed loss before it.

        `rng_key` names the random numbers of the augmentation: the same numbers for the same words.
        """
        batch, x = self.bytes[: len(rows)], self.x[: len(rows)]
        self.images.take(rows, axis=0, out=batch, mode="clip")  # "raise", the default, would copy once more
        if self.augment is None:
            np.multiply(batch, INK, out=x)
        else:
            x = self.augment(batch.reshape(-1, SIDE, SIDE), np.random.default_rng(rng_key)).reshape(-1, PIXELS)
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges says so through its loss
            loss, gradients = self.model.backward(x, self.labels[rows])
            self.model.sgd_step(gradients, learning_rate, self.weight_decay)
        return loss

    def state(self) -> dict[str, np.ndarray]:
        """What has to be kept beside the weights to go on later: nothing, for plain SGD."""
        return {}
