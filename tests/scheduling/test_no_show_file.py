"""A file of outcomes like the public one of Vitória, Brazil."""

import pytest

from tests.scheduling.outcomes import drawn
from tests.scheduling.test_no_show import fitted

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S20")]
PUBLIC = [
    *("ScheduledDay", "AppointmentDay", "Age", "Neighbourhood", "Scholarship", "Hipertension", "Diabetes"),
    *("Alcoholism", "Handcap", "SMS_received"),
]


def test_a_file_like_the_public_one_is_judged_without_what_no_estimate_may_rest_on(tmp_path):
    """Neighbourhood and welfare follow the outcome here, and change nothing."""
    known = [*PUBLIC, "PatientId", "AppointmentID", "Gender", "No-show"]
    outcomes = drawn(2_000)

    def written(name: str, told) -> str:
        lines = [",".join(known)]
        for number, one in enumerate(outcomes):
            times = [f"{one.booked_on}T08:15:30Z", f"{one.visit_on}T00:00:00Z", str(one.age)]
            other = [*told(one), "0", "0", "0", "0", "1"]
            who = [f"{one.patient}e13", str(5_000_000 + number), "FM"[number % 2]]
            lines.append(",".join([*times, *other, *who, "Yes" if one.missed else "No"]))
        day = "2016-06-09T00:00:00Z"
        lines.append(f"2016-06-06T08:58:13Z,{day},-1,ROMÃO,0,0,0,0,0,0,465943158731293,5775010,F,No")
        (tmp_path / name).write_text("\n".join(lines), "utf-8")
        return fitted(f"--csv={tmp_path / name}")

    report = written("told.csv", lambda one: ("ROMÃO", "1") if one.missed else ("ITARARÉ", "0"))
    other = written("alike.csv", lambda _one: ("CENTRO", "0"))

    assert report == other
    assert "2000 visits read, 1 impossible ones left out.\n  line 2002: age -1\n" in report
    ignored = "Neighbourhood, Scholarship, Hipertension, Diabetes, Alcoholism, Handcap, SMS_received"
    assert f"Not used, and never part of an estimate: {ignored}, AppointmentID.\n" in report
    for name in ("Neighbourhood", "Scholarship"):
        assert report.count(name) == 1
