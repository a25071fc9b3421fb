"""Addresses of the hope survey. A form is addressed by its fiscal year: everybody has one of his own."""

from django.urls import path

from surveys.views import answering, handing_in, posts, readers, reading, versions

app_name = "surveys"

urlpatterns = [
    path("", answering.survey_index, name="survey_index"),
    path("<int:year>/", answering.survey_tasklist, name="survey_tasklist"),
    path("<int:year>/parts/<int:number>/", answering.part_edit, name="part_edit"),
    path("<int:year>/parts/<int:number>/readers/", readers.part_readers, name="part_readers"),
    path("<int:year>/parts/<int:number>/posts/<slug:code>/", posts.post_pick, name="post_pick"),
    path("<int:year>/check/", handing_in.survey_check, name="survey_check"),
    path("<int:year>/submit/", handing_in.survey_submit, name="survey_submit"),
    path("<int:year>/receipt/", handing_in.survey_receipt, name="survey_receipt"),
    path("<int:year>/correct/", handing_in.survey_correct, name="survey_correct"),
    path("<int:year>/correct/discard/", handing_in.correction_discard, name="correction_discard"),
    path("<int:year>/withdraw/", handing_in.survey_withdraw, name="survey_withdraw"),
    path("<int:year>/versions/<int:number>/", versions.version_detail, name="version_detail"),
    path("<int:year>/versions/<int:number>/copy.pdf", versions.version_pdf, name="version_pdf"),
    path("readable/", reading.submission_list, name="submission_list"),
    path("readable/<int:pk>/", reading.submission_detail, name="submission_detail"),
]
