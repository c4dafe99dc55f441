from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class FileRefused(Refusal):
    code = "file_refused"
    field = "upload"
    text = _("This file cannot be accepted.")


class FileTypeRefused(FileRefused):
    code = "file_type"
    text = _("Choose a PDF, PNG, JPEG or WebP file. The content of this one is something else.")


class FileNameMisleads(FileRefused):
    code = "file_name"
    text = _("The name ends in .%(ending)s, but the content is %(type)s. Give the file its true ending.")


class FileTooLarge(FileRefused):
    code = "file_too_large"
    text = _("The file has more than %(megabytes)d MB.")


class FileDamaged(FileRefused):
    code = "file_damaged"
    text = _("The file is damaged or incomplete.")


class FileHidesMore(FileRefused):
    code = "file_hides_more"
    text = _("Something else is hidden in the file, behind its end.")


class PictureTooLarge(FileRefused):
    code = "picture_too_large"
    text = _("The picture has more than %(megapixels)d million pixels.")
    of_slow = _(
        "A %(type)s picture may have %(megapixels)d million pixels. Save this one as JPEG, which may have "
        "%(jpeg)d, or make it smaller."
    )


class PictureMoves(FileRefused):
    code = "picture_moves"
    text = _("Moving pictures cannot be accepted.")


class PdfActs(FileRefused):
    code = "pdf_acts"
    text = _("The PDF contains scripts, other files or actions. Print it to a new PDF and attach that.")


class PdfEncrypted(FileRefused):
    code = "pdf_encrypted"
    text = _("The PDF is protected by a password. Save it without one.")


class FileInfected(FileRefused):
    code = "file_infected"
    text = _("The virus scanner refuses this file.")


class ScannerSilent(FileRefused):
    code = "scanner_silent"
    text = _("The virus scanner does not answer, so the file was not stored. Please try again later.")


class TooManyFiles(FileRefused):
    code = "too_many_files"
    text = _("The patient already has %(most)d files.")
