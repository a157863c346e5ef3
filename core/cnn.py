"""The convolutional networks in PyTorch, and the only place that trains with torch.

The report's network, in the style of LeNet:

28x28 - convolution 5x5 to 6 maps - pool 2 - convolution 5x5 to 16 maps - pool 2 - 256 - 120 - 84 - 10, with ReLU after
every layer but the last, and dropout after the two hidden fully connected layers (Y. LeCun, L. Bottou, Y. Bengio,
P. Haffner, "Gradient-based learning applied to document recognition", 1998, in the report's variant).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.data import CLASSES
from core.pooling import max_pool, pooled_convolution

IMAGES_AT_ONCE = 500  # of a prediction: their feature maps stay in a processor's cache


def best_device() -> torch.device:
    """A GPU where torch sees one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Stage(NamedTuple):
    """What a layer makes of the images: `kind` is convolution, batch norm, ReLU, pooling or fully connected."""

    name: str  # of the layer, as the network's attribute, e.g. "conv1"
    kind: str
    values: Tensor  # (n, maps, h, w), or (n, units) of a fully connected layer


class Network(nn.Module):
    """What the architectures have in common: the mean and standard deviation of their pixels, and what is asked of them."""

    mean: Tensor
    std: Tensor

    def __init__(self, mean: float, std: float):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32))

    @property
    def device(self) -> str:
        """Where the network computes, in words."""
        return torch.cuda.get_device_name(self.mean.device) if self.mean.is_cuda else "CPU"

    def normalise(self, images: Tensor) -> Tensor:
        """Images (n, 28, 28), uint8 or float from 0 to 1 -> normalised pixels (n, 1, 28, 28) float32."""
        scale = 255 if images.dtype == torch.uint8 else 1
        pixels = images.float() if images.dtype != torch.float32 else images.clone()
        return pixels.mul_(1 / (scale * self.std)).sub_(self.mean / self.std).unsqueeze(1)  # in place: half the time

    @torch.inference_mode()
    def predict_proba(self, images: np.ndarray) -> np.ndarray:
        """Images (n, 28, 28), uint8 or float from 0 to 1 -> the probability of each digit, (n, 10) float32."""
        self.eval()
        probs = np.empty((len(images), CLASSES), np.float32)
        for start in range(0, len(images), IMAGES_AT_ONCE):
            batch = torch.tensor(images[start : start + IMAGES_AT_ONCE], device=self.mean.device)
            probs[start : start + IMAGES_AT_ONCE] = self(self.normalise(batch)).softmax(dim=1).cpu().numpy()
        return probs

    def forward(self, x: Tensor, dropout: float = 0.0, generator: torch.Generator | None = None) -> Tensor:
        """Normalised pixels (n, 1, 28, 28) -> logits (n, 10). Dropout draws from the generator; 0 switches it off."""
        raise NotImplementedError

    def stages(self, x: Tensor) -> Iterator[Stage]:
        """Every step of `forward`, one after the other as a textbook draws them; the last are the logits."""
        raise NotImplementedError

    def arrays(self) -> dict[str, np.ndarray]:
        """What the network has learnt, by torch's names. On the CPU they share its memory.

        Batch norm's count of its batches is a whole number that nobody needs, and no weight.
        """
        state = self.state_dict().items()
        return {name: tensor.cpu().numpy() for name, tensor in state if not name.endswith("num_batches_tracked")}

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over the values that `arrays` gave."""
        self.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()}, strict=False)


class CNN(Network):
    """The report's network: LeNet."""

    def __init__(self, seed: int = 0, mean: float = 0.0, std: float = 1.0):
        super().__init__(mean, std)
        with torch.random.fork_rng(devices=[]):  # leaves everybody else's random numbers alone
            torch.manual_seed(seed)
            self.conv1 = nn.Conv2d(1, 6, 5)
            self.conv2 = nn.Conv2d(6, 16, 5)
            self.fc1 = nn.Linear(16 * 4 * 4, 120)
            self.fc2 = nn.Linear(120, 84)
            self.fc3 = nn.Linear(84, 10)

    def forward(self, x: Tensor, dropout: float = 0.0, generator: torch.Generator | None = None) -> Tensor:
        """Normalised pixels (n, 1, 28, 28) -> logits (n, 10). Dropout draws from the generator; 0 switches it off."""
        x = F.relu(pooled_convolution(x, self.conv1.weight, self.conv1.bias))  # (n, 6, 12, 12)
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


class DeepCNN(Network):
    """Four convolutions with batch norm, three of them pooled, and one hidden layer: better at hands it has never seen.

    28x28 - 5x5 to 24 maps, pool 2 - 3x3 to 32 - 3x3 to 48, pool 2 - 3x3 to 80, pool 2 - 720 - 64 - 10, with batch norm and
    ReLU after every convolution, after its pooling where it has one.
    """

    POOLED = ("conv1", "conv3", "conv4")

    def __init__(self, seed: int = 0, mean: float = 0.0, std: float = 1.0):
        super().__init__(mean, std)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.conv1, self.norm1 = nn.Conv2d(1, 24, 5), nn.BatchNorm2d(24)
            self.conv2, self.norm2 = nn.Conv2d(24, 32, 3, padding=1), nn.BatchNorm2d(32)
            self.conv3, self.norm3 = nn.Conv2d(32, 48, 3, padding=1), nn.BatchNorm2d(48)
            self.conv4, self.norm4 = nn.Conv2d(48, 80, 3, padding=1), nn.BatchNorm2d(80)
            self.fc1 = nn.Linear(80 * 3 * 3, 64)
            self.fc2 = nn.Linear(64, 10)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a third faster on a CPU

    def forward(self, x: Tensor, dropout: float = 0.0, generator: torch.Generator | None = None) -> Tensor:
        """Normalised pixels (n, 1, 28, 28) -> logits (n, 10). Dropout draws from the generator; 0 switches it off."""
        x = pooled_convolution(x, self.conv1.weight, self.conv1.bias)
        x = F.relu(self.norm1(x.contiguous(memory_format=torch.channels_last)))  # (n, 24, 12, 12)
        x = F.relu(self.norm2(self.conv2(x)))  # (n, 32, 12, 12)
        x = F.relu(self.norm3(max_pool(self.conv3(x))))  # (n, 48, 6, 6)
        x = F.relu(self.norm4(max_pool(self.conv4(x))))  # (n, 80, 3, 3)
        x = drop(F.relu(self.fc1(x.flatten(1))), dropout, generator)
        return self.fc2(x)

    def stages(self, x: Tensor) -> Iterator[Stage]:
        """Every step of `forward`, one after the other as a textbook draws them; the last are the logits."""
        for name in ("conv1", "conv2", "conv3", "conv4"):
            x = getattr(self, name)(x)
            yield Stage(name, "convolution", x)
            if name in self.POOLED:
                x = F.max_pool2d(x, 2)
                yield Stage(name, "pooling", x)
            x = getattr(self, name.replace("conv", "norm"))(x)
            yield Stage(name, "batch norm", x)
            x = F.relu(x)
            yield Stage(name, "ReLU", x)
        x = F.relu(self.fc1(x.flatten(1)))
        yield Stage("fc1", "fully connected", x)
        yield Stage("fc2", "fully connected", self.fc2(x))


ARCHITECTURES: dict[str, Callable[[int, float, float], Network]] = {"lenet": CNN, "deep": DeepCNN}


def drop(x: Tensor, p: float, generator: torch.Generator | None) -> Tensor:
    """Dropout: each value is zero with probability p, else divided by 1 - p, so that the expected sum stays.

    torch's own draws from a generator that everybody in the process shares; a run needs its own to be repeatable.
    """
    if p == 0:
        return x
    kept = torch.rand(x.shape, generator=generator, device=x.device).ge_(p)  # 0.0 or 1.0
    return x * kept.div_(1 - p)


class CNNLearner:
    """SGD with momentum of one CNN over one training set: images (n, 28, 28) uint8, labels (n,), kept on its device.

    `augment` makes of a batch and a random generator the pixels to learn from, (n, 28, 28) float32 from 0 to 1; without
    it they are the images' own.
    """

    def __init__(
        self,
        model: Network,
        images: np.ndarray,
        labels: np.ndarray,
        momentum: float,
        weight_decay: float,
        dropout: float,
        augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
    ):
        self.device = model.mean.device
        self.model, self.dropout, self.augment = model, dropout, augment
        self.images = torch.tensor(images, device=self.device) if augment is None else images
        self.labels = torch.tensor(labels, device=self.device).long()
        self.generator = torch.Generator(self.device)
        self.optimizer = torch.optim.SGD(
            model.parameters(), lr=0.0, momentum=momentum, weight_decay=weight_decay, fused=True
        )

    def step(self, rows: np.ndarray, learning_rate: float, rng_key: tuple[int, ...]) -> Tensor:
        """One step on the images at these rows. Returns their summed loss before it, a tensor that stays on the device.

        `rng_key` names the random numbers of dropout and augmentation: the same numbers for the same words.
        """
        there = torch.from_numpy(rows).to(self.device)
        if isinstance(self.images, Tensor):
            images = self.images[there]
        else:
            assert self.augment is not None
            images = torch.from_numpy(self.augment(self.images[rows], np.random.default_rng(rng_key))).to(self.device)
        self.generator.manual_seed(int(np.random.SeedSequence(rng_key).generate_state(1)[0]))
        self.optimizer.param_groups[0]["lr"] = learning_rate
        self.model.train()
        logits = self.model(self.model.normalise(images), self.dropout, self.generator)
        loss = F.cross_entropy(logits, self.labels[there])
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

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take over the momentum that `state` gave."""
        for name, parameter in self.model.named_parameters():
            if name in arrays:
                buffer = torch.empty_like(parameter, requires_grad=False)  # in the same order in memory
                buffer.copy_(torch.tensor(arrays[name]))
                self.optimizer.state[parameter]["momentum_buffer"] = buffer
