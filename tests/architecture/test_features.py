"""Every feature in docs/features.md has a test, and every marked test a feature."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROW = re.compile(r"^\| ([A-Z]\d\d) \| .* \|([^|]*)\|$", re.MULTILINE)
MARK = re.compile(r'feature\("([A-Z]\d\d)"\)')
ROWS = ROW.findall((ROOT / "docs" / "features.md").read_text())


@pytest.mark.parametrize(("feature", "proofs"), ROWS)
def test_every_feature_has_a_test_marked_with_its_id(feature, proofs):
    paths = [path.strip() for path in proofs.split(",") if path.strip()]

    assert paths
    for path in paths:
        assert feature in MARK.findall((ROOT / path).read_text()), f"{path} does not carry {feature}"


def test_every_marked_feature_is_in_the_document():
    marked = {
        feature
        for path in (ROOT / "tests").rglob("test_*.py")
        for feature in MARK.findall(path.read_text())
        if path != Path(__file__)
    }

    assert marked - {feature for feature, _proofs in ROWS} == set()
