"""What others say about a doctor, for the pages of lower apps, which cannot import clinical."""

from django import template

from clinical.models import Review
from scheduling.models import Doctor

MOST_SHOWN = 5

register = template.Library()


@register.inclusion_tag("clinical/_doctor_reviews.html")
def doctor_reviews(doctor: Doctor) -> dict:
    rows = Review.objects.filter(doctor=doctor).for_everybody()[:MOST_SHOWN] if doctor.rating_count else ()
    return {"doctor": doctor, "reviews": rows}
