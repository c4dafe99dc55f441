"""Writing the public pages of questions and advice."""

from hms.advice.models import Article
from hms.core.refusals import delete_or_refuse
from hms.core.rights import require_to_delete, require_to_save
from hms.core.transactions import retried_atomic


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
