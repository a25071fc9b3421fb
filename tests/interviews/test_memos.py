"""Private memos: sealed, bound to their row, for their author alone; rotation of keys."""

import os

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from interviews.models import PrivateMemo
from interviews.records import memo_services
from interviews.records.sealing import SealBroken, seal, unseal
from interviews.records.services import StaleSave
from tests.factories import interviews as made
from tests.factories import records

pytestmark = pytest.mark.django_db
CANARY = "鵺の覚え書き🦊"


@pytest.fixture
def talk():
    return made.held(*made.line())


def raw_rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_name, nonce, sealed FROM interviews_privatememo ORDER BY id")
        return [(name, bytes(nonce), bytes(sealed)) for name, nonce, sealed in cursor.fetchall()]


def test_memo_is_stored_sealed_and_opens_again(talk):
    memo = records.memo(talk, CANARY)

    assert memo_services.open_memo(memo) == CANARY
    [(name, nonce, sealed)] = raw_rows()
    assert (name, len(nonce)) == ("test", 12)
    assert CANARY.encode() not in sealed
    assert len(sealed) == len(CANARY.encode()) + 16


def test_every_save_has_a_nonce_of_its_own(talk):
    records.memo(talk, "同じ長さの文")
    [before] = raw_rows()
    records.memo(talk, "別の長さの文")
    records.memo(talk, "同じ長さの文")
    [after] = raw_rows()
    assert before[1] != after[1]
    assert before[2] != after[2]


def test_only_the_author_writes_and_a_second_window_is_told(talk):
    with pytest.raises(memo_services.NotTheAuthor):
        memo_services.save_memo(talk, "だれか", version=0, by=talk.interviewee)
    records.memo(talk, "この窓")
    assert memo_services.save_memo(talk, "この窓", version=0, by=talk.interviewer).version == 1
    with pytest.raises(StaleSave):
        memo_services.save_memo(talk, "ほかの窓", version=0, by=talk.interviewer)
    assert memo_services.open_memo(PrivateMemo.objects.get()) == "この窓"


@pytest.mark.parametrize(
    "change",
    [
        lambda memo: setattr(memo, "sealed", memo.sealed[:-1] + bytes([memo.sealed[-1] ^ 1])),
        lambda memo: setattr(memo, "sealed", b""),
        lambda memo: setattr(memo, "nonce", os.urandom(12)),
        lambda memo: setattr(memo, "nonce", b""),
        lambda memo: setattr(memo, "key_name", "none"),
        lambda memo: setattr(memo, "author_id", memo.author_id + 1),
        lambda memo: setattr(memo, "interview_id", memo.interview_id + 1),
    ],
)
def test_what_was_changed_or_moved_does_not_open(talk, change):
    memo = records.memo(talk, CANARY)
    change(memo)

    with pytest.raises(SealBroken) as broken:
        memo_services.open_memo(memo)
    assert CANARY not in repr(broken.value)


def test_text_of_one_row_does_not_open_in_another(talk):
    other = made.held(talk.interviewer, talk.interviewee, "one_on_one", days=3)
    records.memo(talk, CANARY), records.memo(other, "ほか")
    first, second = PrivateMemo.objects.order_by("pk")
    PrivateMemo.objects.filter(pk=first.pk).update(nonce=os.urandom(12))
    PrivateMemo.objects.filter(pk=second.pk).update(nonce=first.nonce, sealed=first.sealed)

    for memo in PrivateMemo.objects.all():
        with pytest.raises(SealBroken):
            memo_services.open_memo(memo)


def test_a_memo_that_does_not_open_is_not_written_over(talk, client):
    records.memo(talk, CANARY)
    PrivateMemo.objects.update(key_name="lost")
    with pytest.raises(memo_services.MemoLocked):
        memo_services.save_memo(talk, "新しい文", version=1, by=talk.interviewer)
    client.force_login(talk.interviewer)
    address = f"/interviews/{talk.pk}/memo/"
    form = {"memo": "新しい文", "version": "1", "writer": str(talk.interviewer_id)}

    for response in (client.get(address), client.post(address, form)):
        assert response.status_code == 503
        assert "メモは消えていません" in response.content.decode()
        assert "<textarea" not in response.content.decode()
    assert raw_rows()[0][0] == "lost"


def test_name_of_the_key_is_authenticated(settings):
    ring = settings.MEMO_KEYS
    settings.MEMO_KEYS = {**ring, "twin": ring["test"]}
    sealed = seal(CANARY, interview=1, author=2)
    assert unseal(sealed, interview=1, author=2) == CANARY
    with pytest.raises(SealBroken):
        unseal(type(sealed)("twin", sealed.nonce, sealed.sealed), interview=1, author=2)


def test_rotation_seals_with_the_first_key_and_the_old_one_can_go(talk, settings, capsys):
    second = made.held(*made.line())
    records.memo(talk, CANARY)
    records.memo(second, "二つ目")
    before = dict(settings.MEMO_KEYS)
    settings.MEMO_KEYS = {"new": os.urandom(32), **before}

    call_command("rotate_memo_keys")

    assert "2 memos" in capsys.readouterr().out
    assert {name for name, _, _ in raw_rows()} == {"new"}
    settings.MEMO_KEYS = {"new": settings.MEMO_KEYS["new"]}
    opened = [memo_services.open_memo(memo) for memo in PrivateMemo.objects.order_by("pk")]
    assert opened == [CANARY, "二つ目"]
    assert set(PrivateMemo.objects.values_list("version", flat=True)) == {1}
    call_command("rotate_memo_keys")
    assert "0 memos" in capsys.readouterr().out


def test_rotation_names_what_it_cannot_open_and_goes_on(talk, settings):
    records.memo(talk, CANARY)
    lost = records.memo(made.held(*made.line()), "失われた鍵")
    PrivateMemo.objects.filter(pk=lost.pk).update(key_name="lost")
    settings.MEMO_KEYS = {"new": os.urandom(32), **settings.MEMO_KEYS}

    with pytest.raises(CommandError, match=f"stay as they are: {lost.pk}"):
        call_command("rotate_memo_keys")

    assert sorted(name for name, _, _ in raw_rows()) == ["lost", "new"]


def test_text_is_nowhere_in_a_dump_of_the_database(talk):
    records.memo(talk, CANARY)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            count = sql.SQL("SELECT count(*) FROM {} t WHERE t::text LIKE %s")
            cursor.execute(count.format(sql.Identifier(table)), ["%鵺の覚え書き%"])
            assert cursor.fetchone() == (0,), table
    assert "interviews_privatememo" in tables
