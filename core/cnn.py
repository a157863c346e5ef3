"""The LeNet-style convolutional network in PyTorch, and the only place that trains with torch.

28x28 - convolution 5x5 to 6 maps - pool 2 - convolution 5x5 to 16 maps - pool 2 - 256 - 120 - 84 - 10, with ReLU after
every layer but the last, and dropout after the two hidden fully connected layers (Y. LeCun, L. Bottou, Y. Bengio,
P. Haffner, "Gradient-based learning applied to document recognition", 1998, in the report's variant).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

IMAGES_AT_ONCE = 500  # of a prediction: their feature maps stay in a processor's cache


def best_device() -> torch.device:
    """A GPU where torch sees one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Stage(NamedTuple):
    """What a layer makes of the images: `kind` is convolution, ReLU, pooling or fully connected."""

    name: str  # of the layer, as the network's attribute, e.g. "conv1"
    kind: str
    values: Tensor  # (n, maps, h, w), or (n, units) of a fully connected layer


class CNN(nn.Module):
    """The network with its weights, and the mean and standard deviation that its pixels are normalised with."""

    def __init__(self, seed: int = 0, mean: float = 0.0, std: float = 1.0):
        super().__init__()
        with torch.random.fork_rng(devices=[]):  # leaves everybody else's random numbers alone
            torch.manual_seed(seed)
            self.conv1 = nn.Conv2d(1, 6, 5)
            self.conv2 = nn.Conv2d(6, 16, 5)
            self.fc1 = nn.Linear(16 * 4 * 4, 120)
            self.fc2 = nn.Linear(120, 84)
            self.fc3 = nn.Linear(84, 10)
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32))

    @property
    def device(self) -> str:
        """Where the network computes, in words."""
        return torch.cuda.get_device_name(self.mean.device) if self.mean.is_cuda else "CPU"

    def forward(self, x: Tensor, dropout: float = 0.0, generator: torch.Generator | None = None) -> Tensor:
        """Normalised pixels (n, 1, 28, 28) -> logits (n, 10). Dropout draws from the generator; 0 switches it off."""
        x = pooled_convolution(x, self.conv1.weight, self.conv1.bias)  # (n, 6, 12, 12)
        x = F.relu(max_pool(self.conv2(x)))  # (n, 16, 4, 4); pooling first leaves ReLU a quarter of the work
        x = drop(F.relu(self.fc1(x.flatten(1))), dropout, generator)
        x = drop(F.relu(self.fc2(x)), dropout, generator)
        return self.fc3(x)

    def stages(self, x: Tensor) -> Iterator[Stage]:
        """Every step of `forward`, one after the other as a textbook draws them; the last are the logits."""
        for name in ("conv1", "conv2"):
            x = getattr(self, name)(x)
            yield Stage(name, "convolution", x)
            x = F.relu(x)
            yield Stage(name, "ReLU", x)
            x = F.max_pool2d(x, 2)
            yield Stage(name, "pooling", x)
        x = x.flatten(1)
        for name in ("fc1", "fc2"):
            x = F.relu(getattr(self, name)(x))
            yield Stage(name, "fully connected", x)
        yield Stage("fc3", "fully connected", self.fc3(x))

    def normalise(self, images: Tensor) -> Tensor:
        """Images (n, 28, 28), uint8 or float from 0 to 1 -> normalised pixels (n, 1, 28, 28) float32."""
        scale = 255 if images.dtype == torch.uint8 else 1
        pixels = images.float() if images.dtype != torch.float32 else images.clone()
        return pixels.mul_(1 / (scale * self.std)).sub_(self.mean / self.std).unsqueeze(1)  # in place: half the time

    @torch.inference_mode()
    def predict_proba(self, images: np.ndarray) -> np.ndarray:
        """Images (n, 28, 28), uint8 or float from 0 to 1 -> the probability of each digit, (n, 10) float32."""
        probs = np.empty((len(images), 10), np.float32)
        for start in range(0, len(images), IMAGES_AT_ONCE):
            some = torch.tensor(images[start : start + IMAGES_AT_ONCE], device=self.mean.device)
            probs[start : start + IMAGES_AT_ONCE] = self(self.normalise(some)).softmax(dim=1).cpu().numpy()
        return probs

    def arrays(self) -> dict[str, np.ndarray]:
        """What the network has learnt, by torch's names. On the CPU they share its memory."""
        return {name: tensor.cpu().numpy() for name, tensor in self.state_dict().items()}

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over the values that `arrays` gave."""
        self.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})


def drop(x: Tensor, p: float, generator: torch.Generator | None) -> Tensor:
    """Dropout: each value is zero with probability p, else divided by 1 - p, so that the expected sum stays.

    torch's own draws from a generator that everybody in the process shares; a run needs its own to be repeatable.
    """
    if p == 0:
        return x
    kept = torch.rand(x.shape, generator=generator, device=x.device).ge_(p)  # 0.0 or 1.0
    return x * kept.div_(1 - p)


class PairMaximum(torch.autograd.Function):
    """The larger of two values that lie beside each other along a dimension of size 2, which goes; of equals the first.

    torch's own max_pool2d looks at one window after the other and took a quarter of a training step. Here whole rows
    are compared, and the gradient goes where the larger value came from by arithmetic on whole rows as well.
    """

    @staticmethod
    def forward(ctx, x: Tensor, dim: int) -> Tensor:
        first, second = x.unbind(dim)
        larger = torch.maximum(first, second)
        if ctx.needs_input_grad[0]:
            ctx.dim = dim
            ctx.save_for_backward((larger - first).sign_())  # 1 where the second is larger, else 0
        return larger

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor, None]:
        (to_second,) = ctx.saved_tensors
        grad_x = grad.new_empty((*grad.shape[: ctx.dim], 2, *grad.shape[ctx.dim :]))
        first, second = grad_x.unbind(ctx.dim)
        torch.mul(grad, to_second, out=second)
        torch.sub(grad, second, out=first)
        return grad_x, None


def max_pool(x: Tensor) -> Tensor:
    """max_pool2d(x, 2): (n, maps, h, w) -> (n, maps, h/2, w/2), for even h and w."""
    x = PairMaximum.apply(x.unflatten(2, (-1, 2)), 3)
    return PairMaximum.apply(x.unflatten(3, (-1, 2)), 4)


def pooled_convolution(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """relu(max_pool2d(conv2d(x, weight, bias), 2)), without ever holding the unpooled maps.

    The four values under a 2x2 pooling window are convolutions at four neighbouring places. Four copies of a kxk kernel,
    each shifted inside (k+1)x(k+1) zeros, give all four at once from one convolution with stride 2, and the maximum over
    the copies is the pooling. It pays for few input channels: for conv1, not for conv2.
    """
    shifted = torch.cat([F.pad(weight, (column, 1 - column, row, 1 - row)) for row in (0, 1) for column in (0, 1)])
    corners = F.conv2d(x, shifted, stride=2).unflatten(1, (2, 2, len(weight)))  # (n, 2, 2, maps, h/2, w/2)
    return F.relu(PairMaximum.apply(PairMaximum.apply(corners, 1), 1) + bias[:, None, None])


class CNNLearner:
    """SGD with momentum of one CNN over one training set: images (n, 28, 28) uint8, labels (n,), kept on its device."""

    def __init__(
        self, model: CNN, images: np.ndarray, labels: np.ndarray, momentum: float, weight_decay: float, dropout: float
    ):
        device = model.mean.device
        self.model, self.dropout = model, dropout
        self.images, self.labels = torch.tensor(images, device=device), torch.tensor(labels, device=device).long()
        self.generator = torch.Generator(device)
        self.optimizer = torch.optim.SGD(
            model.parameters(), lr=0.0, momentum=momentum, weight_decay=weight_decay, fused=True
        )

    def step(self, rows: np.ndarray, learning_rate: float, draw: tuple[int, ...]) -> Tensor:
        """One step on the images at these rows. Returns their summed loss before it, a tensor that stays on the device.

        `draw` names the random numbers of dropout: the same numbers for the same words.
        """
        rows = torch.from_numpy(rows).to(self.images.device)
        self.generator.manual_seed(int(np.random.SeedSequence(draw).generate_state(1)[0]))
        self.optimizer.param_groups[0]["lr"] = learning_rate
        logits = self.model(self.model.normalise(self.images[rows]), self.dropout, self.generator)
        loss = F.cross_entropy(logits, self.labels[rows])
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.detach() * len(rows)

    def state(self) -> dict[str, np.ndarray]:
        """The momentum of each parameter, by torch's names; nothing before the first step."""
        state = self.optimizer.state
        return {
            name: state[parameter]["momentum_buffer"].cpu().numpy()
            for name, parameter in self.model.named_parameters()
            if "momentum_buffer" in state[parameter]
        }

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over the momentum that `state` gave."""
        for name, parameter in self.model.named_parameters():
            if name in arrays:
                buffer = torch.tensor(arrays[name], device=parameter.device)
                self.optimizer.state[parameter]["momentum_buffer"] = buffer
