"""The tables of the career interviews."""

from interviews.models.actions import ActionUpdate, AgreedAction
from interviews.models.calendars import CalendarFeed, InterviewReminder
from interviews.models.memos import PrivateMemo
from interviews.models.prompts import Prompt
from interviews.models.proposals import Proposal, ProposedTime
from interviews.models.records import RecordDraft, RecordResponse, SharedRecord
from interviews.models.slots import InterviewerLimit, InterviewSlot, SlotInvitee, SlotSeries
from interviews.models.talks import Interview, InterviewStep, Seat
from interviews.models.templates import RecordTemplate, TemplateHeading
from interviews.models.trainings import ListeningTraining

__all__ = [
    "ActionUpdate",
    "AgreedAction",
    "CalendarFeed",
    "Interview",
    "InterviewReminder",
    "InterviewSlot",
    "InterviewStep",
    "InterviewerLimit",
    "ListeningTraining",
    "PrivateMemo",
    "Prompt",
    "Proposal",
    "ProposedTime",
    "RecordDraft",
    "RecordResponse",
    "RecordTemplate",
    "Seat",
    "SharedRecord",
    "SlotInvitee",
    "SlotSeries",
    "TemplateHeading",
]
