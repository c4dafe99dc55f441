from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import visible_or_404
from clinical.certificates.papers import paper_of, pdf_of
from clinical.models import Certificate
from clinical.views.people import rows_of_people
from hms.core.pdf import send_pdf


@login_required
@require_safe
def list_certificates(request):
    certificates = Certificate.objects.visible_to(request.user)
    return render(request, "clinical/list_certificates.html", rows_of_people(request, certificates))


@login_required
@require_safe
def show_certificate(request, reference: str):
    certificate = _certificate_or_404(request, reference)
    return render(request, "clinical/show_certificate.html", paper_of(request, certificate))


@login_required
@require_safe
def download_certificate(request, reference: str):
    certificate = _certificate_or_404(request, reference)
    otherwise = reverse("clinical:show-certificate", args=[reference])
    return send_pdf(
        request, lambda: pdf_of(request, certificate), name=certificate.number, otherwise=otherwise
    )


def _certificate_or_404(request, reference: str) -> Certificate:
    certificates = Certificate.objects.visible_to(request.user).for_paper()
    return visible_or_404(request, certificates, reference)
