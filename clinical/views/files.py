from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import visible_or_404
from clinical.files.sending import send_file
from clinical.models import Attachment
from clinical.views.people import rows_of_people


@login_required
@require_safe
def list_files(request):
    files = Attachment.objects.visible_to(request.user).current()
    return render(request, "clinical/list_files.html", rows_of_people(request, files))


@login_required
@require_safe
def download_file(request, reference: str):
    files = Attachment.objects.visible_to(request.user).current()
    return send_file(visible_or_404(request, files, reference))
