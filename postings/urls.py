"""Addresses of the catalogue of posts."""

from django.urls import path

from postings.views import editing, managing, review, versions

app_name = "postings"

urlpatterns = [
    path("<int:pk>/", review.post_detail_placeholder, name="post_detail"),
    path("manage/", managing.manage_list, name="manage_list"),
    path("manage/new/", editing.post_new, name="post_new"),
    path("manage/sections/<int:pk>/move/", managing.section_move, name="section_move"),
    path("<int:pk>/edit/", editing.post_edit, name="post_edit"),
    path("<int:pk>/edit/discard/", editing.draft_discard, name="draft_discard"),
    path("<int:pk>/archive/", managing.post_archive, name="post_archive"),
    path("<int:pk>/versions/", versions.version_list, name="version_list"),
    path("<int:pk>/versions/compare/", versions.version_compare, name="version_compare"),
    path("<int:pk>/versions/<int:number>/", review.version_detail, name="version_detail"),
    path("<int:pk>/versions/<int:number>/submit/", review.version_submit, name="version_submit"),
    path(
        "<int:pk>/versions/<int:number>/take-back/",
        review.version_take_back,
        name="version_take_back",
    ),
    path("<int:pk>/versions/<int:number>/approve/", review.version_approve, name="version_approve"),
    path(
        "<int:pk>/versions/<int:number>/send-back/",
        review.version_send_back,
        name="version_send_back",
    ),
    path("<int:pk>/versions/<int:number>/comment/", review.version_comment, name="version_comment"),
]
