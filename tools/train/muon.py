"""Muon: momentum whose matrix updates are orthogonalised by Newton-Schulz iterations (Jordan et al., 2024)."""

import torch
from torch import distributed

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic iteration, as tuned by Jordan et al."""


class Muon(torch.optim.Optimizer):
    """Muon for the hidden matrices, each update scaled to the root mean square that AdamW's has (Liu et al., 2025).

    A matrix that holds several side by side (GPT-2's query, key and value) is cut into squares first.
    """

    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.1):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        """Moves every matrix by its orthogonalised Nesterov momentum; the processes share the work."""
        for group in self.param_groups:
            directions = [self.direction(matrix, group["momentum"]) for matrix in group["params"]]
            mine = range(distributed.get_rank(), len(directions), distributed.get_world_size())
            updates = [update(d) if index in mine else torch.zeros_like(d) for index, d in enumerate(directions)]
            together = torch.nn.utils.parameters_to_vector(updates)
            distributed.all_reduce(together)
            torch.nn.utils.vector_to_parameters(together, updates)
            for matrix, change in zip(group["params"], updates, strict=True):
                matrix.mul_(1 - group["lr"] * group["weight_decay"]).sub_(change, alpha=group["lr"])

    def direction(self, matrix: torch.Tensor, momentum: float) -> torch.Tensor:
        """The gradient with Nesterov momentum."""
        velocity = self.state[matrix].setdefault("velocity", torch.zeros_like(matrix))
        velocity.lerp_(matrix.grad, 1 - momentum)
        return matrix.grad.lerp(velocity, momentum)


def update(direction: torch.Tensor) -> torch.Tensor:
    """The orthogonalised direction, at AdamW's root mean square."""
    parts = 3 if direction.shape[1] == 3 * direction.shape[0] else 1
    scale = 0.2 * max(direction.shape[0], direction.shape[1] // parts) ** 0.5
    return scale * torch.cat([orthogonal(part) for part in direction.chunk(parts, dim=1)], dim=1)


def orthogonal(matrix: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """The nearest matrix, roughly, whose singular values are all about 1."""
    a, b, c = COEFFICIENTS
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x
