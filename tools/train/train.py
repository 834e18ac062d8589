"""Train the model; killed at any moment, it goes on from its last checkpoint.

    python train.py --work FOLDER [--steps END END ...] [--rate R R ...] [--batch B] [--name RUN] [--onto MODEL]

The learning rate goes in cycles of warm-up, stable rate and linear decay to zero (WSD-S: Wen et al., 2024), each
with fresh optimisers; --steps names the steps at which the cycles end, --rate the stable rate of each, or one for all.
An end may be moved between two starts until the decay of its cycle begins. --onto begins after the first cycle, from
the exported model that it left.
Two processes of one thread each take half of every batch.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import distributed, multiprocessing

from run import Run

PROCESSES = 2


def main() -> None:
    """Trains from the last checkpoint, or from the start."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--steps", type=int, nargs="+", default=[1180, 2640, 5000], help="at which the cycles end")
    arguments.add_argument("--rate", type=float, nargs="+", default=[6e-3, 6e-3, 8e-3], help="of Muon; AdamW has half")
    arguments.add_argument("--batch", type=int, default=16, help="windows a step")
    arguments.add_argument("--name", default="run", help="of the checkpoint and the log")
    arguments.add_argument("--onto", type=Path, help="folder of the model that the first cycle left")
    options = arguments.parse_args()
    if len(options.rate) == 1:
        options.rate *= len(options.steps)
    if len(options.rate) != len(options.steps):
        arguments.error(f"{len(options.rate)} rates for {len(options.steps)} cycles: give one a cycle, or one for all")
    with tempfile.TemporaryDirectory() as meeting:
        multiprocessing.spawn(train, (options, Path(meeting) / "store"), nprocs=PROCESSES)


def train(rank: int, options: argparse.Namespace, meeting: Path) -> None:
    """One process's part of the training."""
    distributed.init_process_group("gloo", init_method=meeting.as_uri(), rank=rank, world_size=PROCESSES)
    torch.manual_seed(2026)
    torch.set_num_threads(1)
    run = Run(options.work, options.name, options.rate, options.steps, options.onto)
    run.train(np.load(options.work / "windows.npy", mmap_mode="r"), options.batch)
    distributed.destroy_process_group()


if __name__ == "__main__":
    main()
