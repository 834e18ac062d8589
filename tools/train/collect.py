"""Collect the text that the model learns from: every source of sources.json, cleaned, deduplicated and split.

    python collect.py --prose FOLDER --work FOLDER [--lock]

Writes WORK/text/{heldout,train}/{prose,markdown,code}.jsonl, one document a line: {"id", "text"}.
A source whose SHA-256 is not the one in the manifest is refused; --lock writes the manifest's sums instead.
"""

import argparse
import json
from collections.abc import Iterator
from fnmatch import fnmatch
from hashlib import blake2b
from pathlib import Path

from archives import fetch, sha256, texts
from clean import Paragraphs, looks_written, markdown_from_html, unwrap

MANIFEST = Path(__file__).with_name("sources.json")
KINDS = ("prose", "markdown", "code")
SHORTEST, LONGEST = 400, 200_000


def main() -> None:
    """Reads the manifest and writes the collected text."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--prose", type=Path, required=True, help="folder of books, as the manifest names them")
    arguments.add_argument("--work", type=Path, required=True, help="folder for packages and text")
    arguments.add_argument("--lock", action="store_true", help="write the sums of the manifest anew")
    options = arguments.parse_args()
    sources = json.loads(MANIFEST.read_text())
    found = []
    for source in sources:
        path = options.prose / source["path"] if source["kind"] == "book" else fetch(source, options.work / "packages")
        if options.lock:
            source["sha256"] = sha256(path)
        elif source["sha256"] != sha256(path):
            raise SystemExit(f"{path.name} is not the file that sources.json names: its SHA-256 differs")
        found += documents(source, path)
    if options.lock:
        MANIFEST.write_text(json.dumps(sources, indent=1, ensure_ascii=False) + "\n")
    write(found, options.work / "text")


def documents(source: dict, path: Path) -> Iterator[tuple[str, str, bool, str]]:
    """(kind, id, held out, text) of every document that one source gives, at most `cap` bytes of each kind."""
    held = source.get("heldOut", [])
    if source["kind"] == "book":
        yield "prose", source["path"], bool(held), unwrap(path.read_text(encoding="utf-8-sig"))
        return
    for kind, patterns in source["take"].items():
        room = source.get("cap", 1_500_000)
        for name, text in sorted(texts(path, patterns), key=lambda pair: scattered(pair[0])):
            if name.endswith(".html"):
                text = markdown_from_html(text)
            size = len(text.encode())
            if SHORTEST <= size <= min(LONGEST, room) and looks_written(text):
                room -= size
                held_out = any(fnmatch(name, pattern) for pattern in held)
                yield kind, f"{source['name']}/{name}", held_out, text.replace("\r\n", "\n")


def scattered(name: str) -> bytes:
    """A key that puts names in an order that is fixed and without meaning."""
    return blake2b(name.encode(), digest_size=8).digest()


def write(found: list[tuple[str, str, bool, str]], folder: Path) -> None:
    """Writes the documents, held-out ones first: what they say, training text may not say again."""
    paragraphs = Paragraphs()
    for split, held_out in (("heldout", True), ("train", False)):
        (folder / split).mkdir(parents=True, exist_ok=True)
        for kind in KINDS:
            chosen = [(name, paragraphs.fresh(text)) for k, name, held, text in found if k == kind and held == held_out]
            chosen = [(name, text) for name, text in chosen if len(text) >= SHORTEST]
            with open(folder / split / f"{kind}.jsonl", "w", encoding="utf-8") as out:
                out.writelines(
                    json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n" for name, text in chosen
                )
            print(
                f"{split} {kind}: {len(chosen)} documents, {sum(len(t.encode()) for _, t in chosen):,} bytes",
                flush=True,
            )


if __name__ == "__main__":
    main()
