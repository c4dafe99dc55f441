"""Files have at most 250 lines and functions at most 30; exceptions are listed with their reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = (
    *("accounts", "audit", "bench", "billing", "clinical", "docs", "hms", "scheduling"),
    *("static", "templates", "tests"),
)
SUFFIXES = {".css", ".html", ".js", ".py"}
LONGEST_FILE = 250
LONGEST_FUNCTION = 30

# path: why it is not split
LONG_FILES: dict[str, str] = {
    "hms/settings.py": "one list without branches, read from top to bottom",
}
# path::function: why it is not split
LONG_FUNCTIONS: dict[str, str] = {}


def test_no_file_is_longer_than_allowed_without_a_reason():
    lengths = {name(path): len(path.read_text().splitlines()) for path in files()}

    too_long = {path for path, length in lengths.items() if length > LONGEST_FILE}

    assert too_long == set(LONG_FILES)


def test_no_function_is_longer_than_allowed_without_a_reason():
    lengths = {
        f"{name(path)}::{function.name}": function.end_lineno - function.lineno + 1
        for path in files()
        if path.suffix == ".py"
        for function in functions(path)
    }

    too_long = {function for function, length in lengths.items() if length > LONGEST_FUNCTION}

    assert too_long == set(LONG_FUNCTIONS)


def files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in SUFFIXES and "migrations" not in path.parts:
                yield path


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
