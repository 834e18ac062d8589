"""Draw the loss curve of a run from its log.

python curve.py --work FOLDER --to FILE.svg [--name RUN]
"""

import argparse
import json
from pathlib import Path

from matplotlib import pyplot

from mix import SHARES


def main() -> None:
    """Draws the training loss and the held-out losses over the tokens seen."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--to", type=Path, required=True)
    arguments.add_argument("--name", default="run")
    options = arguments.parse_args()
    notes = read_log(options.work / f"{options.name}.jsonl")
    trained = [note for note in notes if "loss" in note]
    checked = [note for note in notes if "heldOut" in note]
    tokens_a_step = trained[0]["tokens"] / trained[0]["step"]
    pyplot.rcParams.update({"svg.hashsalt": "neuron-lens", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, axes = pyplot.subplots(figsize=(6.4, 3.2), layout="constrained")
    axes.plot(
        [note["tokens"] / 1e6 for note in trained], [note["loss"] for note in trained], color="0.7", label="training"
    )
    for kind in SHARES:
        tokens = [note["step"] * tokens_a_step / 1e6 for note in checked]
        axes.plot(tokens, [note["heldOut"][kind] for note in checked], label=f"held-out {kind}")
    axes.set(xlabel="million tokens seen", ylabel="nats a token", ylim=(2.5, 7))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(options.to, metadata={"Date": None})


def read_log(path: Path) -> list[dict]:
    """The log's notes by step; where a run went back to a checkpoint, the later note counts."""
    notes = {}
    for line in path.read_text().splitlines():
        note = json.loads(line)
        notes[note["step"], "loss" in note] = note
    return [notes[key] for key in sorted(notes)]


if __name__ == "__main__":
    main()
