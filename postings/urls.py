"""Addresses of the catalogue of posts."""

from django.urls import path

from postings.views import browsing, comparing, detail, keeping, standins

app_name = "postings"

urlpatterns = [
    path("", standins.post_search, name="post_search"),
    path("map/", browsing.ministry_map, name="ministry_map"),
    path("map/<int:pk>/", browsing.bureau_map, name="bureau_map"),
    path("skills/", browsing.skill_list, name="skill_list"),
    path("skills/<slug:code>/", browsing.skill_posts, name="skill_posts"),
    path("news/", browsing.news_list, name="news_list"),
    path("compare/", comparing.post_compare, name="post_compare"),
    path("kept/", keeping.kept_list, name="kept_list"),
    path("<int:pk>/", detail.post_detail, name="post_detail"),
    path("<int:pk>/sheet.pdf", detail.post_sheet, name="post_sheet"),
    path("<int:pk>/compare/", comparing.compare_change, name="compare_change"),
    path("<int:pk>/keep/", keeping.kept_change, name="kept_change"),
    path("<int:pk>/note/", keeping.kept_note, name="kept_note"),
    path("<int:pk>/versions/", standins.version_list, name="version_list"),
]
