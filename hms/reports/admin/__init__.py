from hms.reports.admin.subscriptions import ReportSubscriptionAdmin

__all__ = ["ReportSubscriptionAdmin"]
