"""Calendar files read back by two parsers that share no code."""

import datetime
import re

import icalendar
import vobject


def read(text):
    """The method and the events of a file, on which both parsers agree."""
    by_one, by_other = _by_icalendar(text), _by_vobject(text)
    assert by_one == by_other
    return by_one


def only_event(text):
    (event,) = read(text)[1]
    return event


def _by_icalendar(text):
    calendar = icalendar.Calendar.from_ical(text)
    assert calendar.errors == []
    events = []
    for event in calendar.walk("VEVENT"):
        assert event.errors == []
        attendees = event.get("ATTENDEE", [])
        attendees = attendees if isinstance(attendees, list) else [attendees]
        events.append(
            {
                "names": sorted(event.keys()),
                **{name: str(event.get(name, "")) for name in PLAIN},
                "starts": event.decoded("DTSTART").astimezone(datetime.UTC),
                "ends": event.decoded("DTEND").astimezone(datetime.UTC),
                "attendees": {str(each): each.params.get("CN", "") for each in attendees},
            }
        )
    return str(calendar.get("METHOD", "")), events


PLAIN = ("UID", "SEQUENCE", "SUMMARY", "LOCATION", "URL", "STATUS", "CLASS", "ORGANIZER")


MEANT = {"^n": "\n", "^'": '"', "^^": "^"}


def _by_vobject(text):
    calendar = vobject.readOne(text)
    events = []
    for event in calendar.contents.get("vevent", []):
        attendees = event.contents.get("attendee", [])
        events.append(
            {
                "names": sorted(name.upper() for name in event.contents),
                **{name: _value(event, name.lower()) for name in PLAIN},
                "starts": event.dtstart.value.astimezone(datetime.UTC),
                "ends": event.dtend.value.astimezone(datetime.UTC),
                "attendees": {each.value: _name(each) for each in attendees},
            }
        )
    return _value(calendar, "method"), events


def _value(component, name):
    found = component.contents.get(name)
    return found[0].value if found else ""


def _name(attendee):
    """The name in the parameter, whose marks by RFC 6868 this parser leaves to its caller."""
    (name,) = attendee.params.get("CN", [""])
    return re.sub(r"\^[n'^]", lambda mark: MEANT[mark[0]], name)
