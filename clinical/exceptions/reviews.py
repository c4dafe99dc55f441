from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class VisitNotCompleted(Refusal):
    code = "visit_not_completed"
    text = _("Only a completed visit can be reviewed.")


class AlreadyReviewed(Refusal):
    code = "already_reviewed"
    text = _("This visit has a review already; you can change it.")


class OwnReview(Refusal):
    code = "own_review"
    text = _("Nobody writes or moderates reviews of their own work.")


class NotYourReview(Refusal):
    code = "not_your_review"
    text = _("Only the doctor of the visit can answer.")


class NotPublished(Refusal):
    code = "not_published"
    text = _("Only a published review can be answered.")
