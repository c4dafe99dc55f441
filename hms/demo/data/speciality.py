"""What one department of the demo is made of."""

from dataclasses import dataclass
from datetime import time

EVERYONE, ADULTS, CHILDREN, WOMEN = "everyone", "adults", "children", "women"


@dataclass(frozen=True)
class Speciality:
    """A department, its doctors' titles and degrees, and its usual fee."""

    slug: str
    name: str
    description: str
    opens_at: time
    closes_at: time
    fee: int
    titles: tuple[tuple[str, str], ...]
    audience: str = ADULTS
    shortest_slot: int = 10  # minutes
