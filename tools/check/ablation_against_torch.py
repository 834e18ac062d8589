"""
Changes neurons by PyTorch forward hooks and by `neuron-lens ablate`, on the same weights, and compares the loss at every
token and the probabilities of the next one.

    python tools/check/ablation_against_torch.py FIXTURES FIXTURE…

FIXTURES is the folder that holds the fixtures and `make`, whose scripts build each model again from its seed.
Needs torch, transformers 4.57, onnx, onnxruntime and safetensors. Prints a row a fixture and ends with 1 where one is off.
"""
import json
import os
import subprocess
import sys

import torch

folder, *names = sys.argv[1:]
sys.path.insert(0, os.path.join(folder, "make"))
import fxlib  # noqa: E402
from families import F  # noqa: E402

TEXT = "The def statement defines a user-defined function object, or none."
NEURON, OTHER = 7, 11
LENS = os.path.join(os.path.dirname(__file__), "..", "..", "dist", "cli.cjs")
# Each: what the command line is told, and what a hook does to the same column at the same tokens.
CHANGES = [
    ("=0", "all", lambda h: 0 * h),
    ("=1.5", "last", lambda h: 0 * h + 1.5),
    ("*3", "2-", lambda h: 3 * h),
    ("+2", "1,3,4", lambda h: h + 2),
    ("=clamp:-0.05:0.1", "all", lambda h: h.clamp(-0.05, 0.1)),
]


def tokens_meant(at, count):
    if at == "all":
        return list(range(count))
    if at == "last":
        return [count - 1]
    return list(range(int(at[:-1]), count)) if at.endswith("-") else [int(n) for n in at.split(",")]


def ablate(model, settings, at):
    command = ["node", LENS, "ablate", model, "--text", TEXT, "--at", at, "--controls", "0", "--json"]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def outputs(model, ids, hooks):
    modules = dict(model.named_modules())
    handles = [modules[name].register_forward_pre_hook(hook) for name, hook in hooks]
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids])).logits[0]
    for handle in handles:
        handle.remove()
    return torch.log_softmax(logits.double(), -1)


def hook_of(neuron, at, change):
    def hook(_, args):
        h = args[0].clone()
        flat = h.reshape(-1, h.shape[-1])
        places = tokens_meant(at, flat.shape[0])
        flat[places, neuron] = change(flat[places, neuron])
        return (flat.reshape(h.shape), *args[1:])

    return hook


worst = 0.0
print("| fixture | loss before | loss after | next tokens | largest effect |\n|---|---|---|---|---|")
for name in names:
    oracle = json.load(open(os.path.join(folder, name, "oracle.json")))
    family = F[oracle["family"]]
    model = fxlib.build(oracle["family"])
    down = [family["down"].format(i=i, e=0) for i in range(family["L"])]
    gaps = [0.0, 0.0, 0.0, 0.0]
    for text, at, change in CHANGES:
        layers = [0, family["L"] - 1]
        settings = [f"L{layers[0]}.N{NEURON}{text}", f"L{layers[1]}.N{OTHER}{text}"]
        answer = ablate(os.path.join(folder, name), settings, at)
        ids = [token["id"] for token in answer["loss"]]
        before = outputs(model, ids, [])
        after = outputs(
            model, ids, [(down[layers[0]], hook_of(NEURON, at, change)), (down[layers[1]], hook_of(OTHER, at, change))]
        )
        for place, (token, side) in enumerate([("before", before), ("after", after)]):
            for position in range(1, len(ids)):
                wanted = -side[position - 1, ids[position]].item()
                gaps[place] = max(gaps[place], abs(wanted - answer["loss"][position][token]) / (1 + wanted))
        for shift in answer["next"]:
            gaps[2] = max(gaps[2], abs(after[-1, shift["id"]].exp().item() - shift["after"]))
        gaps[3] = max(gaps[3], (after - before).abs().max().item())
    worst = max(worst, *gaps[:3])
    print(f"| {name} | " + " | ".join(f"{gap:.1e}" for gap in gaps) + " |", flush=True)
sys.exit(worst > 1e-4)
