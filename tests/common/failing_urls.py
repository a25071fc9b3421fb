"""Routes whose views fail while holding what somebody typed."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from tests.factories.staff import UserFactory


@login_not_required
def fail_plainly(request, pk):
    secret = request.POST["text"]
    raise ValueError(f"cannot read {secret}")


@login_not_required
def fail_in_the_database(request, pk):
    UserFactory(username=request.POST["text"])
    UserFactory(username=request.POST["text"])
    return HttpResponse()


@login_not_required
def fail_in_sql(request, pk):
    with connection.cursor() as cursor:
        cursor.execute("select %s::integer", [request.POST["text"]])
    return HttpResponse()


@login_not_required
def fail_on_the_way_out(request, pk):
    try:
        int(request.POST["text"])
    except ValueError as error:
        raise RuntimeError(request.POST["text"]) from error


urlpatterns = [
    path("things/<int:pk>/plain/", fail_plainly, name="plain"),
    path("things/<int:pk>/database/", fail_in_the_database, name="database"),
    path("things/<int:pk>/sql/", fail_in_sql, name="sql"),
    path("things/<int:pk>/chained/", fail_on_the_way_out, name="chained"),
]
