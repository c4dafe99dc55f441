from audit.capture.querysets import AuditedQuerySet


class ArticleQuerySet(AuditedQuerySet):
    def published(self) -> "ArticleQuerySet":
        return self.filter(is_published=True)
