"""The pages that import a table: upload, columns, preview, and the rows that were left out."""

from contextlib import ExitStack

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from import_export.admin import ImportExportMixin

from hms.core.refusals import Refusal
from hms.core.tables.columns_form import ColumnsForm, own_reading
from hms.core.tables.exports import ExportPage
from hms.core.tables.importing import possible_duplicates
from hms.core.tables.kept_files import KeptFiles, Upload
from hms.core.tables.limits import LimitedImportForm
from hms.core.tables.preview import MOST_BAD_SHOWN, ConfirmForm, Preview
from hms.core.tables.readings import Reading
from hms.core.tables.samples import sample_file
from hms.core.tables.sheets import Sheet, read_sheet


class TablesMixin(ExportPage, ImportExportMixin):
    """Import and export as CSV and XLSX, by permission; `resource_classes` has one `ServiceResource`.

    A confirmed import saves the rows that the preview showed as good, all or none. It is refused if a row
    that it would change is no longer as it was shown, or if a new row has got another possible duplicate.
    """

    import_form_class = LimitedImportForm
    import_template_name = "admin/tables/upload.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = {
            "import/columns/<slug:file>/": (self.map_columns, "import_columns"),
            "import/preview/<slug:file>/": (self.show_preview, "import_preview"),
            "import/sample/": (self.download_sample, "import_sample"),
            "import/left/<slug:left>/": (self.download_left, "import_left"),
            "import/refused/<slug:refused>/": (self.show_refused, "import_refused"),
        }
        own = [
            path(address, self.admin_site.admin_view(view), name=f"{name}_{verb}")
            for address, (view, verb) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def address_of(self, page: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def require_import(self, request) -> None:
        if not self.has_import_permission(request):
            raise PermissionDenied

    def kept_files(self, request) -> KeptFiles:
        return KeptFiles(request.user, self.opts.label_lower)

    def resource(self, request, reading: Reading | None = None, *, locks: bool = False):
        (resource,) = self.get_import_resource_classes(request)
        return resource(by=request.user, reading=reading, locks=locks)

    def page(self, request, template: str, **context) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "title": _("Import"), "opts": self.opts}
        return TemplateResponse(request, f"admin/tables/{template}.html", shared | context)

    # --- upload and columns

    def import_action(self, request, **kwargs):  # noqa: ARG002 - the library's signature
        self.require_import(request)
        resource = self.resource(request)
        form = self.create_import_form(request)
        if request.method == "POST" and form.is_valid():
            sent = form.cleaned_data["import_file"]
            upload = Upload(sent.read(), sent.name)
            try:
                sheet = read_sheet(upload.data)
            except Refusal as refusal:
                form.add_error("import_file", refusal)
            else:
                return self.go_on(request, upload, own_reading(resource, sheet))
        return self.page(request, "upload", form=form, columns=resource.columns)

    def go_on(self, request, upload: Upload, reading: Reading | None, name: str = "") -> HttpResponseRedirect:
        """Keep the file and redirect to its next page, which can be read again and again."""
        kept = upload._replace(reading=reading.as_json() if reading else "")
        name = self.kept_files(request).keep(kept, name)
        return HttpResponseRedirect(self.address_of("import_preview" if reading else "import_columns", name))

    def map_columns(self, request, file: str):
        """Ask which column is which, at first or when the preview shows that it was wrong."""
        self.require_import(request)
        found = self.waiting(self.kept_files(request).upload(file))
        if found is None:
            return self.gone(request)
        upload, sheet, reading = found
        data = request.POST if request.method == "POST" else None
        form = ColumnsForm(self.resource(request), sheet, reading, data=data)
        if form.is_valid():
            return self.go_on(request, upload, form.reading(), file)
        return self.page(request, "columns", form=form, title_of_file=upload.title)

    def waiting(self, upload: Upload | None) -> tuple[Upload, Sheet, Reading | None] | None:
        """The file that waits, its rows, and how they are read; None if it is not there."""
        try:
            sheet = read_sheet(upload.data) if upload else None
        except Refusal:  # the limits have changed since
            return None
        if sheet is None:
            return None
        reading = Reading.from_json(upload.reading) if upload.reading else None
        return upload, sheet, reading

    def fits(self, request, reading: Reading, width: int) -> bool:
        """Whether the reading may have been chosen for so many columns."""
        resource = self.resource(request)
        known = {"", *(field.column_name for field in resource.columns)}
        known = known.union(*(each.columns for each in resource.combined))
        return len(reading.targets) == width and known.issuperset(reading.targets)

    def gone(self, request) -> HttpResponseRedirect:
        said = _("This file was already imported, or it is no longer kept. Choose it again to see.")
        self.message_user(request, said, messages.ERROR)
        return HttpResponseRedirect(self.address_of("import"))

    def nothing_chosen(self, request) -> HttpResponseRedirect:
        self.message_user(request, _("Nothing of the file was chosen, so nothing is saved."), messages.ERROR)
        return HttpResponseRedirect(self.address_of("import"))

    # --- preview

    @method_decorator(require_safe)
    def show_preview(self, request, file: str):
        self.require_import(request)
        files = self.kept_files(request)
        found = self.waiting(files.upload(file))
        if found is None:
            return self.gone(request)
        _upload, sheet, reading = found
        if reading is None:
            return HttpResponseRedirect(self.address_of("import_columns", file))
        preview = Preview(self.resource(request, reading), sheet)
        carried = {"import_file_name": file, "reading": reading.as_json(), "prints": preview.digests()}
        for name, with_repeats in (("left", False), ("left_with_repeats", True)):
            left = preview.left_over(with_repeats=with_repeats)
            carried[name] = files.keep_left(left) if left else ""
        self.say_duplicates(request, preview.result)
        form = None
        if preview.saved or preview.repeats:
            form = ConfirmForm(initial=carried)
            form.ask_for_repeats(preview)
        page = preview.context() | {"confirm_form": form, "left": carried["left"], "file": file}
        return self.page(request, "preview", **page)

    def say_duplicates(self, request, result) -> None:
        if count := possible_duplicates(result):
            said = ngettext(
                "%(count)d new row may repeat one that is already there: see “Possible duplicate of”.",
                "%(count)d new rows may repeat ones that are already there: see “Possible duplicate of”.",
                count,
            )
            self.message_user(request, said % {"count": count}, messages.WARNING)

    # --- after it was confirmed

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):  # noqa: ARG002 - the library's signature
        self.require_import(request)
        form, files = ConfirmForm(request.POST), self.kept_files(request)
        upload = files.take(form.cleaned_data["import_file_name"]) if form.is_valid() else None
        found = self.waiting(upload)
        if found is None or not self.fits(request, form.cleaned_data["reading"], len(found[1].headers)):
            return self.gone(request)
        sheet, chosen = found[1], form.cleaned_data
        resource = self.resource(request, chosen["reading"], locks=True)
        with ExitStack() as unless_saved:
            unless_saved.callback(files.keep, upload, chosen["import_file_name"])
            with_repeats = chosen["with_repeats"]
            result = resource.save(sheet, chosen["prints"].split(), with_repeats=with_repeats)
            if result.has_errors() or result.has_validation_errors():
                return self.refuse(request, resource, sheet, result)
            if not result.rows:
                return self.nothing_chosen(request)
            unless_saved.pop_all()
        if left := chosen["left_with_repeats" if with_repeats else "left"]:
            link = format_html(
                '<a href="{}">{}</a>', self.address_of("import_left", left), _("Download them")
            )
            said = _("Some rows of the file were not imported. {}, correct them, and import that file.")
            self.message_user(request, format_html(said, link), messages.WARNING)
        return self.process_result(result, request)

    def refuse(self, request, resource, sheet, result) -> HttpResponseRedirect:
        said = _("Nothing of the file has been saved. Choose the file again to see a new preview.")
        self.message_user(request, said, messages.ERROR)
        bad = [
            (row.number, [str(reason) for reason in resource.reasons(row, sheet.headers)])
            for row in result.rows
            if row.errors or row.validation_error
        ]
        kept = self.kept_files(request).keep_refused(bad[:MOST_BAD_SHOWN])
        return HttpResponseRedirect(self.address_of("import_refused", kept))

    @method_decorator(require_safe)
    def show_refused(self, request, refused: str):
        """The rows that were refused; the person chooses the file again to see a new preview."""
        self.require_import(request)
        bad = self.kept_files(request).refused(refused)
        if bad is None:
            return self.gone(request)
        form = self.import_form_class(self.get_import_formats(), self.get_import_resource_classes(request))
        return self.page(request, "upload", form=form, columns=self.resource(request).columns, bad=bad)

    # --- files to take away

    @method_decorator(require_safe)
    def download_sample(self, request) -> HttpResponse:
        self.require_import(request)
        return _csv(sample_file(self.resource(request)), f"{self.opts.model_name}-sample.csv")

    @method_decorator(require_safe)
    def download_left(self, request, left: str) -> HttpResponse:
        self.require_import(request)
        data = self.kept_files(request).left(left)
        if data is None:
            raise Http404
        return _csv(data, f"{self.opts.model_name}-not-imported.csv")


def _csv(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)
