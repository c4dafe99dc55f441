from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class AddressRefused(Refusal):
    """The address must not be asked: it leads inside, or is not an address at all."""

    code = "address_refused"
    text = _("This address cannot be used.")
    field = "url"


class TooManyEndpoints(Refusal):
    code = "too_many_endpoints"
    text = _("There are %(count)d addresses already, the most there may be.")
