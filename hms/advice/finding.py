"""The articles that somebody means, by the same rules as complaints."""

from collections.abc import Sequence
from functools import lru_cache

from hms.advice.models import Article
from hms.core.prepared import PreparedQuery
from scheduling.finding.matching import Entry, Lexicon

MOST_ARTICLES = 5
WORDS = PreparedQuery(lambda _parameter: Article.objects.published().values_list("pk", "title", "words"))


def articles_about(text: str) -> list[Article]:
    """Published articles whose title or other words are in the text, the most fitting first."""
    lexicon = _lexicon(tuple(map(tuple, WORDS.rows())))
    weights: dict[int, int] = {}
    for found in lexicon.find(lexicon.read(text)):
        weights[found.key] = max(weights.get(found.key, 0), len(found.at))
    keys = sorted(weights, key=lambda key: -weights[key])[:MOST_ARTICLES]
    articles = Article.objects.published().in_bulk(keys)
    return [articles[key] for key in keys if key in articles]


@lru_cache(maxsize=4)
def _lexicon(rows: Sequence[tuple[int, str, str]]) -> Lexicon:
    return Lexicon(Entry(pk, (title, *words.splitlines())) for pk, title, words in rows)
