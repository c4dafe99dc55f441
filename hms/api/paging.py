from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`?page=2&page_size=50`; a list that is much longer is read page by page."""

    page_size_query_param = "page_size"
    max_page_size = 100
