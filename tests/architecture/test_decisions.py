"""A decision record is one page that begins with the decision, and the index lists it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "docs" / "adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
LINES_ON_A_PAGE = 50


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_a_record_is_one_page_with_the_decision_first(path):
    text = path.read_text()

    assert text.startswith(f"# {path.name[:4]} ")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == ["Decision", "Context", "Consequences"]
    assert len(text.splitlines()) <= LINES_ON_A_PAGE


def test_the_index_lists_every_record_under_its_title():
    titles = {path.name: path.read_text().splitlines()[0].partition(" ")[2][5:] for path in RECORDS}

    listed = re.findall(
        r"^\| \[\d{4}\]\(([^)]+)\) \| (.+) \|$", (FOLDER / "README.md").read_text(), re.MULTILINE
    )

    assert dict(listed) == titles
