"""Writing the public pages of questions and advice."""

import csv
from collections.abc import Collection
from functools import cache
from pathlib import Path

from django.db.models import Max
from django.utils.text import slugify

from audit.capture.context import audit_context
from hms.advice.models import Article, ArticleKind
from hms.core.folded import FoldedKey
from hms.core.refusals import delete_or_refuse
from hms.core.rights import require_to_delete, require_to_save
from hms.core.shipped import Shipped
from hms.core.transactions import retried_atomic

SHIPPED = Path(__file__).parent / "data" / "articles.csv"


@retried_atomic
def save_article(*, article: Article, by) -> Article:
    """Add or change an article; refuses medical advice without a source."""
    require_to_save(by, article)
    article.full_clean()
    article.save()
    return article


@retried_atomic
def delete_article(*, article: Article, by) -> None:
    require_to_delete(by, article)
    delete_or_refuse(article)


@retried_atomic
def add_shipped_articles(*, titles: Collection[str], by, is_published: bool = False) -> int:
    """Add those that come with the software, by default as drafts: each hospital has its own rules."""
    require_to_save(by, Article())
    known, last = _titles_here(), Article.objects.aggregate(last=Max("position"))["last"] or 0
    added = 0
    with audit_context(reason="Came with the software"):
        for row in shipped_articles():
            if row["title"] in titles and FoldedKey.key_of(row["title"]) not in known:
                added += 1
                slug = slugify(row["title"])[:60]
                article = Article(**row, slug=slug, position=last + added, is_published=is_published)
                save_article(article=article, by=by)
    return added


def articles_not_in_list() -> list[Shipped]:
    """Those that come with the software and that the hospital has not by their titles."""
    known = _titles_here()
    missing = [row for row in shipped_articles() if FoldedKey.key_of(row["title"]) not in known]
    return [Shipped(row["title"], str(ArticleKind(row["kind"]).label)) for row in missing]


def _titles_here() -> set[str | None]:
    return set(Article.objects.values_list("title_key", flat=True))


@cache
def shipped_articles() -> list[dict[str, str]]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return [row | {"words": row["words"].replace(";", "\n")} for row in csv.DictReader(file)]
