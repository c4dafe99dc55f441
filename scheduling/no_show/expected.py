"""How much room the patients who come will take: exact, for any mix of probabilities (Poisson-binomial)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """A booked visit: the probability that the patient comes, and the places that it takes then."""

    comes: float
    places: int = 1


def distribution(visits: Iterable[Expected]) -> list[float]:
    """The probability of each number of places being needed, from none to all."""
    chances = [1.0]
    for visit in visits:
        longer = [chance * (1 - visit.comes) for chance in chances] + [0.0] * visit.places
        for needed, chance in enumerate(chances):
            longer[needed + visit.places] += chance * visit.comes
        chances = longer
    return chances


def expected_places(visits: Iterable[Expected]) -> float:
    return sum(visit.comes * visit.places for visit in visits)


def chance_of_more_than(places: int, visits: Iterable[Expected]) -> float:
    return sum(distribution(visits)[places + 1 :])


def fits(visits: Iterable[Expected], *, places: int, most_risk: float) -> bool:
    """Whether the expected need fits, and more come than fit at most with the probability `most_risk`."""
    visits = list(visits)
    return expected_places(visits) <= places and chance_of_more_than(places, visits) <= most_risk
