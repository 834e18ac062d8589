"""What every step agrees on: the mix of text, the vocabulary, the window, where documents lie."""

import argparse
import json
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

SHARES = {"prose": 0.6, "markdown": 0.2, "code": 0.2}
VOCABULARY = 4096
WINDOW = 256
END_OF_TEXT = "<|endoftext|>"


def work_folder(description: str) -> Path:
    """The folder given as --work."""
    arguments = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, required=True, help="folder for text, tokens and checkpoints")
    return arguments.parse_args().work


def documents(work: Path, split: str, kind: str) -> Iterator[tuple[str, str]]:
    """(id, text) of the collected documents, in an order that is fixed and without meaning."""
    with open(work / "text" / split / f"{kind}.jsonl", encoding="utf-8") as lines:
        found = [(document["id"], document["text"]) for document in map(json.loads, lines)]
    return iter(sorted(found, key=lambda pair: blake2b(pair[0].encode(), digest_size=8).digest()))


def check_windows(work: Path, count: int = 32) -> dict[str, np.ndarray]:
    """Windows of the held-out text by kind, [count, WINDOW + 1], from many documents."""
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    end = tokenizer.token_to_id(END_OF_TEXT)
    found = {}
    for kind in SHARES:
        rows = []
        for _, text in documents(work, "heldout", kind):
            ids = [end, *tokenizer.encode(text[:60_000]).ids]
            rows += [ids[at : at + WINDOW + 1] for at in range(0, len(ids) - WINDOW - 1, WINDOW)][:4]
        found[kind] = np.array(rows[:count])
    return found
