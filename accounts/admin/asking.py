from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import ApprovalRequest


def say_it_waits(model_admin, request, row: ApprovalRequest) -> None:
    """Tell the person who asked that nothing is done before another person approves."""
    page = reverse("admin:accounts_approvalrequest_change", args=[row.pk])
    link = format_html('<a href="{}">{}</a>', page, row.summary)
    said = _("Nothing is done yet. This waits for the approval of another person: {}")
    model_admin.message_user(request, format_html(said, link), messages.WARNING)
