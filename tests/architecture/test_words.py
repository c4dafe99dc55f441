"""Code, screens and documents use the terms of docs/glossary.md, not those that it replaces."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
GLOSSARY = ROOT / "docs" / "glossary.md"
LICENCE = ROOT / "static" / "fonts" / "OFL.txt"
SUFFIXES = {".css", ".html", ".js", ".md", ".py", ".toml", ".txt"}
MOST_ROWS = 40


def replaced_words() -> list[str]:
    """Words in the last column of the glossary, and those in italics below the table."""
    text = GLOSSARY.read_text()
    rows = re.findall(r"^\| .* \|([^|]*)\|$", text, re.MULTILINE)[1:]
    in_rows = [word.strip() for row in rows for word in row.split(",") if word.strip()]
    return [*in_rows, *re.findall(r"\*([a-z ]+)\*", text)]


def refused_lines(text: str) -> list[int]:
    """Numbers of lines with a replaced word, also inside names and across line breaks."""
    spaced = [word.replace(" ", r"[\s_-]+(?:[#*]\s*)?") for word in replaced_words()]
    words = re.compile(rf"(?<![a-z])(?:{'|'.join(spaced)})(?![a-z])", re.IGNORECASE)
    return [text.count("\n", 0, found.start()) + 1 for found in words.finditer(text)]


def our_files() -> list[Path]:
    """Every text file, except in hidden folders and those that .gitignore lists."""
    made = set(re.findall(r"^/(\w[\w-]*)/$", (ROOT / ".gitignore").read_text(), re.MULTILINE))
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in made]
    folders = [folder for folder in folders if not folder.name.startswith(".")]
    found = [*ROOT.iterdir(), *(path for folder in folders for path in folder.rglob("*"))]
    return [path for path in found if path.suffix in SUFFIXES and is_ours(path)]


def is_ours(path: Path) -> bool:
    return "migrations" not in path.parts and path not in (GLOSSARY, Path(__file__), LICENCE)


def test_no_file_uses_a_replaced_word():
    refused = {
        f"{path.relative_to(ROOT)}:{line}" for path in our_files() for line in refused_lines(path.read_text())
    }

    assert refused == set()


def test_a_replaced_word_is_found_in_prose_in_names_and_across_a_line_break():
    found = refused_lines("It can\nnot be.\nlet pay_back = 1\nThe bond market\nA vagabond cannot whence\n")

    assert found == [1, 3, 4, 5]


def test_the_glossary_is_short_and_sorted():
    terms = re.findall(r"^\| ([^|]+) \|", GLOSSARY.read_text(), re.MULTILINE)[1:]

    assert len(terms) <= MOST_ROWS
    assert terms == sorted(terms, key=str.casefold)
