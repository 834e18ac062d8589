"""Turn what the sources hold into plain text: prose unwrapped, HTML as markdown, nothing generated, nothing twice."""

import re
from hashlib import blake2b
from html.parser import HTMLParser

HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
BLOCKS = {"p", "div", "tr", "dt", "dd", "table", "ul", "ol", "dl", "section", "br"}
SKIPPED = {"script", "style", "head", "nav", "svg", "button"}


def unwrap(text: str) -> str:
    """Joins the lines of hard-wrapped paragraphs; verse, tables and headings keep theirs."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip("\n"))
    return "\n\n".join(unwrap_paragraph(paragraph) for paragraph in paragraphs) + "\n"


def unwrap_paragraph(paragraph: str) -> str:
    """One line when every line but the last is long and none but the first is indented, else the paragraph as it is."""
    lines = paragraph.split("\n")
    long_enough = all(len(line) >= 45 for line in lines[:-1])
    indented = any(line.startswith("  ") for line in lines[1:])
    return paragraph if indented or not long_enough else " ".join(line.strip() for line in lines)


class Markdown(HTMLParser):
    """Collects the text of an HTML manual page, with markdown's headings, lists, code blocks and code spans."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skipping = 0
        self.verbatim = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Opens a block."""
        if tag in SKIPPED:
            self.skipping += 1
        elif tag in HEADINGS:
            self.parts.append("\n\n" + HEADINGS[tag])
        elif tag == "pre":
            self.verbatim += 1
            self.parts.append("\n\n```\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "code" and not self.verbatim:
            self.parts.append("`")
        elif tag in BLOCKS:
            self.parts.append("\n\n" if tag in ("p", "table") else "\n")
        elif tag in ("td", "th"):
            self.parts.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        """Closes a block."""
        if tag in SKIPPED:
            self.skipping = max(0, self.skipping - 1)
        elif tag in HEADINGS:
            self.parts.append("\n\n")
        elif tag == "pre":
            self.verbatim = max(0, self.verbatim - 1)
            self.parts.append("\n```\n\n")
        elif tag == "code" and not self.verbatim:
            self.parts.append("`")

    def handle_data(self, data: str) -> None:
        """Keeps text, with its line breaks inside code blocks only."""
        if not self.skipping:
            self.parts.append(data if self.verbatim else re.sub(r"\s+", " ", data))


def markdown_from_html(page: str) -> str:
    """The page's text as markdown."""
    reader = Markdown()
    reader.feed(page)
    text = re.sub(r"[ \t]+\n", "\n", "".join(reader.parts))
    text = re.sub(r"\n- \s*\n+", "\n- ", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def looks_written(text: str) -> bool:
    """False for what a program wrote: minified scripts, tables of data, source maps."""
    lines = text.split("\n")
    return max(map(len, lines)) < 2000 and len(text) / len(lines) < 300


class Paragraphs:
    """Remembers the paragraphs seen so far, to leave out those that come again."""

    LEAST = 80

    def __init__(self) -> None:
        self.seen: set[bytes] = set()

    def fresh(self, text: str) -> str:
        """The text without the paragraphs seen before. Two that differ only in case, digits, spacing or
        punctuation count as one; those with fewer than LEAST letters are always kept."""
        kept = []
        for paragraph in re.split(r"\n[ \t]*\n", text):
            letters = re.sub(r"[\W\d_]+", "", paragraph).lower()
            key = blake2b(letters.encode(), digest_size=12).digest()
            if len(letters) < self.LEAST or key not in self.seen:
                kept.append(paragraph)
                if len(letters) >= self.LEAST:
                    self.seen.add(key)
        return "\n\n".join(kept)
