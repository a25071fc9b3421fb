"""What the frame of every page shows: the menu; and what a person's tasks add to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from career_portal.staff.models import User
from career_portal.staff.roles import Role

# Forms of others lie below one address, whatever list leads to them.
FORMS_OF_OTHERS = "surveys:submission_list"
SHEETS, RELEASES = "surveys:sheet_list", "surveys:release_list"


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class TaskEntry:
    """A page that a person has by one of his tasks: its name, its route and what one finds there."""

    label: str
    route: str
    hint: str


def task_entries(user: User) -> list[TaskEntry]:
    """The pages that the person's tasks lead to today."""
    tasks = []
    if user.supervises:
        hint = "だれが提出したかが分かり、本人があなたに開いたところが読めます。"
        tasks.append(TaskEntry("課室の希望調書", "surveys:staff_list", hint))
    if user.has_role(Role.HR):
        hint = "提出の有無を局や課室ごとに見て、知らせたり締切を延ばしたりできます。"
        tasks.append(TaskEntry("提出の状況", "surveys:round_index", hint))
        hint = "担当範囲の人が提出したものを、希望や課室で探して読めます。"
        tasks.append(TaskEntry("提出された調書", FORMS_OF_OTHERS, hint))
    if user.has_role(Role.FEEDBACK_ADMIN):
        hint = "締めた実施回のシートをすべて作り、できあがりを確かめて公開します。"
        tasks.append(TaskEntry("シートの作成", RELEASES, hint))
    if user.has_role(Role.MENTOR):
        hint = "あなたを面談の相手に選んだ人が、あなたに開いたところが読めます。"
        tasks.append(TaskEntry("メンターとして", "surveys:released_list", hint))
    if user.leads or user.has_role(Role.HR) or user.has_role(Role.SECTION_EDITOR):
        hint = "担当する課室のポストの紹介を書き、確認を受けて公開します。"
        tasks.append(TaskEntry("ポストの編集", "postings:manage_list", hint))
    return tasks


def navigation(request: HttpRequest) -> dict[str, list[MenuItem]]:
    """The menu of the signed-in person: what everybody has, and what his tasks add."""
    # A request refused before anybody looked who sends it, by its host name, has no user at all.
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    tasks = [(task.label, task.route) for task in task_entries(user)]
    entries = [
        ("ホーム", "home:home"),
        ("希望調書", "surveys:survey_index"),
        ("ポストを探す", "postings:post_search"),
        ("面談", "interviews:interview_list"),
        ("フィードバック", SHEETS),
        *tasks,
    ]
    urls = {route: reverse(route) for _, route in entries}
    below = {url: route for route, url in urls.items()}
    if user.has_role(Role.HR):
        below[reverse("surveys:export_list")] = FORMS_OF_OTHERS
        below[reverse("postings:import_list")] = "postings:manage_list"
        below[reverse("postings:post_export")] = "postings:manage_list"
    if tasks:
        below.setdefault(reverse(FORMS_OF_OTHERS), tasks[0][1])
    current = below[max((url for url in below if request.path.startswith(url)), key=len)]
    # Sheets and plans lie below their round's year.
    is_of_sheets = "/sheets/" in request.path or request.path.endswith("/plan/")
    if is_of_sheets and current not in (SHEETS, RELEASES):
        current = RELEASES if RELEASES in urls else SHEETS
    return {
        "navigation": [
            MenuItem(label, urls[route], current=route == current) for label, route in entries
        ]
    }
