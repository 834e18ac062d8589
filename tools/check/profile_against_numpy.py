"""Repeats the statistics of a few neurons of a profile with Python's tokenizers, onnxruntime, numpy and scipy.

Nothing of Neuron Lens is used but its output: the corpus, the window plan and the figures come from `neuron --json`.
"""
import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import numpy as np
import onnx
import onnxruntime
from scipy import stats
from tokenizers import Tokenizer


def windows(count: int, length: int, stride: int, scoring: str):
    """(start, end, first owned, owned end) of each window: docs/methods.md, The activation of a token."""
    starts = [0]
    while starts[-1] + length < count:
        starts.append(starts[-1] + stride)
    spans = [(start, min(start + length, count)) for start in starts]
    owner = []
    for token in range(count):
        near = range(max(0, (token - length) // stride), min(len(spans), token // stride + 1))
        holding = [k for k in near if spans[k][0] <= token < spans[k][1]]
        if scoring == "left":
            owner.append(max(holding, key=lambda k: (token - spans[k][0], -k)))
        else:
            owner.append(max(holding, key=lambda k: (nearer_end(token, spans, k, count), -k)))
    for k, (start, end) in enumerate(spans):
        owned = [token for token in range(start, end) if owner[token] == k]
        if owned:
            yield start, end, owned[0], owned[-1] + 1


def windows_of(documents: list[list[int]], length: int, plan: dict):
    """Each document's ids with each of its windows."""
    for ids in documents:
        for window in windows(len(ids), length, plan["stride"], plan["scoring"]):
            yield ids, window


def nearer_end(token: int, spans, k: int, count: int) -> float:
    """Distance to the nearer end of window k that is not also an end of the document."""
    start, end = spans[k]
    left = token - start if start > 0 else float("inf")
    right = end - 1 - token if end < count else float("inf")
    return min(left, right)


def parts(text: str, length: int = 1 << 18):
    """Parts of a long file, each a document of its own: docs/methods.md. For texts without astral characters."""
    start = 0
    while len(text) - start > length:
        ends = range(start + length, start + length // 2, -1)
        end = next((e for e in ends if text[e - 1] in "\n\r" and text[e - 1 : e + 1] != "\r\n"), None)
        if end is None:
            raise SystemExit("A part without a line end: this check does not cut those.")
        yield text[start:end]
        start = end
    yield text[start:]


def with_output(model_file: Path, tensors: list[str]) -> onnxruntime.InferenceSession:
    model = onnx.load(model_file)
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in tensors)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--file", default="onnx/model.onnx")
    arguments.add_argument("--profile", required=True)
    arguments.add_argument("--tensor", action="append", required=True, help="LAYER=name of the tensor in the graph")
    arguments.add_argument("--neurons", required=True)
    arguments.add_argument("--documents", type=Path, nargs="+", required=True)
    arguments.add_argument("--tolerance", type=float, default=1e-4)
    options = arguments.parse_args()

    pages = {
        name: json.loads(subprocess.check_output(["node", "dist/cli.cjs", "neuron", options.profile, name, "--json"]))
        for name in options.neurons.split(",")
    }
    plan = next(iter(pages.values()))["manifest"]["plan"]
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    framed = tokenizer.encode("a").ids
    bare = tokenizer.encode("a", add_special_tokens=False).ids
    cut = framed.index(bare[0])
    before, after = framed[:cut], framed[cut + len(bare) :]
    length = plan["window"] - len(before) - len(after)

    tensor_of = dict(pair.split("=", 1) for pair in options.tensor)
    session = with_output(options.model / options.file, list(tensor_of.values()))
    inputs = {value.name for value in session.get_inputs()}
    kept = {name: [] for name in pages}
    for document in options.documents:
        whole = document.read_bytes().decode("utf-8-sig")
        documents = [tokenizer.encode(text, add_special_tokens=False).ids for text in parts(whole)]
        for ids, (start, end, first, stop) in windows_of(documents, length, plan):
            row = np.array([before + ids[start:end] + after], dtype=np.int64)
            feeds = {
                "input_ids": row,
                "attention_mask": np.ones_like(row),
                "token_type_ids": np.zeros_like(row),
                "position_ids": np.arange(row.shape[1])[None],
            }
            outputs = session.run(list(tensor_of.values()), {k: v for k, v in feeds.items() if k in inputs})
            by_layer = dict(zip(tensor_of, outputs))
            for name, page in pages.items():
                values = by_layer[str(page["neuron"]["layer"])].reshape(row.shape[1], -1)[:, page["neuron"]["index"]]
                for token in range(first, stop):
                    if plan["scoring"] == "left" and not plan["keepSinks"] and not before and token == start:
                        continue
                    kept[name].append(values[token - start + len(before)])

    worst = 0.0
    for name, page in pages.items():
        values = np.array(kept[name], dtype=np.float64)
        expected = {
            "count": len(values),
            "mean": values.mean(),
            "std": values.std(),
            "min": values.min(),
            "max": values.max(),
            "skewness": stats.skew(values),
            "kurtosis": stats.kurtosis(values),
            "positiveShare": (values > 0).mean(),
        }
        print(f"{name}: {len(values)} values")
        for key, value in expected.items():
            ours = page["stats"][key]
            difference = abs(ours - value) / max(abs(value), 1e-12)
            worst = max(worst, difference)
            print(f"  {key:14} numpy {value: .9g}  neuron-lens {ours: .9g}  relative difference {difference:.1e}")
        median, error = page["stats"]["median"], page["stats"]["medianError"]
        off = abs(np.median(values) - median)
        print(f"  {'median':14} numpy {np.median(values): .9g}  neuron-lens {median: .9g}  off by {off:.1e}, stated error {error:.1e}")
        if off > error:
            worst = float("inf")
    print(f"largest relative difference: {worst:.2e}")
    return 0 if worst <= options.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
