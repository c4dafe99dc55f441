"""The articles that somebody means, by the same rules as complaints."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from hms.advice.models import Article, ArticleKind
from hms.core.prepared import PreparedQuery
from scheduling.finding.matching import Entry, Lexicon

MOST_ARTICLES = 5
WORDS = PreparedQuery(lambda _parameter: Article.objects.published().values_list("pk", "title", "words"))


def articles_about(text: str) -> list[Article]:
    """Published articles whose title or other words are in the text, the most fitting first."""
    keys = _keys(text, _words_here())[:MOST_ARTICLES]
    articles = Article.objects.published().in_bulk(keys)
    return [articles[key] for key in keys if key in articles]


def preparations(texts: Mapping[int, str]) -> dict[int, Article]:
    """The most fitting preparation for each of the texts that has one; two queries for any number."""
    lexicon = _words_here()
    keys = {name: _keys(text, lexicon) for name, text in texts.items()}
    wanted = {key for each in keys.values() for key in each}
    known = Article.objects.published().filter(kind=ArticleKind.PREPARATION).in_bulk(wanted)
    fitting = {name: next((known[key] for key in each if key in known), None) for name, each in keys.items()}
    return {name: article for name, article in fitting.items() if article}


def _keys(text: str, lexicon: Lexicon) -> list[int]:
    weights: dict[int, int] = {}
    for found in lexicon.find(lexicon.read(text)):
        weights[found.key] = max(weights.get(found.key, 0), len(found.at))
    return sorted(weights, key=lambda key: -weights[key])


def _words_here() -> Lexicon:
    return _lexicon(tuple(map(tuple, WORDS.rows())))


@lru_cache(maxsize=4)
def _lexicon(rows: Sequence[tuple[int, str, str]]) -> Lexicon:
    return Lexicon(Entry(pk, (title, *words.splitlines())) for pk, title, words in rows)
