from surveys.models.exports import ExportedForm, FormExport
from surveys.models.extensions import DeadlineExtension
from surveys.models.hope_survey import (
    DraftPart,
    DraftPostWish,
    HopeSurvey,
    MentorRelease,
    ReaderChoice,
)
from surveys.models.questionnaire import Part, Question, Questionnaire
from surveys.models.reminders import Reminder, ReminderRun
from surveys.models.rounds import SurveyRound
from surveys.models.submission import Submission, SubmittedPart, SubmittedPostWish

__all__ = [
    "DeadlineExtension",
    "DraftPart",
    "DraftPostWish",
    "ExportedForm",
    "FormExport",
    "HopeSurvey",
    "MentorRelease",
    "Part",
    "Question",
    "Questionnaire",
    "ReaderChoice",
    "Reminder",
    "ReminderRun",
    "Submission",
    "SubmittedPart",
    "SubmittedPostWish",
    "SurveyRound",
]
