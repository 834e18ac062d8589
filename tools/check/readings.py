"""Counts how often the reading of a neuron holds among all tokens of its bands, not only among its examples.

    python readings.py --model MODEL --profile PROFILE --readings FILE.json [--find N]

FILE lists readings: {"reading", "pattern", "neurons"}. A reading holds at a token where a match of the pattern (a
regular expression of Python, over the document's text, ^ and $ at line ends) touches the token, the spaces around it
left aside unless there is nothing else. For each neuron a row of markdown says at how many of the 20 strongest tokens
it holds, and at what share of the bands 99.9–100 % and 99–99.9 % and of all tokens. With --find the rows are of the N
neurons, out of all, with the largest share in the second band.

The text, the tokens and the window plan come from the profile, the activations from Python's onnxruntime; it stops where
count and maximum are not those that `neuron --json` gives.
"""
import argparse
import json
import re
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa

from profile_against_numpy import windows, with_output

TOP = 20


@dataclass
class Document:
    """A text, a character a UTF-16 unit as the profile counts, with its tokens: ids [n], spans [n, 2] in the text."""

    text: str
    ids: np.ndarray
    spans: np.ndarray


def main() -> None:
    """Prints the rows."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True, help="a folder with onnx/model.onnx")
    arguments.add_argument("--profile", type=Path, required=True, help="made from it by `neuron-lens profile`")
    arguments.add_argument("--readings", type=Path, required=True)
    arguments.add_argument("--find", type=int, metavar="N", help="look for neurons that the readings fit")
    options = arguments.parse_args()
    readings = json.loads(options.readings.read_text())
    documents = list(documents_of(options.profile))
    plan = json.loads((options.profile / "manifest.json").read_text())["plan"]
    layers = activations(options.model, documents, plan)
    require_same(options.profile, layers)
    ranked = np.concatenate([strongest(values) for values in layers], axis=1)
    names = [f"L{layer}.N{index}" for layer, values in enumerate(layers) for index in range(values.shape[1])]
    print("| neuron | reading | top 20 | 99.9–100 % | 99–99.9 % | all tokens |\n|---|---|---|---|---|---|")
    for entry in readings:
        holds = np.concatenate([held(entry["pattern"], document) for document in documents])
        first = len(holds) - ceil(0.999 * len(holds))
        at_ranks = holds[ranked]
        top, upper, lower = at_ranks[:TOP].sum(axis=0), at_ranks[:first].mean(axis=0), at_ranks[first:].mean(axis=0)
        chosen = np.argsort(-lower)[: options.find] if options.find else map(names.index, entry["neurons"])
        for neuron in chosen:
            shares = " | ".join(f"{share:.1%}" for share in (upper[neuron], lower[neuron], holds.mean()))
            print(f"| `{names[neuron]}` | {entry['reading']} | {top[neuron]} | {shares} |", flush=True)


def strongest(values: np.ndarray) -> np.ndarray:
    """For values [tokens, neurons] the tokens of each neuron's upper 1 %, [tokens, neurons], the strongest first."""
    return np.argsort(-values, axis=0, kind="stable")[: len(values) - ceil(0.99 * len(values))]


def documents_of(profile: Path) -> Iterator[Document]:
    """The profile's documents."""
    for segment in json.loads((profile / "manifest.json").read_text())["segments"]:
        for row in table(profile / segment["name"] / "documents.arrow").to_pylist():
            part = profile / "texts" / f"{row['part']:04d}"
            rows = table(part / "tokens.arrow").slice(row["first_token"], row["tokens"])["token"].to_pylist()
            tokens = np.array(rows, dtype=np.int64).reshape(-1, 5)
            spans = tokens[:, 1:3] - int(row["offset_base"])
            yield Document(units(part)[int(row["text_start"]) :][: int(spans.max(initial=0))], tokens[:, 0], spans)


def table(file: Path) -> pa.Table:
    """An Arrow file."""
    return pa.ipc.open_file(file).read_all()


@cache
def units(part: Path) -> str:
    """The text of one part, a character a UTF-16 unit."""
    data = (part / "text.deflate").read_bytes()
    blocks = table(part / "blocks.arrow").to_pylist()
    text = b"".join(zlib.decompress(data[b["offset"] : b["offset"] + b["length"]], -15) for b in blocks).decode()
    return "".join(map(chr, np.frombuffer(text.encode("utf-16-le"), "<u2")))


def activations(model: Path, documents: list[Document], plan: dict) -> list[np.ndarray]:
    """[tokens, neurons] of every layer; the first token of a document is left out (docs/methods.md)."""
    file = model / "onnx" / "model.onnx"
    sites = ffn_tensors(file)
    session = with_output(file, sites)
    kept = [[] for _ in sites]
    for document in documents:
        for start, end, first, stop in windows(len(document.ids), plan["window"], plan["stride"], plan["scoring"]):
            row = document.ids[None, start:end]
            positions = np.arange(end - start)[None]
            feeds = {"input_ids": row, "attention_mask": np.ones_like(row), "position_ids": positions}
            for layer, values in zip(kept, session.run(sites, feeds), strict=True):
                layer.append(values.reshape(end - start, -1)[max(first, 1) - start : stop - start])
    return [np.concatenate(layer) for layer in kept]


def ffn_tensors(file: Path) -> list[str]:
    """The tensors that go into the down projections of a GPT-2 exported by optimum, layer by layer."""
    shapes = [node for node in onnx.load(file).graph.node if node.name.endswith("/mlp/c_proj/Shape")]
    return [node.input[0] for node in sorted(shapes, key=lambda node: int(re.search(r"h\.(\d+)", node.name)[1]))]


def require_same(profile: Path, layers: list[np.ndarray]) -> None:
    """Stops where these are not the activations that the profile is made of."""
    page = json.loads(subprocess.check_output(["node", "dist/cli.cjs", "neuron", profile, "L0.N0", "--json"]))
    values = layers[0][:, 0]
    if page["stats"]["count"] != len(values) or abs(page["stats"]["max"] - values.max()) > 1e-4:
        raise SystemExit(f"{profile} is not a profile of this model: its L0.N0 has another count or maximum.")


def held(pattern: str, document: Document) -> np.ndarray:
    """At which tokens the pattern holds, the first left out."""
    marked = np.zeros(len(document.text) + 1, dtype=bool)
    for match in re.finditer(pattern, document.text, re.MULTILINE):
        marked[match.start() : match.end()] = True
    starts, ends = document.spans[1:].T
    written = np.array([character != " " for character in document.text] + [False])
    touched, visible = (np.concatenate([[0], np.cumsum(at)]) for at in (marked & written, written))
    everywhere = np.concatenate([[0], np.cumsum(marked)])
    blank = visible[ends] == visible[starts]
    return np.where(blank, everywhere[ends] > everywhere[starts], touched[ends] > touched[starts])


if __name__ == "__main__":
    main()
