"""Training and evaluating in PyTorch the usual way, for any network: what our own ways are compared with."""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

Batches = Iterable[tuple[Tensor, Tensor]]


def loader(x: Tensor, y: Tensor, batch_size: int, shuffle: bool = False) -> DataLoader:
    return DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=shuffle)


def shuffled(x: Tensor, y: Tensor, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
    for rows in torch.randperm(len(x)).split(batch_size):
        yield x[rows], y[rows]


def in_order(x: Tensor, y: Tensor, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
    return zip(x.split(batch_size), y.split(batch_size), strict=True)


def train_epoch(model: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches) -> float:
    """One pass over the batches. Returns the loss, summed over the images."""
    model.train()
    loss_sum = 0.0
    for x, y in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * len(y)
    return loss_sum


@torch.no_grad()
def accuracy(model: nn.Module, batches: Batches) -> float:
    """The share of the images that the network reads right, dropout off."""
    model.eval()
    right = count = 0
    for x, y in batches:
        right += int((model(x).argmax(dim=1) == y).sum())
        count += len(y)
    return right / count
