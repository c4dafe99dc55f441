"""How pages name the parts of the day."""

import ast

from django.conf import settings

from scheduling.moments import PartOfDay


def test_a_day_is_divided_at_noon_and_at_five():
    parts = {hour: PartOfDay.at(hour).label for hour in (0, 11, 12, 16, 17, 23)}

    assert parts == {
        0: "Morning", 11: "Morning", 12: "Afternoon", 16: "Afternoon", 17: "Evening", 23: "Evening",
    }  # fmt: skip


def test_the_parts_of_the_day_are_named_once():
    named = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for app in ("accounts", "audit", "billing", "clinical", "hms", "scheduling")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in ("Afternoon", "afternoon")
    }

    assert named == {"scheduling/moments.py"}
