"""
Compares `neuron-lens effect` with the same weights in PyTorch: w_out through the final norm's gain into the unembedding by
numpy, less the vocabulary's mean, and the change of the logits when a · w_out is added to what the final norm reads.

    python tools/check/effect_against_torch.py FIXTURES FIXTURE… [--oracle OUT.json]

FIXTURES is the folder that holds the fixtures and `make`, whose scripts build each model again from its seed.
Needs torch, transformers 4.57, onnx, onnxruntime and safetensors. Prints a row a fixture and ends with 1 where one is off.
With --oracle it keeps the weights' effects of one neuron of each fixture for test/engine/cause/effect.test.ts.
"""
import json
import os
import subprocess
import sys

import numpy
import torch

arguments = sys.argv[1:]
oracle_file = arguments.pop() if "--oracle" in arguments else None
folder, *names = [a for a in arguments if a != "--oracle"]
sys.path.insert(0, os.path.join(folder, "make"))
import fxlib  # noqa: E402
from families import F  # noqa: E402

TEXT = "The def statement defines a user-defined function object, or none."
NEURON = 7
LENS = os.path.join(os.path.dirname(__file__), "..", "..", "dist", "cli.cjs")
FINAL_NORMS = ["transformer.ln_f", "model.norm", "model.decoder.final_layer_norm", "gpt_neox.final_layer_norm"]


def effect(model, neuron):
    command = ["node", LENS, "effect", model, neuron, "--text", TEXT, "--limit", "100000", "--no-calibration", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def by_token(effects):
    return {row["id"]: row["effect"] for row in effects["promoted"]}


def gap(ours, wanted):
    return max(abs(ours[token] - wanted[token]) for token in ours) / (1 + float(numpy.abs(wanted).max()))


def output_column(module, neuron):
    weight = module.weight.detach().double().numpy()
    return weight[neuron] if module.__class__.__name__ == "Conv1D" else weight[:, neuron]


worst, kept = 0.0, {}
print("| fixture | weights alone | own head | largest effect |\n|---|---|---|---|")
for name in names:
    oracle = json.load(open(os.path.join(folder, name, "oracle.json")))
    family = F[oracle["family"]]
    model = fxlib.build(oracle["family"])
    layer = family["L"] - 1
    neuron = f"L{layer}.{'E0.' if '{e}' in family['down'] else ''}N{NEURON}"
    answer = effect(os.path.join(folder, name), neuron)
    modules = dict(model.named_modules())
    out = output_column(modules[family["down"].format(i=layer, e=0)], NEURON)
    norm = next(modules[n] for n in FINAL_NORMS if n in modules)
    unembedding = model.get_output_embeddings()
    centred = "LayerNorm" in norm.__class__.__name__
    direction = (out - out.mean() * centred) * norm.weight.detach().double().numpy()
    if "Gemma" in norm.__class__.__name__:
        direction = (out - out.mean() * centred) * (1 + norm.weight.detach().double().numpy())
    scores = unembedding.weight.detach().double().numpy() @ direction
    scores -= scores.mean()
    ids = json.loads(
        subprocess.run(
            ["node", LENS, "ablate", os.path.join(folder, name), "--text", TEXT, "--set", f"{neuron}*1", "--controls", "0", "--json"],
            capture_output=True,
            text=True,
        ).stdout
    )["loss"]
    stream = []
    handle = norm.register_forward_pre_hook(lambda _, args: stream.append(args[0].detach()))
    with torch.no_grad():
        model(input_ids=torch.tensor([[token["id"] for token in ids]]))
        handle.remove()
        state = stream[0].reshape(-1, out.shape[0])[1:]
        moved = state + answer["strength"] * torch.tensor(out, dtype=state.dtype)
        change = (unembedding(norm(moved)) - unembedding(norm(state))).double().numpy()
    change = (change - change.mean(-1, keepdims=True)).mean(0)
    gaps = [gap(by_token(answer["weights"]), scores), gap(by_token(answer["head"]), change)]
    worst = max(worst, *gaps)
    if oracle_file:
        order = numpy.argsort(-scores)[:5].tolist()
        kept[name] = {"neuron": f"L{layer}.N{NEURON}", "promoted": order, "effects": [float(scores[t]) for t in order]}
    print(f"| {name} | " + " | ".join(f"{g:.1e}" for g in gaps) + f" | {abs(change).max():.2f} |", flush=True)
if oracle_file:
    json.dump(kept, open(oracle_file, "w"), indent=1)
sys.exit(worst > 1e-4)
