from rest_framework.pagination import PageNumberPagination

from hms.core.paging import KeysFirst


class Pages(PageNumberPagination):
    """`?page=2&page_size=50`; a list that is much longer is read page by page."""

    django_paginator_class = KeysFirst
    page_size_query_param = "page_size"
    max_page_size = 100
