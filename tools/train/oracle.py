"""Store what PyTorch says of the exported model, small, for the test suite.

    python oracle.py --model FOLDER --to FOLDER

The weights come out of the exported file itself, so the comparison is of two engines on one model. Writes
oracle.json: for each text its token ids, all logits at a few positions, and the input of each block's mlp.c_proj
at every position for a few neurons.
"""

import argparse
import base64
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

from model import exported

TEXTS = {
    "prose": "“No,” said Alice, on the 4th of May, 1862; “I never saw them before.” She had not. They hadn’t either.",
    "markdown": "# Install\n\nRun `npm i`:\n\n- first item\n- second item\n\n```sh\nnpm start -- --port 80\n```\n",
    "code": "def mean(values: list[float]) -> float:\n    if not values:\n        raise ValueError('empty')\n",
}
NEURONS = [0, 1, 17, 100, 255, 384, 511, 640, 766, 767]


def main() -> None:
    """Writes the oracle."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--to", type=Path, required=True)
    options = arguments.parse_args()
    model = exported(options.model)
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    texts = {name: facts(model, tokenizer.encode(text).ids, text) for name, text in TEXTS.items()}
    options.to.mkdir(parents=True, exist_ok=True)
    oracle = {"torch": torch.__version__, "neurons": NEURONS, "texts": texts}
    (options.to / "oracle.json").write_text(json.dumps(oracle, ensure_ascii=False, indent=1) + "\n")


@torch.no_grad()
def facts(model: GPT2LMHeadModel, ids: list[int], text: str) -> dict:
    """Token ids, logits at the first, middle and last position, activations [layers, tokens, NEURONS]."""
    seen = []
    hooks = [
        block.mlp.c_proj.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0][0, :, NEURONS]))
        for block in model.transformer.h
    ]
    logits = model(torch.tensor([ids])).logits[0]
    for hook in hooks:
        hook.remove()
    positions = [0, len(ids) // 2, len(ids) - 1]
    return {
        "text": text,
        "ids": ids,
        "positions": positions,
        "logits": packed(logits[positions]),
        "activations": packed(torch.stack(seen)),
    }


def packed(values: torch.Tensor) -> str:
    """Little-endian float32 values, in base64."""
    return base64.b64encode(values.contiguous().numpy().astype("<f4").tobytes()).decode()


if __name__ == "__main__":
    main()
