"""Addresses of the catalogue of posts."""

from django.urls import path

from postings.views import (
    browsing,
    comparing,
    detail,
    editing,
    finding,
    imports,
    keeping,
    managing,
    review,
    versions,
)

app_name = "postings"

urlpatterns = [
    path("", finding.post_search, name="post_search"),
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
    path("manage/", managing.manage_list, name="manage_list"),
    path("export/", imports.post_export, name="post_export"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/submit/", imports.import_submit, name="import_submit"),
    path("imports/<int:pk>/approve/", imports.import_approve, name="import_approve"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
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
