"""A carer reviews a completed visit, changes the review and withdraws it."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import visible_or_404
from accounts.field_checks import checks_fields
from clinical.forms.reviews import EditReviewForm, WithdrawForm, WriteReviewForm
from clinical.models import Review
from clinical.services import edit_review, withdraw_review, write_review
from clinical.statuses.reviews import ReviewStatus
from hms.core.refusals import put_on_form
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

REVIEWS_A_PAGE = 10
get_and_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def list_reviews(request):
    found = Review.objects.visible_to(request.user).filter(Review.carer_grounds(request.user)).for_list()
    page = Paginator(found, REVIEWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "clinical/list_reviews.html", {"page": page})


def _review_form(request, reference: str) -> WriteReviewForm | EditReviewForm:
    review = _review_of(request, _own_visit_or_404(request, reference))
    sent = request.POST if request.method == "POST" else None
    return EditReviewForm(sent, row=review) if review else WriteReviewForm(sent)


@login_required
@get_and_post
@checks_fields(_review_form)
def write(request, reference: str):
    appointment = _own_visit_or_404(request, reference)
    if appointment.status != AppointmentStatus.COMPLETED:
        return redirect(appointment)
    form = _review_form(request, reference)
    review = getattr(form, "row", None)
    if form.is_valid() and _saved(form, lambda: _write(request, appointment, form, review)):
        messages.success(request, _("Thank you. The review appears once the hospital has approved it."))
        return redirect("clinical:list-reviews")
    return _page(request, "clinical/write_review.html", appointment, form)


@login_required
@get_and_post
def withdraw(request, reference: str):
    appointment = _own_visit_or_404(request, reference)
    review = _review_of(request, appointment)
    if review is None or review.status == ReviewStatus.WITHDRAWN:
        return redirect("clinical:list-reviews")
    form = WithdrawForm(request.POST if request.method == "POST" else None, row=review)
    if form.is_valid() and _saved(form, lambda: _withdraw(request, form, review)):
        messages.success(request, _("Withdrawn. Nobody else sees the review any more."))
        return redirect("clinical:list-reviews")
    return _page(request, "clinical/withdraw_review.html", appointment, form)


def _write(request, appointment: Appointment, form: WriteReviewForm, review: Review | None) -> None:
    said = {"stars": form.cleaned_data["stars"], "words": form.cleaned_data["words"], "by": request.user}
    if review is None:
        write_review(appointment=appointment, **said)
    else:
        form.save_unless_changed(lambda: edit_review(review=review, **said))


def _withdraw(request, form: WithdrawForm, review: Review) -> None:
    form.save_unless_changed(lambda: withdraw_review(review=review, by=request.user))


def _saved(form, save) -> bool:
    try:
        save()
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    return True


def _own_visit_or_404(request, reference: str) -> Appointment:
    """A visit of somebody for whom the person cares; that staff see it is not enough."""
    visits = Appointment.objects.visible_to(request.user).filter(Appointment.carer_grounds(request.user))
    return visible_or_404(request, visits.for_list(), reference)


def _review_of(request, appointment: Appointment) -> Review | None:
    return Review.objects.visible_to(request.user).filter(appointment=appointment).first()


def _page(request, template: str, appointment: Appointment, form):
    context = {"appointment": appointment, "form": form, "review": getattr(form, "row", None)}
    return render(request, template, context, status=getattr(form, "status", HTTPStatus.OK))
