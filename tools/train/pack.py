"""Cut the training text into windows of tokens, mix the kinds in their shares, and shuffle.

    python pack.py --work FOLDER

Writes WORK/windows.npy, uint16 [windows, WINDOW + 1]. No window crosses a document: a document's last window
reaches back to be full, and documents shorter than a window are left out. Each document begins and ends with
the end-of-text token.
"""

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from mix import END_OF_TEXT, SHARES, WINDOW, documents, work_folder

MOST_WINDOWS = 80_000


def main() -> None:
    """Packs the training text."""
    work = work_folder(__doc__)
    order = np.random.default_rng(2026)
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    kinds = {kind: order.permutation(windows(work, tokenizer, kind)) for kind in SHARES}
    most = min([MOST_WINDOWS] + [int(len(rows) / SHARES[kind]) for kind, rows in kinds.items()])
    mixed = np.concatenate([rows[: int(most * SHARES[kind])] for kind, rows in kinds.items()])
    np.save(work / "windows.npy", order.permutation(mixed))
    print({kind: len(rows) for kind, rows in kinds.items()}, "windows;", len(mixed), "in the mix")


def windows(work: Path, tokenizer: Tokenizer, kind: str) -> np.ndarray:
    """Every window of one kind, uint16 [windows, WINDOW + 1]."""
    end = tokenizer.token_to_id(END_OF_TEXT)
    texts = [text for _, text in documents(work, "train", kind)]
    rows = []
    for start in range(0, len(texts), 64):
        for encoding in tokenizer.encode_batch_fast(texts[start : start + 64]):
            rows += cut(np.array([end, *encoding.ids, end], dtype=np.uint16))
    return np.stack(rows)


def cut(tokens: np.ndarray) -> list[np.ndarray]:
    """The document's windows of WINDOW + 1 tokens, each beginning with the token the one before ends with."""
    length = WINDOW + 1
    if len(tokens) < length:
        return []
    starts = [*range(0, len(tokens) - length, WINDOW), len(tokens) - length]
    return [tokens[start : start + length] for start in starts]


if __name__ == "__main__":
    main()
