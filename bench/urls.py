from django.urls import path

from bench.floor import insert_one, select_one
from hms.urls import urlpatterns as hospital

urlpatterns = [path("floor/select/<str:name>/", select_one), path("floor/insert/", insert_one), *hospital]
