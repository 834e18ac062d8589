"""Measure the exported model on held-out text, beside xz and PPMd on the same bytes.

    python measure.py --work FOLDER --model FOLDER

Prints a table of bits per byte and writes it to WORK/measured.md. The model reads every document from its start in
windows that overlap by half, so that all but the first tokens are predicted from 128 to 255 tokens before them; xz
and PPMd compress one file of all the documents. The last column is another comparison: PPMd, too, starts each
document afresh, and nothing but its own bytes counts, no archive's.
"""

import argparse
import lzma
import os
import subprocess
import tempfile
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import numpy as np
import onnxruntime
import pyppmd
from tokenizers import Tokenizer

from mix import END_OF_TEXT, SHARES, WINDOW, documents

MOST_BYTES = 700_000
ORDERS = (4, 6, 8, 12, 16, 32)
"""Of PPMd's contexts, in bytes; the best one counts."""
STRIDE = WINDOW // 2
BATCH = 8


def main() -> None:
    """Measures every kind of text."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    options = arguments.parse_args()
    session = onnxruntime.InferenceSession(options.model / "onnx" / "model.onnx")
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    table = [
        "| text | documents | bytes | bytes a token | `xz -9` | PPMd | model | PPMd, each document alone |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind in SHARES:
        texts = held_out(options.work, kind)
        data = "".join(texts).encode()
        bits, tokens = model_bits(session, tokenizer, texts)
        sizes = [xz_bits(data), ppmd_bits(data), bits, ppmd_bits_alone(texts)]
        cells = " | ".join(f"{figure:.3f}" for figure in [len(data) / tokens, *(size / len(data) for size in sizes)])
        table.append(f"| {kind} | {len(texts)} | {len(data):,} | {cells} |")
        print(table[-1], flush=True)
    (options.work / "measured.md").write_text("\n".join(table) + "\n")


def held_out(work: Path, kind: str) -> list[str]:
    """Held-out documents of one kind up to MOST_BYTES; a book counts with its first 100,000 characters."""
    texts, room = [], MOST_BYTES
    for _, text in documents(work, "heldout", kind):
        piece = text[:100_000]
        if len(piece.encode()) <= room:
            texts.append(piece)
            room -= len(piece.encode())
    return texts


def model_bits(session: onnxruntime.InferenceSession, tokenizer: Tokenizer, texts: list[str]) -> tuple[float, int]:
    """(bits, tokens) that the model needs for the documents, each on its own."""
    end = tokenizer.token_to_id(END_OF_TEXT)
    rows = [row for text in texts for row in overlapping(np.array([end, *tokenizer.encode(text).ids]))]
    bits, tokens = 0.0, 0
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        longest = max(len(ids) for ids, _ in batch)
        ids = np.array([np.pad(ids, (0, longest - len(ids))) for ids, _ in batch], dtype=np.int64)
        positions = np.broadcast_to(np.arange(longest), ids.shape)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "position_ids": positions.astype(np.int64)}
        logits = session.run(["logits"], feeds)[0]
        for (row, fresh), scores in zip(batch, logits, strict=True):
            first = len(row) - fresh
            nats = next_token_nats(scores[first - 1 : len(row) - 1], row[first:])
            bits, tokens = bits + nats / np.log(2), tokens + fresh
    return bits, tokens


def overlapping(ids: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """(window, how many of its last tokens no earlier window has predicted) over one document."""
    windows = [(ids[:WINDOW], min(len(ids), WINDOW) - 1)]
    for end in range(WINDOW + STRIDE, len(ids) + STRIDE, STRIDE):
        stop = min(end, len(ids))
        windows.append((ids[stop - WINDOW : stop], stop - (end - STRIDE)))
    return windows


def next_token_nats(scores: np.ndarray, targets: np.ndarray) -> float:
    """Sum of -ln p(target) over scores [tokens, vocabulary]."""
    top = scores.max(axis=1)
    total = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    return float((total - scores[np.arange(len(targets)), targets]).sum())


def xz_bits(data: bytes) -> int:
    """Size in bits after `xz -9`."""
    return 8 * len(lzma.compress(data, preset=9))


def ppmd_bits(data: bytes) -> int:
    """Size in bits after 7-zip's PPMd with 1 GiB of memory, at the best of a few orders."""
    sizes = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "text").write_bytes(data)
        for order in ORDERS:
            archive = Path(folder) / f"{order}.7z"
            command = ["7z", "a", f"-m0=PPMd:o={order}:mem=1g", str(archive), "text"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            sizes.append(archive.stat().st_size)
    return 8 * min(sizes)


def ppmd_bits_alone(texts: list[str]) -> int:
    """Size in bits of the documents after PPMd, variant H as 7-zip's, each without the others."""
    return 8 * min(sum(ppmd_bytes(text.encode(), order) for text in texts) for order in ORDERS)


def ppmd_bytes(data: bytes, order: int) -> int:
    """Size in bytes of the bare stream."""
    encoder = pyppmd.Ppmd7Encoder(order, 1 << 24)
    return len(encoder.encode(data)) + len(encoder.flush())


if __name__ == "__main__":
    main()
