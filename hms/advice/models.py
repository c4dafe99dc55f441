from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.advice.querysets import ArticleQuerySet
from hms.core.constraints import one_of
from hms.core.folded import FoldedKey, NamedOnce
from hms.core.typed_text import require_letter


class ArticleKind(models.TextChoices):
    QUESTION = "question", _("Questions people ask us")
    PREPARATION = "preparation", _("Preparing for a test")
    ADVICE = "advice", _("Health advice")


class Article(Audited, NamedOnce):
    """A page of the hospital for everybody: a question with its answer, or advice with its source."""

    kind = models.CharField(_("kind"), max_length=12, choices=ArticleKind)
    slug = models.SlugField(_("address name"), max_length=60, unique=True)
    slug_key = FoldedKey("slug", unique=True)
    title = models.CharField(
        _("title"),
        max_length=120,
        validators=[require_letter],
        help_text=_("The question, as people ask it."),
    )
    title_key = FoldedKey("title", unique=True)
    text = models.TextField(
        _("text"), max_length=8000,
        help_text=_("An empty line between paragraphs. Lines of a list begin with “- ”, headings with “# ”."),
    )  # fmt: skip
    words = models.TextField(
        _("other words"), blank=True, max_length=2000,
        help_text=_("What people search for, one word or phrase on each line."),
    )  # fmt: skip
    source = models.CharField(
        _("source"), max_length=200, blank=True,
        help_text=_("Who says so: organisation, title and year. Needed for advice and preparations."),
    )  # fmt: skip
    source_url = models.CharField(
        _("address of the source"), max_length=300, blank=True, validators=[URLValidator(["https"])]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_published = models.BooleanField(_("published"), default=False)

    log_name = "title"
    objects = ArticleQuerySet.as_manager()

    class Meta(Audited.Meta):
        ordering = ["position", "title"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            one_of("kind", ArticleKind, "advice_kind_of_an_article_exists"),
            models.CheckConstraint(
                condition=models.Q(kind=ArticleKind.QUESTION) | ~models.Q(source=""),
                name="advice_names_its_source",
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if self.kind != ArticleKind.QUESTION and not self.source.strip():
            raise ValidationError(
                {"source": ValidationError(_("Medical advice names its source."), code="no_source")}
            )

    def get_absolute_url(self):
        return reverse("advice:show-article", args=[self.slug])
