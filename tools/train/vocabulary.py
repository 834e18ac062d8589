"""Train the byte-level BPE vocabulary on the same mix of text as the model.

    python vocabulary.py --work FOLDER

Writes WORK/tokenizer.json, without truncation or padding.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from mix import END_OF_TEXT, SHARES, VOCABULARY, documents, work_folder

SAMPLE_BYTES = 20_000_000


def main() -> None:
    """Trains and saves the tokenizer."""
    work = work_folder(__doc__)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(sample(work), trainer)
    tokenizer.save(str(work / "tokenizer.json"))
    print(json.dumps({"vocabulary": tokenizer.get_vocab_size()}))


def sample(work: Path) -> Iterator[str]:
    """Training documents of each kind in the mix's shares, the long ones cut short so that no book rules."""
    for kind, share in SHARES.items():
        room = SAMPLE_BYTES * share
        for _, text in documents(work, "train", kind):
            if room <= 0:
                break
            piece = text[:200_000]
            room -= len(piece.encode())
            yield piece


if __name__ == "__main__":
    main()
