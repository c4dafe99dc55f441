"""Whom to see: disciplines, doctors and articles for what somebody says; nothing of that is kept."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hms.advice.finding import articles_about
from hms.site.forms import FindCareForm
from scheduling.availability import terms_of
from scheduling.finding.advice import Advice, Suggestion, advise
from scheduling.finding.lexicon import Words
from scheduling.models import Doctor
from scheduling.views.cards import DoctorCard, cards_of, first_free, soonest_first

MOST_DOCTORS = 3  # of each discipline


@csrf_exempt  # it changes nothing; a token would make this page different for everybody
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("words", "about")
def find_care(request):
    """The question, and after a POST the answer: an address and a log would keep what is typed."""
    words = Words()
    complaints = sorted(words.complaints.values(), key=lambda each: not each.is_alarm)
    listed = [each for each in complaints if each.is_listed]
    context = {
        "form": FindCareForm(),
        "emergencies": [each for each in listed if each.is_alarm],
        "complaints": [each for each in listed if not each.is_alarm],
    }
    if request.method == "POST":
        context["form"] = form = FindCareForm(request.POST)
        if form.is_valid():
            context |= answer(words, form.cleaned_data["text"])
    response = render(request, "site/find_care.html", context)
    if request.method == "POST":
        response["Cache-Control"] = "no-store"
    return response


def answer(words: Words, text: str) -> dict:
    advice = advise(words, words.find(text))
    return {"advice": advice, "ways": ways_to_care(advice), "articles": articles_about(text), "asked": True}


@dataclass(frozen=True)
class Way:
    """A discipline to see, with its departments here and who of it is free soonest."""

    suggestion: Suggestion
    departments: list[tuple[str, str]]
    cards: list[DoctorCard]
    more_url: str


def ways_to_care(advice: Advice) -> list[Way]:
    wanted = {doctor.pk for suggestion in advice.suggestions for doctor in suggestion.doctors}
    free = soonest_first(first_free(terms_of(Doctor.objects.bookable().filter(pk__in=wanted))))
    return [_way(suggestion, free) for suggestion in advice.suggestions]


def _way(suggestion: Suggestion, free: list) -> Way:
    keys = {doctor.pk for doctor in suggestion.doctors}
    soonest = [each for each in free if each.doctor.pk in keys][:MOST_DOCTORS]
    departments = {doctor.slug: doctor.department for doctor in suggestion.doctors}
    more = reverse("scheduling:list-doctors", query={"q": suggestion.discipline.name})
    return Way(suggestion, sorted(departments.items()), cards_of(soonest), more)
