"""One training run: a model, its optimisers, its learning rate, its checkpoint and its log."""

import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import distributed
from transformers import GPT2LMHeadModel

from mix import WINDOW, check_windows
from model import exported, new_model
from muon import Muon

WARMUP = 50
DECAY = 0.6
"""Share of a cycle's steps over which the rate falls."""
NOTE_EVERY, CHECK_EVERY = 20, 200
SAVE_SECONDS = 180


class Run:
    """What each of the processes holds; the first of them writes the log and the checkpoints."""

    def __init__(self, work: Path, name: str, rates: list[float], ends: list[int], onto: Path | None) -> None:
        self.checkpoint = work / f"{name}.pt"
        self.log = work / f"{name}.jsonl"
        self.rates, self.ends, self.step = rates, ends, 0
        self.model = new_model()
        self.writes = distributed.get_rank() == 0
        self.loss = torch.compile(self.next_token_loss)
        self.checks = check_windows(work)
        if self.checkpoint.exists():
            self.restore()
            return
        if onto:
            self.model.load_state_dict(exported(onto).state_dict())
            self.step = ends[0]
        self.begin_cycle()

    def begin_cycle(self) -> None:
        """Sets up the optimisers afresh, with the rate of the cycle that the step is in."""
        rate = self.rates[sum(end <= self.step for end in self.ends[:-1])]
        matrices = [p for n, p in self.model.named_parameters() if p.ndim == 2 and ".h." in n]
        chosen = {id(p) for p in matrices}
        others = [p for p in self.model.parameters() if id(p) not in chosen]
        self.optimisers = [
            Muon(matrices, lr=rate),
            torch.optim.AdamW(others, lr=rate / 2, betas=(0.9, 0.95), weight_decay=0.0),
        ]
        self.full_rates = [group["lr"] for optimiser in self.optimisers for group in optimiser.param_groups]

    def next_token_loss(self, rows: torch.Tensor) -> torch.Tensor:
        """Mean cross-entropy in nats of rows [windows, WINDOW + 1]."""
        logits = self.model(rows[:, :-1], use_cache=False).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())

    def train(self, windows: np.ndarray, batch: int) -> None:
        """Takes the steps that are left, writing the log and checkpoints on the way."""
        saved, losses, clock = time.time(), [], Clock()
        while self.step < self.ends[-1]:
            if self.step in self.ends:
                self.begin_cycle()
            losses.append(self.learn(self.mine(windows[self.step * batch : (self.step + 1) * batch])))
            self.step += 1
            if self.step % NOTE_EVERY == 0:
                self.note(tokens=self.step * batch * WINDOW, loss=average(losses), **clock.lap())
                losses = []
            if self.step % CHECK_EVERY == 0:
                self.note(heldOut=self.check(batch))
            if self.writes and (time.time() - saved > SAVE_SECONDS or self.step in self.ends):
                self.save()
                saved = time.time()

    def mine(self, rows: np.ndarray) -> torch.Tensor:
        """This process's part of the rows of a batch."""
        return torch.from_numpy(rows[distributed.get_rank() :: distributed.get_world_size()].astype(np.int64))

    def learn(self, rows: torch.Tensor) -> float:
        """One step; the loss on this process's rows."""
        factor = schedule(self.step, self.ends)
        groups = [group for optimiser in self.optimisers for group in optimiser.param_groups]
        for group, rate in zip(groups, self.full_rates, strict=True):
            group["lr"] = rate * factor
        loss = self.loss(rows)
        loss.backward()
        self.share_gradients()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        return loss.item()

    def share_gradients(self) -> None:
        """Replaces the gradients by their mean over the processes."""
        gradients = [parameter.grad for parameter in self.model.parameters()]
        mean = torch.nn.utils.parameters_to_vector(gradients)
        distributed.all_reduce(mean)
        torch.nn.utils.vector_to_parameters(mean / distributed.get_world_size(), gradients)

    @torch.no_grad()
    def check(self, batch: int) -> dict[str, float]:
        """Held-out loss by kind, in nats a token, on a few windows."""
        return {
            kind: average([self.loss(self.mine(part)).item() for part in np.split(rows, len(rows) // batch)])
            for kind, rows in self.checks.items()
        }

    def note(self, **facts: object) -> None:
        """Adds a line to the log."""
        if self.writes:
            with open(self.log, "a", encoding="utf-8") as out:
                out.write(json.dumps({"step": self.step, **facts}) + "\n")

    def save(self) -> None:
        """Writes the checkpoint so that an interruption cannot leave half of one."""
        state = {
            "step": self.step,
            "model": self.model.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def restore(self) -> None:
        """Goes back to the checkpoint; the full rates are of its cycle, the optimisers' state its own."""
        state = torch.load(self.checkpoint)
        self.step = state["step"]
        self.model.load_state_dict(state["model"])
        self.begin_cycle()
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)


class Clock:
    """Measures laps: wall time, and processor time of all the processes."""

    def __init__(self) -> None:
        self.started = time.time(), time.process_time()

    def lap(self) -> dict[str, float]:
        """Seconds since the last lap."""
        (wall, processor), self.started = self.started, (time.time(), time.process_time())
        used = (self.started[1] - processor) * distributed.get_world_size()
        return {"seconds": round(self.started[0] - wall, 1), "processorSeconds": round(average([used]), 1)}


def average(values: list[float]) -> float:
    """Mean of the values over all processes, each of which calls this."""
    mean = torch.tensor(values, dtype=torch.float64).mean()
    distributed.all_reduce(mean)
    return mean.item() / distributed.get_world_size()


def schedule(step: int, ends: list[int]) -> float:
    """The share of the full learning rate at a step: in each cycle warm-up, stable, decay."""
    end = next(end for end in ends if step < end)
    begin = max([0, *(other for other in ends if other <= step)])
    length = end - begin
    return min((step - begin + 1) / WARMUP, 1.0, (end - step) / (DECAY * length))
