"""What the box of the search for doctors offers while somebody types."""

from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from scheduling.finding.suggestions import suggestions_for
from scheduling.forms.search import DoctorSearchForm


@csrf_exempt  # it changes nothing; a token would make the public pages different for everybody
@require_POST
@sensitive_post_parameters("q")
def suggest_doctors(request):
    typed = request.POST.get("q", "")[: DoctorSearchForm.base_fields["q"].max_length]
    response = render(
        request, "scheduling/_suggestions.html", {"typed": typed, "found": suggestions_for(typed)}
    )
    response["Cache-Control"] = "no-store"
    return response
