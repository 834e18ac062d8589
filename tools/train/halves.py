"""Measure what storing the weights as float16 costs: against a plain float32 export of the same checkpoint.

python halves.py --work FOLDER --model FOLDER [--name RUN]
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import numpy as np
import onnx
import onnxruntime
from tokenizers import Tokenizer

from export import checkpoint, exported_graph, save_pretrained
from measure import held_out, model_bits
from mix import WINDOW

TEXTS = 2
ROUNDS = 5


def main() -> None:
    """Prints size, load time, speed and bits per byte of both files, and the largest difference of their logits."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--name", default="run")
    options = arguments.parse_args()
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    texts = [text[:20_000] for text in held_out(options.work, "prose")[:TEXTS]]
    ids = np.array([tokenizer.encode(texts[0]).ids[start : start + WINDOW] for start in range(0, 8 * WINDOW, WINDOW)])
    with tempfile.TemporaryDirectory() as folder:
        save_pretrained(checkpoint(options.work, options.name), options.work, Path(folder))
        plain = Path(folder) / "plain.onnx"
        onnx.save(exported_graph(Path(folder)), plain)
        logits = []
        for path in (plain, options.model / "onnx" / "model.onnx"):
            started = time.perf_counter()
            session = onnxruntime.InferenceSession(path)
            loaded = time.perf_counter() - started
            bits, _ = model_bits(session, tokenizer, texts)
            seconds, found = timed(session, ids)
            logits.append(found)
            bits_a_byte = bits / len("".join(texts).encode())
            speed = ids.size / seconds
            size = path.stat().st_size
            print(f"{size:,} bytes, loaded in {loaded:.2f} s, {speed:,.0f} tokens/s, {bits_a_byte:.4f} bits a byte")
    print(f"largest difference of a logit: {np.abs(logits[0] - logits[1]).max():.4f} of {np.abs(logits[0]).max():.1f}")


def timed(session: onnxruntime.InferenceSession, ids: np.ndarray) -> tuple[float, np.ndarray]:
    """(seconds of the fastest of some rounds, logits) over ids [windows, WINDOW]."""
    positions = np.broadcast_to(np.arange(ids.shape[1]), ids.shape).astype(np.int64)
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "position_ids": positions}
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        logits = session.run(["logits"], feeds)[0]
        seconds.append(time.perf_counter() - started)
    return min(seconds), logits


if __name__ == "__main__":
    main()
