from hms.webhooks.models.delivery import Delivery
from hms.webhooks.models.endpoint import Endpoint

__all__ = ["Delivery", "Endpoint"]
