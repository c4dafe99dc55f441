from collections.abc import Mapping
from pathlib import Path

from django.core.management.base import CommandError

from audit.management.audited import AuditedCommand
from hms.core.rights import SYSTEM
from scheduling.models import NoShowModel
from scheduling.no_show.csv_file import ReadFile, UnreadableFile, read_outcomes
from scheduling.no_show.facts import FEATURES, Outcome
from scheduling.no_show.measures import Group, Report, compare_model, fit_and_try
from scheduling.services.no_show import FEWEST_OUTCOMES, latest_outcomes, store_no_show_model

MOST_NAMED = 20  # impossible visits


class Command(AuditedCommand):
    help = (
        "Fit the no-show model to the hospital's visits and store it for an administrator to activate, "
        "or report how the model in use and a new fit do on the visits of a CSV file, which stores nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--csv",
            type=Path,
            help="a file with the columns patient, booked_on, visit_on (YYYY-MM-DD), age, missed (yes or no) "
            "and, if wanted, gender",
        )
        parser.add_argument("--dry-run", action="store_true", help="report only, and store nothing")

    def handle(self, *, csv: Path | None, dry_run: bool, **_options):
        outcomes = self._read(csv) if csv else latest_outcomes()
        if len(outcomes) < FEWEST_OUTCOMES:
            needed = f"a fit needs {FEWEST_OUTCOMES}: nothing is changed."
            self.stdout.write(f"{len(outcomes)} visits have an outcome, and {needed}")
            return
        if active := NoShowModel.objects.active():
            self.stdout.write(f"\n{active}, the model in use, on all visits:")
            self._show(compare_model(active.coefficients, outcomes))
        coefficients, tried = fit_and_try(outcomes)
        self._show_fit(coefficients, tried)
        if csv or dry_run:
            self.stdout.write("Nothing has been stored.")
            return
        model = store_no_show_model(outcomes=outcomes, coefficients=coefficients, report=tried, by=SYSTEM)
        self.stdout.write(f"Stored as “{model}”. It is used once an administrator activates it.")

    def _read(self, path: Path) -> list[Outcome]:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                found = read_outcomes(file)
        except (OSError, UnicodeDecodeError, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        self._show_left_out(found)
        return found.outcomes

    def _show_left_out(self, found: ReadFile) -> None:
        left_out, more = found.left_out, len(found.left_out) - MOST_NAMED
        self.stdout.write(f"{len(found.outcomes)} visits read, {len(left_out)} impossible ones left out.")
        for line in left_out[:MOST_NAMED]:
            self.stdout.write(f"  {line}")
        if more > 0:
            self.stdout.write(f"  and {more} more")
        if found.ignored:
            self.stdout.write(f"Not used, and never part of an estimate: {', '.join(found.ignored)}.")
        self.stdout.write(f"Estimates rest on: {', '.join(FEATURES)}. Gender only tells groups apart here.")

    def _show_fit(self, coefficients: Mapping[str, float], tried: Report | None) -> None:
        if tried:
            self.stdout.write("\nA fit to the first 70% of the days, on the visits of the others:")
            self._show(tried)
        self.stdout.write("\nA fit to all visits:")
        for feature, value in coefficients.items():
            self.stdout.write(f"  {feature:<15} {value:9.4f}")

    def _show(self, report: Report) -> None:
        told = {"AUC": report.auc, "Brier score": report.brier}
        told |= {"calibration intercept": report.intercept, "calibration slope": report.slope}
        self.stdout.write(f"  {report.visits} visits, {report.missed:.1%} missed")
        for name, value in told.items():
            self.stdout.write(f"  {name:<22} {'-' if value is None else format(value, '.3f')}")
        if report.worst:
            self.stdout.write(f"  worst group: {_line(report.worst)}")
        for group in report.deciles:
            self.stdout.write(f"  part {_line(group)}")


def _line(group: Group) -> str:
    return (
        f"{group.name}: {group.visits} visits, estimated {group.predicted:.1%}, observed {group.observed:.1%}"
    )
