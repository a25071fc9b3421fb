from surveys.models.downloads import SheetDownload
from surveys.models.exports import ExportedForm, FormExport
from surveys.models.extensions import DeadlineExtension
from surveys.models.frozen import (
    FrozenFigure,
    ImportedAnswer,
    RoundFreeze,
    RoundMember,
    RoundQuestion,
    RoundUnit,
)
from surveys.models.hope_survey import (
    DraftPart,
    DraftPostWish,
    HopeSurvey,
    MentorRelease,
    ReaderChoice,
)
from surveys.models.past_rounds import RoundImport
from surveys.models.questionnaire import Part, Question, Questionnaire
from surveys.models.releases import (
    DisclosurePlan,
    FeedbackRelease,
    FeedbackSheet,
    ImprovementAction,
    JointSection,
    JointUnit,
    ReleasedFigure,
    SheetOpening,
)
from surveys.models.reminders import Reminder, ReminderRun
from surveys.models.rounds import SurveyRound
from surveys.models.submission import Submission, SubmittedPart, SubmittedPostWish

__all__ = [
    "DeadlineExtension",
    "DisclosurePlan",
    "DraftPart",
    "DraftPostWish",
    "ExportedForm",
    "FeedbackRelease",
    "FeedbackSheet",
    "FormExport",
    "FrozenFigure",
    "HopeSurvey",
    "ImportedAnswer",
    "ImprovementAction",
    "JointSection",
    "JointUnit",
    "MentorRelease",
    "Part",
    "Question",
    "Questionnaire",
    "ReaderChoice",
    "ReleasedFigure",
    "Reminder",
    "ReminderRun",
    "RoundFreeze",
    "RoundImport",
    "RoundMember",
    "RoundQuestion",
    "RoundUnit",
    "SheetDownload",
    "SheetOpening",
    "Submission",
    "SubmittedPart",
    "SubmittedPostWish",
    "SurveyRound",
]
