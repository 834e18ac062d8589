"""Finds the best neuron of columns and features of a treebank with scikit-learn, and holds `concepts --json` against it.

Where the results have the control `embedding`, it is made a second time as well, from the table of embeddings alone.
Nothing of Neuron Lens is used but its output: the treebank is read, tokenised, cut into windows, run, labelled, halved and
given control labels a second time, by the rules of docs/methods.md. Every neuron is ranked exactly on half A.
"""
import argparse
import json
import math
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import numpy as np
import onnx
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score, roc_auc_score
from tokenizers import Tokenizer

from profile_against_numpy import windows_of, with_output

COLUMNS = ["id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc"]
WORD = 0xFFFFFFFF


def documents(treebank: Path):
    """(text, [(start, end, columns)]) of each `# newdoc`."""
    text, words, found, part_until, place = "", [], [], 0, None
    for line in treebank.read_text().splitlines() + [""]:
        if line.startswith("# newdoc") and words:
            found.append((text, words))
            text, words = "", []
        elif line.startswith("# newpar") and text:
            text += "\n"
        elif line == "" and text and not text.endswith("\n"):
            text = text.rstrip(" ") + "\n"
            part_until = 0
        elif line and not line.startswith("#"):
            columns = line.split("\t")
            if "." in columns[0]:
                continue
            first, _, last = columns[0].partition("-")
            if last:
                part_until = int(last)
            elif int(first) <= part_until:
                words.append((*place, columns))
                continue
            place = (len(text), len(text) + len(columns[1]))
            text += columns[1] + ("" if "SpaceAfter=No" in columns[9] else " ")
            if not last:
                words.append((*place, columns))
    return found + ([(text, words)] if words else [])


def answers(columns: list[str], column: str, value: str) -> bool:
    if column.lower() in COLUMNS:
        return columns[COLUMNS.index(column.lower())] == value
    features = f"{columns[5]}|{columns[9]}".split("|")
    return any(value in feature[len(column) + 1 :].split(",") for feature in features if feature.startswith(column + "="))


class Random:
    """sfc32, seeded by text as src/core/common/random.ts has it."""

    def __init__(self, seed: str):
        self.state = [0x9E3779B9, 0x243F6A88, 0xB7E15162, 1]
        for character in seed:
            self.state[0] ^= (ord(character) + 1) * 0x85EBCA6B & WORD
            self.next()
        for _ in range(12):
            self.next()

    def next(self) -> int:
        a, b, c, counter = self.state
        total = (a + b + counter) & WORD
        rolled = ((c << 21) | (c >> 11)) & WORD
        self.state = [b ^ (b >> 9), (c + (c << 3)) & WORD, (rolled + total) & WORD, counter + 1]
        return total

    def shuffle(self, elements: list) -> list:
        for last in range(len(elements) - 1, 0, -1):
            other = math.floor(self.next() / 2**32 * (last + 1))
            elements[last], elements[other] = elements[other], elements[last]
        return elements


def down_projections(model_file: Path, sites: list[dict]) -> list[str]:
    """The tensor that enters each site's down projection: what is multiplied by a matrix [dFf, dModel]."""
    graph = onnx.load(model_file).graph
    shapes = {weight.name: tuple(weight.dims) for weight in graph.initializer}
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in shapes:
            shapes[node.output[0]] = shapes[node.input[0]]
    wanted = {(site["dFf"], site["dModel"]) for site in sites}
    return [node.input[0] for node in graph.node if node.op_type in ("MatMul", "Gemm") and shapes.get(node.input[1]) in wanted]


def aurocs(ranks: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Of every neuron. @param ranks [tokens, neurons] midranks."""
    positives = labels.sum()
    pairs = positives * (len(labels) - positives)
    return (labels.astype(np.float64) @ ranks - positives * (positives + 1) / 2) / pairs


def token_embedding(model_file: Path) -> np.ndarray:
    """[types, width] the table that the token ids are looked up in."""
    graph = onnx.load(model_file).graph
    weights = {weight.name: weight for weight in graph.initializer}
    producers = {output: node for node in graph.node for output in node.output}

    def origin(name: str) -> str:
        node = producers.get(name)
        return origin(node.input[0]) if node and node.op_type in ("Cast", "Reshape") else name

    lookups = [[origin(name) for name in node.input[:2]] for node in graph.node if node.op_type == "Gather"]
    [table] = [table for table, ids in lookups if ids == "input_ids" and table in weights]
    return onnx.numpy_helper.to_array(weights[table]).astype(np.float32)


def winner(values: np.ndarray, labels: np.ndarray, in_a: np.ndarray) -> tuple[int, float]:
    """The column that tells the labels best on half A, exactly, and its AUROC on half B."""
    ranks = np.stack([rankdata(column) for column in values[in_a].T], axis=1)
    best = int(np.abs(aurocs(ranks, labels[in_a]) - 0.5).argmax())
    return best, roc_auc_score(labels[~in_a], values[~in_a, best])


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--file", default="onnx/model.onnx")
    arguments.add_argument("--profile", required=True, help="of the treebank")
    arguments.add_argument("--results", type=Path, required=True, help="what `concepts --labels … --json` printed")
    arguments.add_argument("--treebank", type=Path, required=True)
    options = arguments.parse_args()
    results = json.loads(options.results.read_text())
    lens = ["node", "dist/cli.cjs"]
    plan = json.loads(subprocess.check_output([*lens, "neuron", options.profile, "L0.N0", "--json"]))["manifest"]["plan"]
    sites = json.loads(subprocess.check_output([*lens, "sites", str(options.model), "--json"]))["sites"]
    tensors = down_projections(options.model / options.file, sites)

    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    framed, bare = tokenizer.encode("a").ids, tokenizer.encode("a", add_special_tokens=False).ids
    cut = framed.index(bare[0])
    before, after = framed[:cut], framed[cut + len(bare) :]
    length = plan["window"] - len(before) - len(after)
    texts = documents(options.treebank)
    encoded = [tokenizer.encode(text, add_special_tokens=False) for text, _ in texts]

    half_of, taken = {}, [0, 0]
    for document in Random(f"halves {plan['seed']}").shuffle(list(range(len(texts)))):
        half_of[document] = 0 if taken[0] <= taken[1] else 1
        taken[half_of[document]] += len(encoded[document].ids)

    session = with_output(options.model / options.file, tensors)
    inputs = {value.name for value in session.get_inputs()}
    places, rows = [], []
    for document, encoding in enumerate(encoded):
        for ids, (start, end, first, stop) in windows_of([encoding.ids], length, plan):
            row = np.array([before + ids[start:end] + after], dtype=np.int64)
            feeds = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
            feeds["position_ids"] = np.arange(row.shape[1])[None]
            outputs = session.run(tensors, {name: value for name, value in feeds.items() if name in inputs})
            kept = [t for t in range(first, stop) if plan["scoring"] != "left" or before or t != start]
            places += [(document, token) for token in kept]
            at = [token - start + len(before) for token in kept]
            rows.append(np.concatenate([out.reshape(row.shape[1], -1)[at] for out in outputs], axis=1, dtype=np.float32))
    values = np.concatenate(rows)
    names = [f"L{layer}.N{neuron}" for layer, site in enumerate(sites) for neuron in range(site["dFf"])]
    halves = np.array([half_of[document] for document, _ in places])
    in_a, in_b = values[halves == 0], values[halves == 1]
    ranks = np.empty(in_a.shape, dtype=np.float64)
    for neuron in range(in_a.shape[1]):
        ranks[:, neuron] = rankdata(in_a[:, neuron])

    controls = {control["control"]: {concept["name"]: concept for concept in control["concepts"]} for control in results.get("controls", [])}
    embedding = token_embedding(options.model / options.file) if "embedding" in controls else None
    of_embedding: list[str] = []
    worst_of_embedding = 0.0
    types = np.array([encoded[document].ids[token] for document, token in places])
    worst = 0.0
    print("| concept | positives | best on A: all neurons, exactly | chosen by Neuron Lens | AUROC on B | scikit-learn | AP on B | scikit-learn | control's winner | all neurons, exactly |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for concept in results["concepts"]:
        column, equals, value = concept["name"].partition("=")
        if concept["source"] != "conllu" or concept["refused"]:
            continue
        labels = np.zeros(len(places), dtype=np.int8)
        covered = [np.zeros(len(text), dtype=bool) for text, _ in texts]
        for document, (_, words) in enumerate(texts):
            for start, end, columns in words:
                if answers(columns, column, value):
                    covered[document][start:end] = True
        for number, (document, token) in enumerate(places):
            start, end = encoded[document].offsets[token]
            solid = [at for at in range(start, end) if not texts[document][0][at].isspace()] or range(start, end)
            labels[number] = 2 * covered[document][list(solid)].sum() >= len(solid) > 0
        counts, room, carried = Counter(types.tolist()), int(labels.sum()), set()
        for type_ in Random(f"control {plan['seed']} {concept['name']}").shuffle(sorted(counts)):
            if counts[type_] <= room:
                carried.add(type_)
                room -= counts[type_]
        control = np.isin(types, list(carried)).astype(np.int8)

        if embedding is not None:
            dimension, area = winner(embedding[types], labels, halves == 0)
            theirs = controls["embedding"][concept["name"]]["neuron"]
            worst_of_embedding = max(worst_of_embedding, abs(area - theirs["auroc"]))
            of_embedding.append(f"| {concept['name']} | {theirs['id']} | {theirs['auroc']:.4f} | L0.N{dimension} | {area:.4f} |")

        on_a, control_on_a = (aurocs(ranks, given[halves == 0]) for given in (labels, control))
        best, control_best = (int(np.abs(areas - 0.5).argmax()) for areas in (on_a, control_on_a))
        ours = concept["neurons"][0]
        chosen = names.index(ours["id"])
        held, sign = labels[halves == 1], -1 if on_a[chosen] < 0.5 else 1
        area = roc_auc_score(held, in_b[:, chosen])
        ap = average_precision_score(held, sign * in_b[:, chosen])
        control_area = roc_auc_score(control[halves == 1], in_b[:, control_best])
        control_area = 1 - control_area if control_on_a[control_best] < 0.5 else control_area
        worst = max(worst, abs(area - ours["auroc"]), abs(ap - ours["ap"]))
        positives = concept["positives"]
        same = "" if positives == {"a": int(labels[halves == 0].sum()), "b": int(held.sum())} else f" (here {labels[halves == 0].sum()} + {held.sum()})"
        print(
            f"| {concept['name']} | {positives['a']} + {positives['b']}{same} | {names[best]} {on_a[best]:.4f} | {ours['id']} {on_a[chosen]:.4f} "
            f"| {ours['auroc']:.4f} | {area:.4f} | {ours['ap']:.4f} | {ap:.4f} "
            f"| {concept['control']['id']} {concept['control']['auroc']:.3f} | {names[control_best]} {control_area:.3f} |"
        )
    if of_embedding:
        print("\n| concept | embedding's winner | AUROC on B | all dimensions, exactly | AUROC on B |\n|---|---|---|---|---|")
        print("\n".join(of_embedding))
        print(f"largest difference of the control: {worst_of_embedding:.1e}\n")
    print(f"largest difference: {worst:.1e}")
    return 0 if max(worst, worst_of_embedding) < 1e-3 else 1


if __name__ == "__main__":
    sys.exit(main())
