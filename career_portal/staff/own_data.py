"""What the portal holds about a person's account, posts and roles, as files for himself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axes.models import AccessLog
from django.conf import settings

from career_portal.audit.history import change_in_words, changes
from career_portal.common.clock import today
from career_portal.common.own_data import OwnFile, json_file
from career_portal.staff.models import Assignment, RoleGrant, SupervisorDesignation, User
from career_portal.staff.models.validity import Dated, DatedQuerySet


def files(user: User) -> Iterator[OwnFile]:
    """Account, posts and roles, sign-ins: of this person alone."""
    yield json_file(
        "アカウント.json",
        "氏名、職員番号などの登録と、その変更の履歴。パスワードは入りません。",
        {**_account(user), "最後のサインイン": user.last_login, "履歴": _account_history(user)},
    )
    yield json_file(
        "在職と役割.json",
        "今日までの発令と在職、上司としての指定、付与された役割。",
        {"在職": _posts(user), "上司の指定": _designations(user), "役割": _roles(user)},
    )
    yield json_file(
        "サインイン.json",
        f"サインインした日時と接続元。{settings.SIGN_IN_LOG_DAYS}日を過ぎたものは消えています。",
        _sign_ins(user),
    )


def _account(row: Any) -> dict[str, object]:
    """An account, or what a change left of it."""
    return {
        "サインイン名": row.username,
        "職員番号": row.staff_number,
        "姓": row.family_name,
        "名": row.given_name,
        "せい": row.family_name_kana,
        "めい": row.given_name_kana,
        "メール": row.email,
        "状態": row.get_state_display(),
        "実演用": row.is_demonstration,
        "登録した日時": row.created_at,
    }


def _account_history(user: User) -> list[dict[str, object]]:
    return [change_in_words(event) | _account(event) for event in changes(User, id=user.pk)]


def _posts(user: User) -> list[dict[str, object]]:
    rows = _begun(Assignment.objects.visible_to(user).filter(user=user))
    return [_post(row) for row in rows.select_related("section__bureau")]


def _post(row: Assignment) -> dict[str, object]:
    return {
        **_period(row),
        "所属": row.section.full_name,
        "職層": row.get_grade_display(),
        "職名": row.post_title,
        "立場": row.get_position_display(),
        "併任": row.is_concurrent,
    }


def _designations(user: User) -> list[dict[str, object]]:
    rows = _begun(SupervisorDesignation.objects.visible_to(user).filter(supervisor=user))
    named = rows.select_related("section__bureau", "bureau")
    return [_period(row) | {"範囲": _unit(row)} for row in named]


def _roles(user: User) -> list[dict[str, object]]:
    rows = _begun(RoleGrant.objects.visible_to(user).filter(user=user))
    granted = rows.select_related("on_behalf_of", "granted_by", "bureau", "section__bureau")
    return [_role(row) for row in granted]


def _role(row: RoleGrant) -> dict[str, object]:
    return {
        **_period(row),
        "役割": row.get_role_display(),
        "範囲": _unit(row) or "全省",
        "だれの代理か": _name(row.on_behalf_of),
        "付与した人": _name(row.granted_by),
    }


def _begun(rows: DatedQuerySet) -> DatedQuerySet:
    """Without what begins later: a transfer is announced by the ministry, not by a file."""
    return rows.filter(valid_from__lte=today()).order_by("valid_from", "pk")


def _period(row: Dated) -> dict[str, object]:
    """From when until when; an end that lies ahead is not announced either."""
    ended = row.valid_until is not None and row.valid_until <= today()
    return {
        "いつから": row.valid_from,
        "いつまで（この日から無効）": row.valid_until if ended else None,
    }


def _unit(row: Any) -> str:
    if row.section is not None:
        return str(row.section.full_name)
    return str(row.bureau.name) if row.bureau is not None else ""


def _name(person: User | None) -> str | None:
    return person.display_name if person is not None else None


def _sign_ins(user: User) -> list[dict[str, object]]:
    own = AccessLog.objects.filter(username=user.username).order_by("-attempt_time")
    return [
        {
            "日時": row.attempt_time,
            "サインアウト": row.logout_time,
            "接続元": row.ip_address,
            "ブラウザー": row.user_agent,
        }
        for row in own
    ]
