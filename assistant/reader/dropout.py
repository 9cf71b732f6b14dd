"""Dropout whose masks are cut from one long row of drawn bits: on a processor, drawing them anew takes a quarter of a step."""

from __future__ import annotations

import torch
from torch import Tensor, nn

_ROWS = 4  # times the largest mask: a mask may begin anywhere in three of them


class PooledDropout(nn.Module):
    """Dropout with a mask that `renew` cuts out of a pool, at another place for every layer and step.

    Dropout of attention weights, the largest part of the drawing, is left out altogether: see `use_pooled_dropout`.
    """

    def __init__(self, pool: Tensor, size: int) -> None:
        """
        :param pool: Factors, 0 or 1 / (1 - rate), (n,).
        :param size: The most numbers that come in at once.
        """
        super().__init__()
        self._pool = pool
        self.mask: Tensor
        self.register_buffer("mask", pool[:size].clone(), persistent=False)
        self.renew()

    def renew(self) -> None:
        """Cut another mask."""
        size = len(self.mask)
        at = int(torch.randint(0, len(self._pool) - size, (1,)))
        self.mask.copy_(self._pool[at : at + size])

    def forward(self, values: Tensor) -> Tensor:
        """Drop out of `values` while training. They may have any shape."""
        if not self.training:
            return values
        return values * self.mask[: values.numel()].view(values.shape).to(values.dtype)


def use_pooled_dropout(model: nn.Module, largest: int) -> list[PooledDropout]:
    """Put pooled dropout in the place of every `nn.Dropout`, none on attention weights; return what is to be renewed each step.

    :param largest: The most numbers that one of them gets at once: batch × tokens × width.
    """
    made: list[PooledDropout] = []
    pools: dict[float, Tensor] = {}
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if not isinstance(child, nn.Dropout):
                continue
            if "SelfAttention" in type(module).__name__:
                child.p = 0.0
                continue
            if child.p not in pools:
                drawn = torch.rand(_ROWS * largest) >= child.p
                pools[child.p] = drawn.to(torch.bfloat16) / (1 - child.p)
            pooled = PooledDropout(pools[child.p], largest)
            setattr(module, name, pooled)
            made.append(pooled)
    return made
