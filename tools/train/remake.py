"""Remake the embedded model, from the text to the card's figures.

    python remake.py --prose FOLDER --work FOLDER

Every step that has left its result in WORK is skipped, so an interrupted run goes on where it stopped.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
MODEL = HERE.parents[1] / "media" / "embedded-model"
ORACLE = HERE.parents[1] / "test" / "fixtures" / "embedded-model"


def main() -> None:
    """Runs the steps in order."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--prose", type=Path, required=True, help="folder of books, as sources.json names them")
    arguments.add_argument("--work", type=Path, required=True, help="folder for packages, text and checkpoints")
    options = arguments.parse_args()
    options.prose, options.work = options.prose.resolve(), options.work.resolve()
    work = ["--work", str(options.work)]
    steps = [
        (options.work / "text" / "train" / "code.jsonl", ["collect.py", "--prose", str(options.prose), *work]),
        (options.work / "tokenizer.json", ["vocabulary.py", *work]),
        (options.work / "windows.npy", ["pack.py", *work]),
        (None, ["train.py", *work]),
        (None, ["export.py", *work, "--to", str(MODEL)]),
        (None, ["curve.py", *work, "--to", str(MODEL / "loss.svg")]),
        (None, ["oracle.py", "--model", str(MODEL), "--to", str(ORACLE)]),
        (options.work / "measured.md", ["measure.py", *work, "--model", str(MODEL)]),
    ]
    for result, command in steps:
        if result is None or not result.exists():
            print("·", *command, flush=True)
            subprocess.run([sys.executable, *command], cwd=HERE, check=True)


if __name__ == "__main__":
    main()
