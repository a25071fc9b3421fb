"""Calendar files by RFC 5545: a neutral title, time, place and link; never what a talk is about."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vDuration

from career_portal.mail.services import CalendarPart
from career_portal.staff.models import User
from interviews.models import Interview

TITLE = "打合せ"
ZONE = ZoneInfo("Asia/Tokyo")
MAKER = "-//Career portal//Interviews//JA"


class Method(enum.StrEnum):
    """What an invitation asks of a calendar (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def invitation(interview: Interview, method: Method) -> CalendarPart:
    """An interview for the calendars of both: put in, changed where its sequence has grown, or taken out."""
    calendar = _calendar()
    calendar.add("METHOD", method.value)
    event = _event(interview)
    event.add("STATUS", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    event.add("ORGANIZER", _person(name, address))
    for each in (interview.interviewer, interview.interviewee):
        if each.email:
            event.add("ATTENDEE", _attendee(each))
    calendar.add_component(event)
    return CalendarPart(method.value, calendar.to_ical().decode())


def feed(interviews: Iterable[Interview]) -> bytes:
    """A calendar that programs fetch every hour; it names nobody."""
    calendar = _calendar()
    calendar.add("X-WR-CALNAME", TITLE)
    hourly = vDuration(datetime.timedelta(hours=1))
    calendar.add("REFRESH-INTERVAL", hourly, parameters={"VALUE": "DURATION"})
    for interview in interviews:
        event = _event(interview)
        event.add("STATUS", "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", MAKER)
    calendar.add_component(_japan())
    return calendar


def _japan() -> Timezone:
    """Japan's time; it has known no summer time since 1951."""
    standard = TimezoneStandard()
    standard.add("DTSTART", datetime.datetime(1970, 1, 1))  # noqa: DTZ001  # local time, by RFC 5545
    offset = datetime.timedelta(hours=9)
    standard.add("TZOFFSETFROM", offset)
    standard.add("TZOFFSETTO", offset)
    standard.add("TZNAME", "JST")
    zone = Timezone()
    zone.add("TZID", ZONE.key)
    zone.add_component(standard)
    return zone


def _event(interview: Interview) -> Event:
    event = Event()
    event.add("UID", str(interview.uid))
    event.add("SEQUENCE", interview.sequence)
    event.add("DTSTAMP", timezone.now().astimezone(datetime.UTC))
    event.add("DTSTART", interview.period.lower.astimezone(ZONE))
    event.add("DTEND", interview.period.upper.astimezone(ZONE))
    event.add("SUMMARY", TITLE)
    # Calendars are often shared within a section.
    event.add("CLASS", "PRIVATE")
    if interview.place:
        event.add("LOCATION", interview.place)
    if interview.online_link:
        event.add("URL", _unbroken(interview.online_link))
    return event


def _attendee(person: User) -> vCalAddress:
    """One of the two. Both have agreed in the portal, so that no program asks them again."""
    attendee = _person(person.display_name, person.email)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{_unbroken(address)}")
    person.params["CN"] = name
    return person


def _unbroken(text: str) -> str:
    """Addresses are written as they are, without escapes: a line break in one would begin a line of its own."""
    return "".join(text.split())
