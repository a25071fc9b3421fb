"""Imports of descriptions: uploaded, found out about by a worker, confirmed by whoever uploaded, made by a worker."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import asdict
from typing import IO

from celery import signature
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.db.models.functions import Now

from career_portal.audit.middleware import ActorContext
from career_portal.common import jobs, packages
from career_portal.common.era import moment
from career_portal.common.errors import RuleViolation
from career_portal.common.tables import UnreadableFile
from career_portal.staff.models import User
from postings import permissions
from postings.content import skill_names
from postings.models import PostDescription, PostImport, PostImportRow
from postings.models.imports import PostImportQuerySet
from postings.services import NotAllowed
from postings.workbook.checking import Check, Finding, Kind
from postings.workbook.current import current_posts, sections_today
from postings.workbook.making_services import make_drafts
from postings.workbook.reading import PostRow, PostTable, read_posts
from postings.workbook.rows import as_read, put, row_of
from postings.workbook.storing import from_json

MOST_ATTEMPTS = 3
ROWS_AT_ONCE = 250
LONGEST_NAME = 200
State = PostImport.State

CHANGED_MEANWHILE = (
    "確定する前にもう一度調べたところ、{}行の扱いが変わっていました。まだ何も取り込んでいません。"
    "内容を確かめて、もう一度確定してください。"
)
TWO_AT_ONCE = "同じときに、ほかの人がポストを加えました。まだ何も取り込んでいません。もう一度確定してください。"
LOST = "ファイルが見つかりません。もう一度選んでください。"


class NotToBeConfirmed(RuleViolation):
    """The import is confirmed already, has nothing to do, or is another's to confirm."""

    sentence = "この取り込みは確定できません。すでに確定したか、取り込む行がありません。"


# Uploading --------------------------------------------------------------------------------------


def request_import(file: IO[bytes], name: str, *, by: User) -> PostImport:
    """Take a file to be looked at by a worker. Raises NotAllowed, and UnreadableFile for what is no table at first sight."""
    if not permissions.can_run_catalogue(by):
        raise NotAllowed
    kind = "xlsx" if packages.look_at(file) else "csv"
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # an uploaded file is one
    file.seek(0)
    stored = default_storage.save(f"imports/{secrets.token_hex(32)}.{kind}", File(file))
    try:
        with transaction.atomic():
            found = PostImport.objects.create(
                file_name=name[-LONGEST_NAME:], digest=digest, file=stored, uploaded_by=by
            )
            _start(found)
    except BaseException:
        default_storage.delete(stored)
        raise
    return found


def _start(post_import: PostImport) -> None:
    # By its name: tasks import services.
    jobs.start(signature("postings.tasks.work_on_import"), post_import.pk)


# A worker ---------------------------------------------------------------------------------------


def imports_to_be_worked_on() -> list[int]:
    """The ids of the imports that wait for a worker, or whose worker died."""
    return list(PostImport.objects.to_be_worked_on().order_by("pk").values_list("pk", flat=True))


def work_on(pk: int) -> None:
    """Check or make an import, if nobody else does just now; with the rights that whoever uploaded it has now."""
    taken = _take(pk)
    if taken is None:
        return
    with _acting_for(taken):
        if taken.state == State.CHECKING:
            _check(taken)
            return
        try:
            _make(taken)
        except IntegrityError:
            _still_mine(taken).update(state=State.CHECKED, sentence=TWO_AT_ONCE)


def _acting_for(post_import: PostImport) -> ActorContext:
    return ActorContext(user=post_import.uploaded_by_id, route="postings.tasks.work_on_import")


@transaction.atomic
def _take(pk: int) -> PostImport | None:
    """The import, now this worker's; None where there is nothing to do. After several tries it is given up."""
    waiting = PostImport.objects.to_be_worked_on()
    found = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("uploaded_by")
    taken = found.filter(pk=pk).first()
    if taken is None:
        return None
    person = taken.uploaded_by
    is_allowed = person.is_active and permissions.can_run_catalogue(person)
    taken.attempts += 1
    if taken.state == State.QUEUED:
        taken.state = State.CHECKING
    goes_on = is_allowed and taken.attempts <= MOST_ATTEMPTS
    if not goes_on:
        taken.state = State.FAILED
        _forget_file(taken)
    taken.heartbeat_at = Now()
    with _acting_for(taken):
        taken.save(update_fields=["attempts", "state", "file", "heartbeat_at"])
    return taken if goes_on else None


def _still_mine(taken: PostImport) -> PostImportQuerySet:
    """The import, unless another worker has taken it over since."""
    return PostImport.objects.filter(pk=taken.pk, state=taken.state, attempts=taken.attempts)


def _forget_file(post_import: PostImport) -> None:
    """Delete the upload once what is being done is sure to stay."""
    name, post_import.file = post_import.file, ""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


# Finding out ------------------------------------------------------------------------------------


def _check(taken: PostImport) -> None:
    try:
        with default_storage.open(taken.file) as file:
            table = read_posts(file, skill_names())
    except UnreadableFile as refusal:
        _refuse(taken, refusal.sentence)
        return
    except FileNotFoundError:
        _refuse(taken, LOST)
        return
    findings = []
    for number, finding in enumerate(_checked(taken, table, table.rows), 1):
        findings.append(finding)
        if number % ROWS_AT_ONCE == 0:
            # Outside any transaction, so that pages see it.
            _still_mine(taken).update(done=number, total=len(table.rows), heartbeat_at=Now())
    _store(taken, table, findings)


def _checked(taken: PostImport, table: PostTable, rows: Iterable[PostRow]) -> Iterable[Finding]:
    by = taken.uploaded_by
    added = {
        (row.section_id or 0, from_json(row.said["content"])): row.post_id or 0
        for row in PostImportRow.objects.that_added_posts()
    }
    check = Check(current_posts(by), sections_today(by), skill_names(), table.reference, added)
    return check.run(tuple(rows))


@transaction.atomic
def _refuse(taken: PostImport, sentence: str) -> None:
    if _still_mine(taken).select_for_update().first() is None:
        return
    taken.state = State.REFUSED
    taken.sentence = sentence
    _forget_file(taken)
    taken.save(update_fields=["state", "sentence", "file"])


@transaction.atomic
def _store(taken: PostImport, table: PostTable, findings: list[Finding]) -> None:
    """Keep what was found out, whole or not at all."""
    if _still_mine(taken).select_for_update().first() is None:
        return
    if not findings:
        _refuse(taken, "見出しの下に、行がありません。")
        return
    taken.rows.all().delete()
    PostImportRow.objects.bulk_create(
        (row_of(taken, finding) for finding in findings), batch_size=ROWS_AT_ONCE
    )
    taken.state = State.CHECKED
    taken.remarks = [*table.remarks, *_seen_before(taken)]
    taken.layout = {"sheet": table.sheet, "places": dict(table.places)}
    taken.done = taken.total = len(findings)
    _forget_file(taken)
    _count(taken)
    taken.save()


def _seen_before(post_import: PostImport) -> Iterable[str]:
    """That the same file was imported before, and when."""
    same = PostImport.objects.filter(digest=post_import.digest, state=State.CONFIRMED)
    last = same.order_by("confirmed_at").last()
    if last is not None and last.confirmed_at is not None:
        yield f"同じファイルは、{moment(last.confirmed_at)}に取り込み済みです。"


def _count(post_import: PostImport) -> None:
    kinds = {str(kind): Count("pk", filter=Q(kind=kind)) for kind in Kind}
    for kind, number in post_import.rows.aggregate(**kinds).items():
        setattr(post_import, kind, number)


# Confirming -------------------------------------------------------------------------------------


@transaction.atomic
def confirm_import(post_import: PostImport, *, by: User) -> PostImport:
    """Have the drafts made that a checked import would make. Raises NotToBeConfirmed."""
    fresh = PostImport.objects.select_for_update().get(pk=post_import.pk)
    if (
        fresh.state != State.CHECKED
        or not fresh.added + fresh.changed
        or not permissions.can_confirm_import(by, fresh)
    ):
        raise NotToBeConfirmed
    fresh.state = State.CONFIRMING
    fresh.sentence = ""
    fresh.confirmed_by = by
    fresh.attempts = 0
    fresh.heartbeat_at = None
    fresh.save()
    _start(fresh)
    return fresh


@transaction.atomic
def _make(taken: PostImport) -> None:
    """Check once more what is to be done, and do it; where it is not the same any more, the officer looks again."""
    # While this goes on, nobody takes the import over, however long it takes.
    if _still_mine(taken).select_for_update().first() is None:
        return
    rows = list(taken.rows.filter(kind__in=[Kind.ADDED, Kind.CHANGED]).order_by("number"))
    posts = PostDescription.objects.filter(pk__in=[row.post_id for row in rows if row.post_id])
    list(posts.select_for_update().order_by("pk").values_list("pk"))
    table = PostTable((), taken.layout["places"], taken.layout["sheet"])
    findings = list(_checked(taken, table, map(as_read, rows)))
    others = [
        (row, finding)
        for row, finding in zip(rows, findings, strict=True)
        if not _is_as_found(row, finding)
    ]
    if others:
        for row, finding in others:
            put(row, finding).save()
        taken.state = State.CHECKED
        taken.sentence = CHANGED_MEANWHILE.format(f"{len(others):,}")
        _count(taken)
    else:
        make_drafts(list(zip(rows, findings, strict=True)), by=taken.uploaded_by)
        taken.state = State.CONFIRMED
        taken.confirmed_at = Now()
    taken.save()


def _is_as_found(row: PostImportRow, finding: Finding) -> bool:
    return (
        row.kind == finding.kind
        and row.section_id == finding.section
        and row.post_id == (finding.post.pk if finding.post else None)
        and row.changes == [asdict(change) for change in finding.changes]
    )
