"""What people come with, by department: read from `cases.txt`, whose head says what its columns are."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

OLDEST = 120


@dataclass(frozen=True)
class Case:
    """A complaint, and what a doctor usually finds and does."""

    said: str
    diagnosis: str
    is_provisional: bool
    found: str
    plan: str
    advice: str
    medicines: tuple[str, ...]
    back_in_days: int
    ages: range
    gender: str

    def suits(self, age: int, gender: str) -> bool:
        return age in self.ages and self.gender in ("", gender)


def _case(cells: list[str]) -> Case:
    said, diagnosis, found, plan, advice, medicines, back, ages, gender = cells
    youngest, _dash, oldest = ages.partition("-")
    return Case(
        said=said,
        diagnosis=diagnosis.removesuffix(" ?"),
        is_provisional=diagnosis.endswith(" ?"),
        found=found,
        plan=plan,
        advice=advice,
        medicines=tuple(line.strip() for line in medicines.split(";") if line.strip()),
        back_in_days=int(back or 0),
        ages=range(int(youngest or 0), int(oldest or OLDEST) + 1),
        gender=gender,
    )


def _read() -> dict[str, tuple[Case, ...]]:
    cases = defaultdict(list)
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            slug, *cells = [cell.strip() for cell in line.split("|")]
            cases[slug].append(_case(cells))
    return {slug: tuple(rows) for slug, rows in cases.items()}


CASES = _read()
EVERY_CASE = {case.said: case for cases in CASES.values() for case in cases}
