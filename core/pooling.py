"""2x2 max-pooling as whole rows of arithmetic: what torch's own computes, in a part of its time, for the networks of core/cnn.py."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


class PairMaximum(torch.autograd.Function):
    """The larger of two values that lie beside each other along a dimension of size 2, which goes; of equals the first.

    torch's own max_pool2d looks at one window after the other and took a quarter of a training step. Here whole rows
    are compared, and the gradient goes where the larger value came from by arithmetic on whole rows as well.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, dim: int) -> Tensor:
        first, second = x.unbind(dim)
        larger = torch.maximum(first, second)
        if ctx.needs_input_grad[0]:
            ctx.dim = dim
            ctx.save_for_backward((larger - first).sign_())  # 1 where the second is larger, else 0
        return larger

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
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


def pooled_convolution(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """max_pool2d(conv2d(x, weight, bias), 2), without ever holding the unpooled maps.

    The four values under a 2x2 pooling window are convolutions at four neighbouring places. Four copies of a kxk kernel,
    each shifted inside (k+1)x(k+1) zeros, give all four at once from one convolution with stride 2, and the maximum over
    the copies is the pooling. It pays for few input channels: for conv1, not for conv2.
    """
    shifted = torch.cat([F.pad(weight, (column, 1 - column, row, 1 - row)) for row in (0, 1) for column in (0, 1)])
    corners = F.conv2d(x, shifted, stride=2).unflatten(1, (2, 2, len(weight)))  # (n, 2, 2, maps, h/2, w/2)
    pooled = PairMaximum.apply(PairMaximum.apply(corners, 1), 1)
    return pooled if bias is None else pooled + bias[:, None, None]
