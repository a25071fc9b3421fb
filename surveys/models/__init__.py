from surveys.models.hope_survey import DraftPart, DraftPostWish, HopeSurvey, ReaderChoice
from surveys.models.questionnaire import Part, Question, Questionnaire
from surveys.models.rounds import SurveyRound
from surveys.models.submission import Submission, SubmittedPart, SubmittedPostWish

__all__ = [
    "DraftPart",
    "DraftPostWish",
    "HopeSurvey",
    "Part",
    "Question",
    "Questionnaire",
    "ReaderChoice",
    "Submission",
    "SubmittedPart",
    "SubmittedPostWish",
    "SurveyRound",
]
