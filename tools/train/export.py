"""Export a checkpoint in the Hub's layout, with weights stored in half the space.

    python export.py --work FOLDER --to FOLDER [--name RUN]

Writes config.json, generation_config.json, tokenizer.json, tokenizer_config.json, special_tokens_map.json and
onnx/model.onnx. Optimum exports the graph; then every large weight is stored as float16 behind a Cast to float32,
which onnxruntime folds away when it loads the model.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from optimum.exporters.onnx import main_export
from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

from mix import END_OF_TEXT, WINDOW
from model import new_model

OPSET = 18
FILES = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
LARGE = 256
"""Weights of more elements than this are stored as float16."""


def main() -> None:
    """Exports the checkpoint."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--to", type=Path, required=True)
    arguments.add_argument("--name", default="run")
    options = arguments.parse_args()
    model = checkpoint(options.work, options.name)
    round_to_halves(model)
    with tempfile.TemporaryDirectory() as folder:
        hub = Path(folder)
        save_pretrained(model, options.work, hub)
        graph = exported_graph(hub)
        options.to.joinpath("onnx").mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copyfile(hub / name, options.to / name)
    store_halves(graph)
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, options.to / "onnx" / "model.onnx")
    print(f"{(options.to / 'onnx' / 'model.onnx').stat().st_size:,} bytes")


def checkpoint(work: Path, name: str) -> GPT2LMHeadModel:
    """The model of a run's last checkpoint."""
    model = new_model()
    model.load_state_dict(torch.load(work / f"{name}.pt")["model"])
    return model


@torch.no_grad()
def round_to_halves(model: GPT2LMHeadModel) -> None:
    """Rounds the large weights to float16, so that the graph and PyTorch hold the same values."""
    for weight in model.parameters():
        if weight.numel() > LARGE:
            weight.copy_(weight.half().float())


def exported_graph(hub: Path) -> onnx.ModelProto:
    """The float32 graph that optimum exports of the model saved in `hub`."""
    onnx_folder = hub / "onnx"
    main_export(str(hub), onnx_folder, task="text-generation", opset=OPSET, device="cpu", do_validation=False)
    return onnx.load(onnx_folder / "model.onnx")


def save_pretrained(model: GPT2LMHeadModel, work: Path, folder: Path) -> None:
    """Writes the model and its tokenizer as transformers does."""
    model.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(work / "tokenizer.json"),
        bos_token=END_OF_TEXT,
        eos_token=END_OF_TEXT,
        unk_token=END_OF_TEXT,
        model_max_length=WINDOW,
        clean_up_tokenization_spaces=False,
    )
    tokenizer.save_pretrained(folder)


def store_halves(model: onnx.ModelProto) -> None:
    """Replaces each large float32 initialiser by a float16 one and a Cast."""
    casts = []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if weight.data_type == TensorProto.FLOAT and values.size > LARGE:
            name = weight.name
            half = numpy_helper.from_array(values.astype(np.float16), name + "_float16")
            weight.CopyFrom(half)
            casts.append(helper.make_node("Cast", [half.name], [name], f"{name}_to_float32", to=TensorProto.FLOAT))
    for index, cast in enumerate(casts):
        model.graph.node.insert(index, cast)


if __name__ == "__main__":
    main()
