from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinical.models.loaded import LoadedList
from clinical.querysets.diagnosis_terms import DiagnosisTermQuerySet
from hms.core.references import new_reference


class DiagnosisSource(LoadedList):
    """A list of diagnoses in one edition: the one that comes with the software, WHO's, or the hospital's."""

    # Another one after every change of its terms: by it each process notices that its index is old.
    revision = models.CharField(_("revision"), max_length=10, default=new_reference, editable=False)

    class Meta(LoadedList.Meta):
        verbose_name = _("source of diagnoses")
        verbose_name_plural = _("sources of diagnoses")

    def __str__(self):
        return f"{self.name}, {self.edition}"


class DiagnosisTerm(models.Model):
    """A diagnosis with the code and the names by which it is found.

    Its rows are not logged one by one: each load and each change of one is an entry of the source.
    """

    source = models.ForeignKey(
        DiagnosisSource, on_delete=models.PROTECT, related_name="terms", verbose_name=_("source")
    )
    code = models.CharField(_("ICD-10 code"), max_length=10)
    title = models.CharField(_("title"), max_length=250)
    synonyms = models.TextField(_("other names"), blank=True, help_text=_("Separated by semicolons."))
    search_key = models.TextField(editable=False)  # see clinical.terms.folding
    is_current = models.BooleanField(_("in the edition loaded last"), default=True, editable=False)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Doctors find only active diagnoses in the search.")
    )

    objects = DiagnosisTermQuerySet.as_manager()

    class Meta:
        ordering = ["source", "pk"]
        verbose_name = _("diagnosis of the list")
        verbose_name_plural = _("diagnoses of the list")
        constraints = [
            models.UniqueConstraint(fields=["source", "code"], name="clinical_a_source_has_a_code_once"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(title=""), name="clinical_diagnosis_term_has_code_and_title"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"
