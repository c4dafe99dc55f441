"""The page that the link in a message opens, without a login: say that one comes, or cancel.

Opening it changes nothing, because mail programs open links to look at them.
"""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from scheduling.offer_links import link_to_offer
from scheduling.services import cancel_by_link, confirm_by_link
from scheduling.services.offers import offer_instead_of
from scheduling.statuses import AppointmentStatus
from scheduling.views.words import words_of
from scheduling.visit_links import visit_of

STEPS = {"come": confirm_by_link, "cancel": cancel_by_link}


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def answer_visit(request, code: str):
    visit = visit_of(code)
    if visit is None:
        return _page(request, {}, HTTPStatus.NOT_FOUND)
    if offer := offer_instead_of(visit):  # nobody is expected at this time any more
        return redirect(link_to_offer(offer))
    step = STEPS.get(request.POST.get("step", ""))
    status, refusal = HTTPStatus.OK, None
    if request.method == "POST" and step:
        try:
            step(appointment=visit, starts_at=visit.starts_at)
            return redirect(request.path)
        except ValidationError as refused:
            status, refusal = HTTPStatus.CONFLICT, " ".join(refused.messages)
    asks_to_cancel = request.GET.get("cancel") == "1"
    return _page(request, {"visit": visit, "refusal": refusal, "asks_to_cancel": asks_to_cancel}, status)


def _page(request, context: dict, status: HTTPStatus):
    visit = context.get("visit")
    if visit:
        is_booked = visit.status == AppointmentStatus.BOOKED and visit.ends_at > timezone.now()
        context |= words_of(visit) | {"is_booked": is_booked, "statuses": AppointmentStatus}
    answer = render(request, "scheduling/answer_visit.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
