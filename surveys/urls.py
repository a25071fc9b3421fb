"""Addresses of the hope survey. A form is addressed by its fiscal year: everybody has one of his own."""

from django.urls import path

from surveys.views import (
    answering,
    deadlines,
    exports,
    handing_in,
    matching,
    past_rounds,
    plans,
    posts,
    progress,
    readable,
    readers,
    reading,
    release_files,
    releases,
    reminders,
    sheets,
    versions,
)

app_name = "surveys"

RELEASE = "rounds/<int:year>/sheets/<int:number>/"

urlpatterns = [
    path("", answering.survey_index, name="survey_index"),
    path("<int:year>/", answering.survey_tasklist, name="survey_tasklist"),
    path("<int:year>/parts/<int:number>/", answering.part_edit, name="part_edit"),
    path("<int:year>/parts/<int:number>/readers/", readers.part_readers, name="part_readers"),
    path("<int:year>/parts/<int:number>/posts/<slug:code>/", posts.post_pick, name="post_pick"),
    path("<int:year>/matches/", matching.post_matches, name="post_matches"),
    path("<int:year>/hope/<int:pk>/", matching.post_hope, name="post_hope"),
    path("<int:year>/check/", handing_in.survey_check, name="survey_check"),
    path("<int:year>/submit/", handing_in.survey_submit, name="survey_submit"),
    path("<int:year>/receipt/", handing_in.survey_receipt, name="survey_receipt"),
    path("<int:year>/correct/", handing_in.survey_correct, name="survey_correct"),
    path("<int:year>/correct/discard/", handing_in.correction_discard, name="correction_discard"),
    path("<int:year>/withdraw/", handing_in.survey_withdraw, name="survey_withdraw"),
    path("<int:year>/versions/<int:number>/", versions.version_detail, name="version_detail"),
    path("<int:year>/versions/<int:number>/copy.pdf", versions.version_pdf, name="version_pdf"),
    path("rounds/", progress.round_index, name="round_index"),
    path("rounds/<int:year>/progress/", progress.round_progress, name="round_progress"),
    path(
        "rounds/<int:year>/progress/sections/<int:pk>/",
        progress.section_progress,
        name="section_progress",
    ),
    path(
        "rounds/<int:year>/progress/download/", progress.progress_download, name="progress_download"
    ),
    path("rounds/<int:year>/reminders/", reminders.reminder_list, name="reminder_list"),
    path("rounds/<int:year>/reminders/new/", reminders.reminder_new, name="reminder_new"),
    path(
        "rounds/<int:year>/reminders/<int:pk>/", reminders.reminder_detail, name="reminder_detail"
    ),
    path("rounds/<int:year>/deadlines/", deadlines.deadline_list, name="deadline_list"),
    path("rounds/<int:year>/deadlines/new/", deadlines.extension_new, name="extension_new"),
    path(
        "rounds/<int:year>/deadlines/<int:pk>/revoke/",
        deadlines.extension_revoke,
        name="extension_revoke",
    ),
    path("rounds/<int:year>/close/", deadlines.round_close, name="round_close"),
    path("sheets/", sheets.sheet_list, name="sheet_list"),
    path("rounds/sheets/", releases.release_list, name="release_list"),
    path("rounds/past/", past_rounds.past_round_list, name="past_round_list"),
    path("rounds/past/<int:pk>/", past_rounds.past_round_detail, name="past_round_detail"),
    path(
        "rounds/past/<int:pk>/discard/", past_rounds.past_round_discard, name="past_round_discard"
    ),
    path("rounds/<int:year>/plan/", plans.plan_detail, name="plan_detail"),
    path("rounds/<int:year>/sheets/start/", releases.release_start, name="release_start"),
    path("rounds/<int:year>/sheets/correct/", releases.release_correct, name="release_correct"),
    path(RELEASE, releases.release_detail, name="release_detail"),
    path(f"{RELEASE}steer/", releases.release_steer, name="release_steer"),
    path(f"{RELEASE}publish/", releases.release_publish, name="release_publish"),
    path(f"{RELEASE}openings/", releases.release_openings, name="release_openings"),
    path(f"{RELEASE}all.zip", release_files.release_zip, name="release_zip"),
    path(f"{RELEASE}bureaus/<int:pk>.zip", release_files.bureau_zip, name="bureau_zip"),
    path(f"{RELEASE}figures.csv", release_files.release_figures, name="release_figures"),
    path(f"{RELEASE}units.csv", release_files.release_units, name="release_units"),
    path(
        f"{RELEASE}certificate.json", release_files.release_certificate, name="release_certificate"
    ),
    path(f"{RELEASE}<int:pk>/", sheets.sheet_detail, name="sheet_detail"),
    path(f"{RELEASE}<int:pk>/sheet.pdf", sheets.sheet_pdf, name="sheet_pdf"),
    path(f"{RELEASE}<int:pk>/actions/", sheets.sheet_actions, name="sheet_actions"),
    path(f"{RELEASE}<int:pk>/retry/", releases.sheet_retry, name="sheet_retry"),
    path("staff/", readable.staff_list, name="staff_list"),
    path("readable/", readable.submission_list, name="submission_list"),
    path("readable/<int:pk>/", reading.submission_detail, name="submission_detail"),
    path("readable/people/<int:pk>/", reading.person_forms, name="person_forms"),
    path("released/", readable.released_list, name="released_list"),
    path("exports/", exports.export_list, name="export_list"),
    path("exports/new/", exports.export_new, name="export_new"),
    path("exports/<int:pk>/", exports.export_detail, name="export_detail"),
    path("exports/<int:pk>/decide/", exports.export_decide, name="export_decide"),
    path("exports/<int:pk>/download/", exports.export_download, name="export_download"),
]
