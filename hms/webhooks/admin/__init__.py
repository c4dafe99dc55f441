from hms.webhooks.admin.deliveries import DeliveryAdmin
from hms.webhooks.admin.endpoints import EndpointAdmin

__all__ = ["DeliveryAdmin", "EndpointAdmin"]
