from clinical.querysets.signed import SignedQuerySet
from clinical.statuses import AttachmentStatus


class AttachmentQuerySet(SignedQuerySet):
    def current(self) -> "AttachmentQuerySet":
        return self.filter(status=AttachmentStatus.CURRENT)
