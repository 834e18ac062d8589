"""
Compares `neuron-lens attribute` with the same weights in PyTorch: the logit, the share of each FFN (what its module gives,
through the final norm as it scales at the last token), and the shares of the neurons that are listed.

    python tools/check/attribution_against_torch.py FIXTURES FIXTURE…

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
LENS = os.path.join(os.path.dirname(__file__), "..", "..", "dist", "cli.cjs")
FINAL_NORMS = ["transformer.ln_f", "model.norm", "model.decoder.final_layer_norm", "gpt_neox.final_layer_norm"]


def lens(command, model, *options):
    arguments = ["node", LENS, command, model, "--text", TEXT, *options, "--json"]
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


worst = 0.0
print("| fixture | logit | FFNs | neurons |\n|---|---|---|---|")
for name in names:
    path = os.path.join(folder, name)
    family = F[json.load(open(os.path.join(path, "oracle.json")))["family"]]
    model = fxlib.build(family["name"])
    answer = lens("attribute", path, "--limit", "30")
    ids = [token["id"] for token in lens("ablate", path, "--set", "L0.N1*1", "--controls", "0")["loss"]]
    modules = dict(model.named_modules())
    down = [modules[family["down"].format(i=i, e=0)] for i in range(family["L"])]
    norm = next(modules[n] for n in FINAL_NORMS if n in modules)
    seen = {}
    handles = [m.register_forward_hook(lambda m, a, out, i=i: seen.update({i: (a[0], out)})) for i, m in enumerate(down)]
    handles.append(norm.register_forward_pre_hook(lambda _, a: seen.update({"stream": a[0]})))
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids])).logits[0, -1].double()
    for handle in handles:
        handle.remove()
    last = {key: [t.reshape(-1, t.shape[-1])[-1].double() for t in value] for key, value in seen.items() if key != "stream"}
    stream = seen["stream"].reshape(-1, seen["stream"].shape[-1])[-1].double()
    centred = "LayerNorm" in norm.__class__.__name__
    epsilon = getattr(norm, "eps", getattr(norm, "variance_epsilon", 0.0))
    size = ((stream - stream.mean() * centred).square().mean() + epsilon).sqrt()
    column = model.get_output_embeddings().weight[answer["token"]["id"]].detach().double() * norm.weight.detach().double()

    def share(vector):
        return float((vector - vector.mean() * centred) @ column / size)

    gaps = [abs(answer["logit"] - float(logits[answer["token"]["id"]]))]
    gaps.append(max(abs(share(last[i][1]) - ffn) for i, ffn in enumerate(answer["ffn"])))
    worst_neuron = 0.0
    for neuron in answer["neurons"]:
        layer, index = (int(part[1:]) for part in neuron["id"].split("."))
        weight = down[layer].weight.detach().double()
        out = weight[index] if down[layer].__class__.__name__ == "Conv1D" else weight[:, index]
        worst_neuron = max(worst_neuron, abs(share(out * last[layer][0][index]) - neuron["direct"]))
    gaps.append(worst_neuron)
    worst = max(worst, *gaps)
    print(f"| {name} | " + " | ".join(f"{gap:.1e}" for gap in gaps) + " |", flush=True)
sys.exit(worst > 1e-3)
