from hms.core.paging import CappedPaginator

__all__ = ["CappedPaginator"]
