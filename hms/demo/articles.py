"""What the demo's patients can read."""

import csv
from pathlib import Path

from django.utils.text import slugify

from accounts.models import User
from hms.advice.models import Article
from hms.advice.services import save_article
from hms.core.folded import same_name

ARTICLES = Path(__file__).parent / "data" / "articles.csv"


def publish_articles(by: User) -> None:
    """Write the articles whose titles are not there yet."""
    with ARTICLES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for position, row in enumerate(rows, 1):
        if Article.objects.filter(same_name(Article, "title", row["title"])).exists():
            continue
        row["words"] = row["words"].replace(";", "\n")
        article = Article(**row, slug=slugify(row["title"])[:60], position=position, is_published=True)
        save_article(article=article, by=by)
