"""The CNN: an epoch with its two evaluations, our way and PyTorch's usual ways; and a prediction."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from benchmarks import pytorch
from benchmarks.compare import Comparison, Target
from core.cnn import CNN
from core.config import CNNConfig
from core.data import Digits
from core.history import EpochEnd
from core.training import begin, train

CONFIG = CNNConfig()
Part = tuple[Tensor, Tensor]  # normalised pixels (n, 1, 28, 28) and labels (n,)


def training(digits: Digits) -> Comparison:
    """An epoch as a visitor waits for it. The peers are given normalised pixels as floats; ours starts from bytes."""
    events = train(CONFIG, digits)
    normalise = begin(CONFIG, digits).model.normalise
    train_part = normalise(torch.tensor(digits.x_train)), torch.tensor(digits.y_train).long()
    val_part = normalise(torch.tensor(digits.x_val)), torch.tensor(digits.y_val).long()
    return Comparison(
        f"A CNN epoch with its two evaluations: {CONFIG.train_size:,} + 10,000 images, batch {CONFIG.batch_size}",
        rounds=3,
        contenders={
            "ours": lambda: next(event for event in events if isinstance(event, EpochEnd)),
            "the report's way": with_loaders(train_part, val_part),
            "tensors directly": on_tensors(train_part, val_part),
        },
        targets=[Target("the report's way", "at least", 1.4, "ours")],
    )


def with_loaders(train_part: Part, val_part: Part) -> Callable[[], object]:
    """As the report describes it: a DataLoader for the batches, and others of batch 256 for the evaluations."""
    model, optimizer = network()

    def epoch() -> list[float]:
        pytorch.train_epoch(model, optimizer, pytorch.loader(*train_part, CONFIG.batch_size, shuffle=True))
        return [pytorch.accuracy(model, pytorch.loader(*part, 256)) for part in (train_part, val_part)]

    return epoch


def on_tensors(train_part: Part, val_part: Part) -> Callable[[], object]:
    """The same without a DataLoader, evaluated 1,000 images at a time."""
    model, optimizer = network()

    def epoch() -> list[float]:
        pytorch.train_epoch(model, optimizer, pytorch.shuffled(*train_part, CONFIG.batch_size))
        return [pytorch.accuracy(model, pytorch.in_order(*part, 1000)) for part in (train_part, val_part)]

    return epoch


def network() -> tuple[nn.Module, torch.optim.Optimizer]:
    """The report's network as it is usually written, and its optimizer."""
    model = nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Flatten(),
        *(nn.Linear(256, 120), nn.ReLU(), nn.Dropout(CONFIG.dropout)),
        *(nn.Linear(120, 84), nn.ReLU(), nn.Dropout(CONFIG.dropout)),
        nn.Linear(84, 10),
    )
    optimizer = torch.optim.SGD(
        model.parameters(), CONFIG.learning_rate, momentum=CONFIG.momentum, weight_decay=CONFIG.weight_decay
    )
    return model, optimizer


def prediction(digits: Digits) -> Comparison:
    """From bytes to probabilities. The plain way takes 1,000 images at a time."""
    ours, usual = CNN(CONFIG.seed, mean=0.13, std=0.31), network()[0].eval()

    @torch.inference_mode()
    def plain() -> Tensor:
        batches = torch.tensor(digits.x_test).split(1000)
        return torch.cat([usual(ours.normalise(images)).softmax(dim=1) for images in batches])

    return Comparison(
        "The CNN's prediction: 10,000 images",
        rounds=7,
        contenders={"ours": lambda: ours.predict_proba(digits.x_test), "plain forward": plain},
        targets=[Target("ours", "below", 0.6)],
    )
