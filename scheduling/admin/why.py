"""Every time of a doctor's day with the reason why it is not offered, online and at the desk."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hms.core.days import local_day
from scheduling.availability import BookingTerms, explain
from scheduling.models import Doctor, ScheduleException
from scheduling.moments import parse_day


def show_why(model_admin, request, object_id: str):
    doctor = model_admin.get_object(request, object_id)
    if doctor is None:
        return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
    if not model_admin.has_view_permission(request, doctor):
        raise PermissionDenied
    day = parse_day(request.GET.get("day", "")) or timezone.localdate()
    page = model_admin.admin_site.each_context(request) | {
        "title": _("Why is this time not offered?"),
        "subtitle": str(doctor),
        "opts": model_admin.opts,
        "doctor": doctor,
        "day": day,
        "yesterday": day - timedelta(days=1),
        "tomorrow": day + timedelta(days=1),
        "times": compare(doctor, day),
        "exceptions": exceptions_on(doctor, day),
        "shifts": doctor.schedules.valid_between(day, day).select_related("branch"),
        "last_day": timezone.localdate() + timedelta(days=settings.BOOKING["horizon_days"]),
        "notice": settings.BOOKING["notice_minutes"],
    }
    return TemplateResponse(request, "admin/scheduling/why.html", page)


def compare(doctor: Doctor, day: date) -> list[tuple]:
    online = explain(doctor, day, terms=BookingTerms.for_patients())
    desk = explain(doctor, day, terms=BookingTerms.for_staff())
    return list(zip(online, desk, strict=True))


def exceptions_on(doctor: Doctor, day: date):
    start, end = local_day(day)
    nobody_named = Q(doctor__isnull=True, department__isnull=True)
    concerning = Q(doctor=doctor) | Q(department=doctor.department_id) | nobody_named
    return ScheduleException.objects.overlapping(start, end).filter(concerning)
