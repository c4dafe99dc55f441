"""What the reports about visits must say, computed row by row."""

from collections import Counter, defaultdict
from datetime import timedelta

from django.utils import timezone

from scheduling.models import Appointment
from tests.reports.world import CAME, World, answers, mean_minutes, people, per_cent, with_ties


def seen(visits: list) -> dict:
    return {"patients": people(visits), "visits": len(visits)}


def fate(visit: Appointment) -> str:
    if visit.status in CAME:
        return "came"
    if visit.status == "cancelled":
        return "cancelled"
    is_over = visit.ends_at <= timezone.now() - timedelta(hours=12)
    return "missed" if visit.status == "no_show" or is_over else "coming"


def fates(visits: list) -> dict:
    found = Counter(map(fate, visits))
    return {name: found[name] for name in ("came", "coming", "missed", "cancelled")}


def rates(visits: list) -> dict:
    found = fates(visits)
    del found["coming"]
    return {
        "bookings": len(visits),
        **found,
        "missed_share": per_cent(found["missed"], found["missed"] + found["came"]),
        "cancelled_share": per_cent(found["cancelled"], len(visits)),
    }


@answers("patients")
def patients(world: World):
    return world.by_period(world.came, "starts_at", seen)


@answers("patients-per-doctor")
def patients_per_doctor(world: World):
    return world.by_doctor(world.came, seen)


@answers("patients-per-department")
def patients_per_department(world: World):
    return world.by_department(world.came, seen)


@answers("bookings")
def bookings(world: World):
    return world.by_period(world.bookings, "starts_at", lambda rows: fates(rows) | {"bookings": len(rows)})


@answers("no-shows")
def no_shows(world: World):
    return world.by_period(world.bookings, "starts_at", rates)


@answers("no-shows-by-lead-time")
def no_shows_by_lead_time(world: World):
    lines = defaultdict(list)
    for visit in world.bookings:
        if visit.booked_at:
            days = (visit.starts_at - visit.booked_at) // timedelta(days=1)
            lines[sum(days >= least for least in (1, 2, 4, 8, 15, 31))].append(visit)
    names = [
        *("Less than a day", "1 day", "2 or 3 days", "4 to 7 days", "8 to 14 days", "15 to 30 days"),
        "More than 30 days",
    ]
    return [{"lead": name} | rates(lines[number]) for number, name in enumerate(names)]


@answers("peak-hours")
def peak_hours(world: World):
    zone = timezone.get_current_timezone()
    locals_ = [visit.starts_at.astimezone(zone) for visit in world.came]
    found = Counter((one.hour, one.weekday()) for one in locals_)
    return [
        {"hour": f"{hour:02}:00"}
        | {f"day_{day}": found[hour, day] for day in range(7)}
        | {"visits": sum(one.hour == hour for one in locals_)}
        for hour in range(24)
    ]


def waits(visits: list) -> list[timedelta]:
    return [one.started_at - one.arrived_at for one in visits if one.started_at and one.arrived_at]


def work(visits: list) -> dict:
    came = [one for one in visits if one.status in CAME]
    lengths = [one.ended_at - one.started_at for one in visits if one.status == "completed"]
    found = rates(visits)
    return {
        "patients": people(came),
        "came": len(came),
        "missed_share": found["missed_share"],
        "cancelled_share": found["cancelled_share"],
        "wait": mean_minutes(waits(visits)),
        "consultation": mean_minutes(lengths),
    }


@answers("doctors")
def doctors(world: World):
    return world.by_doctor(world.bookings, lambda rows: work(rows) | {"rating": None})


@answers("departments")
def departments(world: World):
    return world.by_department(world.bookings, work)


@answers("waiting")
def waiting(world: World):
    def count(visits):
        lengths = waits(visits)
        late = [max(one.started_at - one.starts_at, timedelta()) for one in visits if one.started_at]
        return {
            "waited": len(lengths),
            "wait": mean_minutes(lengths),
            "long_waits": sum(one > timedelta(minutes=30) for one in lengths),
            "longest": int(max(lengths).total_seconds()) // 60 if lengths else None,
            "late": mean_minutes(late),
        }

    return world.by_doctor(world.came, count)


@answers("utilization")
def utilization(world: World):
    """Dr A alone has hours: six times of 20 minutes for two patients, every day, at the first branch."""
    scope = world.scope
    days = (scope.last - scope.first).days + 1
    first_branch = min(one.branch_id for one in world.doctors[0].schedules.model.objects.all())
    is_open = scope.branches is None or first_branch in scope.branches

    def count_of(doctor):
        def count(visits):
            offered = 240 * days if doctor == "Dr A" and is_open else 0
            booked = 20 * sum(one.status != "cancelled" for one in visits)
            return {"offered": offered, "booked": booked, "share": per_cent(booked, offered)}

        return count

    rows = [one for one in world.bookings if one.status != "cancelled"]
    return [
        row | count_of(row["doctor"])(row.pop("rows")) for row in world.by_doctor(rows, lambda r: {"rows": r})
    ]


@answers("new-patients")
def new_patients(world: World):
    def count(visits):
        new = {
            one.patient_id
            for one in visits
            if not any(
                other.patient_id == one.patient_id
                and other.status in CAME
                and other.starts_at < one.starts_at
                for other in world.all_visits
            )
        }
        return {"new": len(new), "returning": people(visits) - len(new), "patients": people(visits)}

    return world.by_period(world.came, "starts_at", count)


@answers("patients-by-age")
def patients_by_age(world: World):
    begins, last = (0, 5, 15, 25, 35, 45, 55, 65, 75), world.scope.last
    came = {one.patient for one in world.came}
    found = Counter((sum(one.age_on(last) >= begin for begin in begins[1:]), one.gender) for one in came)
    names = ["0–4", "5–14", "15–24", "25–34", "35–44", "45–54", "55–64", "65–74", "75+"]  # noqa: RUF001
    sexes = ("female", "male", "other", "unknown")
    return [
        {"age": name}
        | {sex: found[line, sex] for sex in sexes}
        | {"patients": sum(found[line, sex] for sex in sexes)}
        for line, name in enumerate(names)
    ]


@answers("patients-by-district")
def patients_by_district(world: World):
    found = Counter(one.county.lower() for one in {visit.patient for visit in world.came})
    rows = [{"district": name or "not entered", "patients": number} for name, number in found.items()]
    return with_ties(rows, "patients", world.scope.top, "district")
