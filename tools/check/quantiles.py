"""Measures by how much quantiles and AUROC taken from a profile's histograms miss the exact ones.

The texts must each fit into one window, and the profile have been made with --keep-sinks, so that `activations` gives
the values that were counted: those of all tokens but special ones. Beside the profile's own bins stand 256 of one width,
filled from the exact values, as profiles of format 1 had them.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy.stats import rankdata

SHARES = (0.25, 0.5, 0.75, 0.9, 0.99, 0.999)
TEXTS_AT_ONCE = 40
COARSE_OCTAVES, COARSE, FINE = 13, 16, 64


def exact_values(model: str, texts: list[Path]) -> list[np.ndarray]:
    """[tokens × neurons] of each layer."""
    layers: dict[str, list[np.ndarray]] = {}
    with tempfile.TemporaryDirectory() as out:
        for first in range(0, len(texts), TEXTS_AT_ONCE):
            command = ["node", "dist/cli.cjs", "activations", model, "--layer", "all", "--out", out, "--json"]
            for text in texts[first : first + TEXTS_AT_ONCE]:
                command += ["--text", text.read_text()]
            answer = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
            for file in sorted(Path(out).glob("*.npy")):
                rows = np.load(file)
                layers.setdefault(file.name, []).extend(
                    rows[i, : len(tokens)][[not token["special"] for token in tokens]]
                    for i, tokens in enumerate(answer["tokens"])
                )
    return [np.concatenate(layer) for _, layer in sorted(layers.items())]


def octave_edges(exponent: int) -> np.ndarray:
    """docs/methods.md, Histogram."""
    octaves = [
        2.0 ** (exponent - 14 + octave) * (1 + np.arange(bins) / bins)
        for octave, bins in enumerate([COARSE] * COARSE_OCTAVES + [FINE] * 2)
    ]
    above = np.concatenate([[0.0], np.concatenate(octaves)[1:], [2.0 ** (exponent + 1)]])
    return np.concatenate([-above[:0:-1], above])


def equal_edges(exponent: int) -> np.ndarray:
    return np.arange(-128, 129) * 2.0 ** (exponent - 6)


def bin_of(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Bins lie mirrored about 0: below it each holds its lower edge's mirror image, not its upper edge."""
    middle = len(edges) // 2
    step = np.minimum(np.searchsorted(edges[middle:], np.abs(values), side="right"), middle) - 1
    return np.where(values < 0, middle - 1 - step, middle + step)


def quantile(counts: np.ndarray, edges: np.ndarray, zeros: int, low: float, high: float, share: float) -> float:
    """docs/methods.md, Median and quantiles."""
    total, middle, ends = int(counts.sum()), len(counts) // 2, np.cumsum(counts)

    def at(rank: int) -> float:
        if rank <= 0 or rank >= total - 1:
            return low if rank <= 0 else high
        found = int(np.searchsorted(ends, rank, side="right"))
        at_zero = zeros if found == middle else 0
        position = rank - (ends[found] - counts[found]) - at_zero
        if position < 0:
            return 0.0
        width = edges[found + 1] - edges[found]
        value = edges[found] + (position + 0.5) / (counts[found] - at_zero) * width
        return min(high, max(low, value))

    place = share * (total - 1)
    return at(int(place)) + (place - int(place)) * (at(int(place) + 1) - at(int(place)))


def auroc(values: np.ndarray, label: np.ndarray) -> float:
    positives = int(label.sum())
    rank_sum = rankdata(values)[label].sum()
    return (rank_sum - positives * (positives + 1) / 2) / (positives * (len(values) - positives))


def report(name: str, errors: list[dict[str, float]]) -> None:
    print(name)
    for key in errors[0]:
        found = np.array([error[key] for error in errors if np.isfinite(error[key])])
        middle, upper, last = np.percentile(found, [50, 95, 99])
        print(f"  {key:8} median {middle:.5f}   p95 {upper:.5f}   p99 {last:.5f}   of {len(found)} neurons")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--profile", type=Path, required=True, help="of these texts, in one segment")
    arguments.add_argument("--texts", type=Path, nargs="+", required=True)
    arguments.add_argument("--every", type=int, default=1, help="only each so manyth neuron of a layer")
    options = arguments.parse_args()

    ours: list[dict[str, float]] = []
    equal: list[dict[str, float]] = []
    random = np.random.default_rng(0)
    for layer, values in enumerate(exact_values(options.model, sorted(options.texts))):
        table = pa.ipc.open_file(options.profile / f"segments/0000/L{layer}.act.arrow").read_all()
        # The tokens where another neuron is high, in place of a concept.
        labels = values > np.quantile(values, 0.97, axis=0)
        others = random.permutation(values.shape[1])
        for neuron in range(0, values.shape[1], options.every):
            exact = values[:, neuron].astype(np.float64)
            quantiles = np.quantile(exact, SHARES)
            spread = quantiles[2] - quantiles[0]
            exponent = table["exponent"][neuron].as_py()
            label = labels[:, others[neuron]]
            area = auroc(exact, label) if neuron % (8 * options.every) == 0 else np.nan
            stored = np.array(table["bins"][neuron].as_py())
            for edges, errors in ((octave_edges(exponent), ours), (equal_edges(exponent), equal)):
                bins = bin_of(exact, edges)
                counts = stored if errors is ours else np.bincount(bins, minlength=len(edges) - 1)
                zeros = int((exact == 0).sum())
                found = [quantile(counts, edges, zeros, exact.min(), exact.max(), share) for share in SHARES]
                off = {f"{share:.1%}": 100 * abs(f - q) / spread for share, f, q in zip(SHARES, found, quantiles)}
                errors.append(off | {"AUROC": abs(auroc(bins, label) - area)})
    print("Errors: quantiles in % of the inter-quartile range")
    report("the profile's bins", ours)
    report("256 bins of one width", equal)


if __name__ == "__main__":
    main()
