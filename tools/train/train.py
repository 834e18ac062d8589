"""Train the model; killed at any moment, it goes on from its last checkpoint.

    python train.py --work FOLDER [--steps N] [--rate R] [--batch B] [--name RUN]

Warm-up, a stable rate, then a linear decay to zero over the last part of the steps (WSD). The number of steps may
be changed between two starts as long as the decay has not begun.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import GPT2Config, GPT2LMHeadModel

from mix import END_OF_TEXT, SHARES, VOCABULARY, WINDOW, documents
from muon import Muon

WARMUP = 50
DECAY = 0.6
CHECK_EVERY = 200
SAVE_SECONDS = 180


def main() -> None:
    """Trains from the last checkpoint, or from the start."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--steps", type=int, default=1180)
    arguments.add_argument("--rate", type=float, default=6e-3, help="of Muon; AdamW has half")
    arguments.add_argument("--batch", type=int, default=16, help="windows a step")
    arguments.add_argument("--name", default="run", help="of the checkpoint and the log")
    options = arguments.parse_args()
    torch.manual_seed(2026)
    torch.set_num_threads(2)
    run = Run(options.work, options.name, options.rate)
    run.train(np.load(options.work / "windows.npy", mmap_mode="r"), options.steps, options.batch)


def new_model() -> GPT2LMHeadModel:
    """GPT-2 as it stands, four blocks wide 192: 2.62 M parameters, of which 0.79 M are tied embeddings."""
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=VOCABULARY,
            n_positions=WINDOW,
            n_embd=192,
            n_layer=4,
            n_head=6,
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            bos_token_id=0,
            eos_token_id=0,
        )
    )


class Run:
    """A model in training, with its optimisers and its log."""

    def __init__(self, work: Path, name: str, rate: float) -> None:
        self.checkpoint = work / f"{name}.pt"
        self.log = work / f"{name}.jsonl"
        self.model = new_model()
        matrices = [p for n, p in self.model.named_parameters() if p.ndim == 2 and ".h." in n]
        chosen = {id(p) for p in matrices}
        others = [p for p in self.model.parameters() if id(p) not in chosen]
        self.optimisers = [
            Muon(matrices, lr=rate),
            torch.optim.AdamW(others, lr=rate / 2, betas=(0.9, 0.95), weight_decay=0.0),
        ]
        self.rates = [group["lr"] for optimiser in self.optimisers for group in optimiser.param_groups]
        self.step = 0
        self.loss = torch.compile(self.next_token_loss)
        self.checks = check_windows(work)
        if self.checkpoint.exists():
            self.restore()

    def next_token_loss(self, rows: torch.Tensor) -> torch.Tensor:
        """Mean cross-entropy in nats of rows [batch, WINDOW + 1]."""
        logits = self.model(rows[:, :-1], use_cache=False).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())

    def train(self, windows: np.ndarray, steps: int, batch: int) -> None:
        """Takes the steps that are left, writing the log and checkpoints on the way."""
        saved, recent, started = time.time(), [], time.time()
        while self.step < steps:
            rows = torch.from_numpy(windows[self.step * batch : (self.step + 1) * batch].astype(np.int64))
            self.set_rates(schedule(self.step, steps))
            loss = self.loss(rows)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            for optimiser in self.optimisers:
                optimiser.step()
                optimiser.zero_grad(set_to_none=True)
            self.step += 1
            recent.append(loss.item())
            if self.step % 20 == 0:
                speed = 20 * batch * WINDOW / (time.time() - started)
                self.note(
                    tokens=self.step * batch * WINDOW, loss=sum(recent) / len(recent), tokensPerSecond=round(speed)
                )
                recent, started = [], time.time()
            if self.step % CHECK_EVERY == 0:
                self.note(heldOut=self.check(batch))
            if time.time() - saved > SAVE_SECONDS or self.step == steps:
                self.save()
                saved = time.time()

    def set_rates(self, factor: float) -> None:
        """Scales every learning rate."""
        groups = [group for optimiser in self.optimisers for group in optimiser.param_groups]
        for group, rate in zip(groups, self.rates, strict=True):
            group["lr"] = rate * factor

    @torch.no_grad()
    def check(self, batch: int) -> dict[str, float]:
        """Held-out loss by kind, in nats a token, on a few windows."""
        return {
            kind: float(np.mean([self.loss(part).item() for part in rows.split(batch) if len(part) == batch]))
            for kind, rows in self.checks.items()
        }

    def note(self, **facts: object) -> None:
        """Adds a line to the log."""
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
        """Goes back to the checkpoint."""
        state = torch.load(self.checkpoint)
        self.step = state["step"]
        self.model.load_state_dict(state["model"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)


def schedule(step: int, steps: int) -> float:
    """The share of the full learning rate at a step: warm-up, stable, decay."""
    return min((step + 1) / WARMUP, 1.0, (steps - step) / (DECAY * steps))


def check_windows(work: Path, count: int = 32) -> dict[str, torch.Tensor]:
    """Windows of the held-out text by kind, [count, WINDOW + 1], from many documents."""
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    end = tokenizer.token_to_id(END_OF_TEXT)
    found = {}
    for kind in SHARES:
        rows = []
        for _, text in documents(work, "heldout", kind):
            ids = [end, *tokenizer.encode(text[:60_000]).ids]
            rows += [ids[at : at + WINDOW + 1] for at in range(0, len(ids) - WINDOW - 1, WINDOW)][:4]
        found[kind] = torch.tensor(rows[:count])
    return found


if __name__ == "__main__":
    main()
