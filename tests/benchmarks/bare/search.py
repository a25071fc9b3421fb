"""A search with facets as one would write it first: the same index by the ORM, one query for each facet."""

from django.contrib.auth.decorators import login_required
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import models
from django.db.models import Count, F, Func
from django.shortcuts import render
from django.views.decorators.http import require_GET

SHOWN = 20


class Version(models.Model):
    """The texts of a version that a list shows."""

    title = models.CharField(max_length=80)
    grade = models.CharField(max_length=24)
    place = models.CharField(max_length=40)
    duties = models.TextField()

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "postings_postversion"

    def __str__(self):
        return self.title


class Post(models.Model):
    """A post with the version shown."""

    shown = models.ForeignKey(Version, on_delete=models.CASCADE)

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "postings_postdescription"

    def __str__(self):
        return str(self.pk)


class Entry(models.Model):
    """The portal's own index."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, primary_key=True)
    words = SearchVectorField()
    bureau_id = models.BigIntegerField()
    grade = models.CharField(max_length=24)
    place = models.CharField(max_length=40)
    gained = ArrayField(models.CharField(max_length=8))
    required = ArrayField(models.CharField(max_length=8))

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "postings_searchentry"

    def __str__(self):
        return str(self.pk)


@login_required
@require_GET
def search(request):
    words = request.GET["q"].split()
    query = SearchQuery(" & ".join(words), config="simple", search_type="raw")
    hits = Entry.objects.filter(words=query)
    plain = {
        kind: hits.values_list(kind).annotate(number=Count("pk")).order_by("-number")
        for kind in ("bureau_id", "grade", "place")
    }
    unnested = {
        kind: hits.annotate(value=Func(F(kind), function="unnest"))
        .values_list("value")
        .annotate(number=Count("pk"))
        .order_by("-number")
        for kind in ("gained", "required")
    }
    rows = hits.annotate(rank=SearchRank(F("words"), query)).order_by("-rank", "pk")
    facets = [(kind, list(counts)) for kind, counts in (plain | unnested).items()]
    context = {
        "words": request.GET["q"],
        "total": hits.count(),
        "rows": rows.select_related("post__shown")[:SHOWN],
        "facets": facets,
    }
    return render(request, "bare/search.html", context)
