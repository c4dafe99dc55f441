"""`.env.example` lists exactly the variables that settings read."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_example_environment_names_every_variable_that_settings_read():
    settings = (ROOT / "hms" / "settings.py").read_text()
    read = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', settings))

    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))

    assert named == read
