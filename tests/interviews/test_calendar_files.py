"""Calendar files: what is in them, by two parsers, and that no text breaks them."""

import datetime
import uuid

import pytest
from django.utils import timezone

from career_portal.staff.models import User
from interviews.calendars.files import Method, feed, invitation
from interviews.models import Interview
from tests.factories import interviews as made
from tests.interviews.calendar_files import only_event, read

UID = uuid.UUID("0b7cf2f6-1c1a-4b58-93a2-1f2f5a4a2c11")
HOSTILE = [
    "別館3階; 打合せ室, B",
    "C:\\新館\\n階\\",
    "\"引用\" と '引用' と ^' と ^n と ^^",
    "🍵👩‍👩‍👧‍👦𠮷野家 葛󠄀城",
    "一行目\n二行目",
    "一行目\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:偽",
    "長い" * 60,
    "あ" * 24 + "😀" * 24,
    "名前:値=BEGIN:VALARM",
    " 前後に空き ",
    "%0D%0A&lt;",
]


def talk(place="", link="", family="山田", given="太郎", email="yamada@example.go.jp", **fields):
    """An interview that no table holds, on 2 December at ten."""
    interviewer = User(pk=1, family_name="局", given_name="長", email="kyoku@example.go.jp")
    interviewee = User(pk=2, family_name=family, given_name=given, email=email)
    day = datetime.date(2026, 12, 2) - timezone.localdate()
    return Interview(
        pk=7,
        kind="mentor",
        uid=UID,
        interviewer=interviewer,
        interviewee=interviewee,
        period=made.next_week(10, days=day.days),
        place=place,
        online_link=link,
        **fields,
    )


def test_invitation_has_a_neutral_title_time_place_and_both_people():
    part = invitation(talk("別館3階", "https://meet.example.go.jp/a?b=1&c=2"), Method.REQUEST)

    method, (event,) = read(part.content)
    assert method == part.method == "REQUEST"
    assert event == {
        "names": sorted(
            [
                "ATTENDEE",
                "CLASS",
                "DTEND",
                "DTSTAMP",
                "DTSTART",
                "LOCATION",
                "ORGANIZER",
                "SEQUENCE",
                "STATUS",
                "SUMMARY",
                "UID",
                "URL",
            ]
        ),
        "UID": str(UID),
        "SEQUENCE": "0",
        "SUMMARY": "打合せ",
        "LOCATION": "別館3階",
        "URL": "https://meet.example.go.jp/a?b=1&c=2",
        "STATUS": "CONFIRMED",
        "CLASS": "PRIVATE",
        "ORGANIZER": "mailto:career-portal@example.go.jp",
        "starts": datetime.datetime(2026, 12, 2, 1, tzinfo=datetime.UTC),
        "ends": datetime.datetime(2026, 12, 2, 1, 45, tzinfo=datetime.UTC),
        "attendees": {
            "mailto:kyoku@example.go.jp": "局 長",
            "mailto:yamada@example.go.jp": "山田 太郎",
        },
    }


def test_file_brings_its_time_zone_and_keeps_to_the_lines_of_the_standard():
    text = invitation(talk("長い場所" * 30), Method.REQUEST).content

    assert "DTSTART;TZID=Asia/Tokyo:20261202T100000\r\n" in text
    zone = text.partition("BEGIN:VTIMEZONE")[2].partition("END:VTIMEZONE")[0].split("\r\n")
    assert {"TZID:Asia/Tokyo", "TZOFFSETFROM:+0900", "TZOFFSETTO:+0900"} <= set(zone)
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in lines)


def test_cancellation_names_the_same_event():
    method, (event,) = read(invitation(talk(sequence=4), Method.CANCEL).content)

    assert (method, event["UID"], event["SEQUENCE"]) == ("CANCEL", str(UID), "4")
    assert event["STATUS"] == "CANCELLED"


def test_person_without_an_address_is_left_out():
    event = only_event(invitation(talk(email=""), Method.REQUEST).content)

    assert event["attendees"] == {"mailto:kyoku@example.go.jp": "局 長"}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_any_text_in_places_and_names_comes_back_as_it_was(text):
    interview = talk(place=text, family=text, given="")

    event = only_event(invitation(interview, Method.REQUEST).content)

    shown = text.replace("\r\n", "\n")
    assert event["LOCATION"] == shown
    assert event["attendees"]["mailto:yamada@example.go.jp"] == f"{shown} "
    assert event["SUMMARY"] == "打合せ"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"], ids=ascii)
def test_no_address_begins_a_line_of_its_own(end):
    interview = talk(
        link=f"https://a.example.go.jp/{end}SUMMARY:偽", email=f"a@example.go.jp{end}ATTENDEE:x"
    )

    event = only_event(invitation(interview, Method.REQUEST).content)

    assert event["SUMMARY"] == "打合せ"
    assert len(event["attendees"]) == 2


def test_feed_names_nobody_and_asks_for_nothing():
    interviews = [talk("別館3階"), talk(link="https://meet.example.go.jp/")]

    method, events = read(feed(interviews).decode())

    assert method == ""
    assert [(event["SUMMARY"], event["attendees"]) for event in events] == [("打合せ", {})] * 2
    assert [event["ORGANIZER"] for event in events] == ["", ""]
    assert read(feed([]).decode())[1] == []
