"""The LeNet-style convolutional network in PyTorch, and the only place that trains with torch.

28x28 - convolution 5x5 to 6 maps - pool 2 - convolution 5x5 to 16 maps - pool 2 - 256 - 120 - 84 - 10, with ReLU after
every layer but the last, and dropout after the two hidden fully connected layers (Y. LeCun, L. Bottou, Y. Bengio,
P. Haffner, "Gradient-based learning applied to document recognition", 1998, in the report's variant).
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

IMAGES_AT_ONCE = 500  # of a prediction: their feature maps stay in a processor's cache


def best_device() -> torch.device:
    """A GPU where torch sees one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


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
        x = F.relu(F.max_pool2d(self.conv1(x), 2))  # (n, 6, 12, 12); pooling first leaves ReLU a quarter of the work
        x = F.relu(F.max_pool2d(self.conv2(x), 2))  # (n, 16, 4, 4)
        x = drop(F.relu(self.fc1(x.flatten(1))), dropout, generator)
        x = drop(F.relu(self.fc2(x)), dropout, generator)
        return self.fc3(x)

    def logits(self, x: Tensor) -> Tensor:
        """The same as `forward` without dropout, in half the time; for answers, not for training."""
        x = pooled_convolution(x, self.conv1.weight, self.conv1.bias)
        x = pooled_convolution(x, self.conv2.weight, self.conv2.bias)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))

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
            probs[start : start + IMAGES_AT_ONCE] = self.logits(self.normalise(some)).softmax(dim=1).cpu().numpy()
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
    kept = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return x * kept / (1 - p)


def pooled_convolution(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """relu(max_pool2d(conv2d(x, weight, bias), 2)), without ever holding the unpooled maps.

    The four values under a 2x2 pooling window are convolutions at four neighbouring places. Four copies of a kxk kernel,
    each shifted inside (k+1)x(k+1) zeros, give all four at once from one convolution with stride 2, and the maximum over
    the copies is the pooling.
    """
    maps, channels, k, _ = weight.shape
    shifted = weight.new_zeros(2, 2, maps, channels, k + 1, k + 1)
    for row in range(2):
        for column in range(2):
            shifted[row, column, :, :, row : row + k, column : column + k] = weight
    corners = F.conv2d(x, shifted.flatten(0, 2), stride=2).unflatten(1, (4, maps))  # (n, 4, maps, h/2, w/2)
    return F.relu(corners.amax(dim=1) + bias[:, None, None])


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
