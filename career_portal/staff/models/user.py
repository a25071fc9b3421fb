"""The people of the ministry: one account each."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q

from career_portal.common.clock import today
from career_portal.common.prepared import MARKER_DAY, PreparedQuery
from career_portal.staff.models.assignments import Assignment, SupervisorDesignation
from career_portal.staff.models.grants import RoleGrant
from career_portal.staff.roles import Role


class UserQuerySet(models.QuerySet["User"]):
    """People, and how they stand to one another today."""

    def visible_to(self, user: User) -> Self:
        """Every signed-in person may know that a colleague exists (name, section); an ended account sees nobody."""
        return self.all() if user.is_active else self.none()

    def for_request(self, day: datetime.date) -> Self:
        """Accounts with what every page needs to know of its visitor, so that no page asks again."""
        return self.annotate(
            role_values=ArraySubquery(
                RoleGrant.objects.on(day).filter(user=OuterRef("pk")).values("role").distinct()
            ),
            leads=Exists(Assignment.objects.on(day).led_by(OuterRef("pk"))),
            is_designated=Exists(
                SupervisorDesignation.objects.on(day).filter(supervisor=OuterRef("pk"))
            ),
        )

    def supervised_by(self, user: User, day: datetime.date) -> Self:
        """People whose supervisor `user` is on that day.

        The head or acting head of a section supervises its other members, and so does an officer
        designated for the section; a section head is supervised by the officer designated for the
        bureau. Nobody supervises himself.
        """
        held = Assignment.objects.on(day)
        named = SupervisorDesignation.objects.on(day).filter(supervisor=user)
        led = held.led_by(user.pk).values("section")
        members = held.exclude(position=Assignment.Position.HEAD)
        heads = held.filter(position=Assignment.Position.HEAD)
        # A union of small sets: asked as one condition, Postgres would look at every person.
        staff = (
            members.filter(section__in=led)
            .values("user")
            .union(
                members.filter(section__in=named.values("section")).values("user"),
                heads.filter(section__bureau__in=named.values("bureau")).values("user"),
            )
        )
        return self.filter(pk__in=staff).exclude(pk=user.pk)

    def supervisors_of(self, person: User, day: datetime.date) -> Self:
        """The people who supervise `person` on that day: the mirror of `supervised_by`."""
        held = Assignment.objects.on(day)
        named = SupervisorDesignation.objects.on(day)
        mine = held.filter(user=person)
        as_member = mine.exclude(position=Assignment.Position.HEAD).values("section")
        as_head = mine.filter(position=Assignment.Position.HEAD).values("section__bureau")
        supervisors = (
            held.leading()
            .filter(section__in=as_member)
            .values("user")
            .union(
                named.filter(section__in=as_member).values("supervisor"),
                named.filter(bureau__in=as_head).values("supervisor"),
            )
        )
        return self.filter(pk__in=supervisors).exclude(pk=person.pk)

    def in_hr_scope_of(self, user: User, day: datetime.date) -> Self:
        """People whose records `user` may handle as HR on that day: by scope of the grants, never himself."""
        grants = RoleGrant.objects.as_hr(user, day)
        member = Assignment.objects.on(day).filter(user=OuterRef("pk"))
        in_scope = member.filter(grants.reaching("section__"))
        return self.filter(Exists(grants.everywhere()) | Exists(in_scope)).exclude(pk=user.pk)

    def mentors_for(self, user: User, day: datetime.date) -> Self:
        """Whom a person can choose as mentor on that day: everybody with that role but himself."""
        grants = RoleGrant.objects.on(day).filter(user=OuterRef("pk"), role=Role.MENTOR)
        return self.exclude(state=User.State.ENDED).filter(Exists(grants)).exclude(pk=user.pk)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # dynamic base
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A new account; without a password it can only sign on from outside."""
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """One person's account. People are never deleted: an account ends."""

    class State(models.TextChoices):
        ACTIVE = "active", "在職"
        ON_LEAVE = "on_leave", "休業中"
        ENDED = "ended", "終了"

    username = models.CharField("サインイン名", max_length=64, unique=True)
    staff_number = models.CharField("職員番号", max_length=16, unique=True)
    family_name = models.CharField("姓", max_length=40)
    given_name = models.CharField("名", max_length=40)
    family_name_kana = models.CharField("せい", max_length=60, blank=True)
    given_name_kana = models.CharField("めい", max_length=60, blank=True)
    email = models.EmailField("メール", blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.ACTIVE)
    is_demonstration = models.BooleanField("実演用", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["staff_number", "family_name", "given_name"]

    # Set by `for_request`; a user loaded otherwise has no roles to show in the menu.
    role_values: list[str] = []
    leads: bool = False
    is_designated: bool = False

    class Meta:
        verbose_name = "職員"
        verbose_name_plural = "職員"
        constraints = [
            models.CheckConstraint(
                name="user_state_is_known", condition=Q(state__in=["active", "on_leave", "ended"])
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # the account's state is the one source
        """Whether the account may sign in: people on leave may, ended accounts may not."""
        return self.state != self.State.ENDED

    @property
    def display_name(self) -> str:
        """Family and given name, as written on every page."""
        return f"{self.family_name} {self.given_name}"

    @property
    def supervises(self) -> bool:
        """Whether the person is anybody's supervisor today, as loaded with the request."""
        return self.leads or self.is_designated

    def has_role(self, role: Role) -> bool:
        """Whether the person holds the role today, as loaded with the request."""
        return role.value in self.role_values


_REQUEST_USER = PreparedQuery(
    lambda pk, day: User.objects.for_request(day).filter(pk=pk),
    {"pk": 987_654_321, "day": MARKER_DAY},
)
_SUPERVISORS = PreparedQuery(
    lambda pk, day: User.objects.supervisors_of(User(pk=pk), day).order_by(
        "family_name_kana", "pk"
    ),
    {"pk": 987_654_321, "day": MARKER_DAY},
)


def request_user(pk: int) -> User | None:
    """The account behind a session, with today's roles; None when it has ended."""
    user = next(_REQUEST_USER.objects(pk=pk, day=today()), None)
    return user if user is not None and user.is_active else None


def supervisors_today(person: User) -> list[User]:
    """Today's supervisors of a person, by name."""
    return list(_SUPERVISORS.objects(pk=person.pk, day=today()))
