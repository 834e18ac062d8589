"""Muon: momentum whose matrix updates are orthogonalised by Newton-Schulz iterations (Jordan et al., 2024)."""

import torch

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
        """Moves every matrix by its orthogonalised Nesterov momentum."""
        for group in self.param_groups:
            for matrix in group["params"]:
                velocity = self.state[matrix].setdefault("velocity", torch.zeros_like(matrix))
                velocity.lerp_(matrix.grad, 1 - group["momentum"])
                direction = matrix.grad.lerp(velocity, group["momentum"])
                parts = 3 if matrix.shape[1] == 3 * matrix.shape[0] else 1
                update = torch.cat([orthogonal(part) for part in direction.chunk(parts, dim=1)], dim=1)
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                matrix.add_(update, alpha=-group["lr"] * 0.2 * max(matrix.shape[0], matrix.shape[1] // parts) ** 0.5)


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
