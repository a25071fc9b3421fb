"""Every page of the portal as somebody finds it who has just arrived: who, and where.

`{year}` is the round that is open, `{past}` the one before; other names stand for rows of the small ministry.
"""

# Sign-in names, and people found by the state of their form of this year.
NOBODY, STAFF, HEAD, MENTOR = "", "shokuin", "joushi", "mentor"
PERSONNEL, SECOND = "jinji", "jinji2"
NEWCOMER, SUBMITTED, CORRECTING, WITHDRAWN = "newcomer", "submitted", "correcting", "withdrawn"
ABSENT = "absent"

PAGES = {
    "sign-in": (NOBODY, "/accounts/login/"),
    "sign-out": (STAFF, "/accounts/logout/"),
    "signed in again": (STAFF, "/accounts/signed-in/"),
    "home": (STAFF, "/"),
    "home of somebody new": (NEWCOMER, "/"),
    "home after submitting": (SUBMITTED, "/"),
    "readers of oneself": (SUBMITTED, "/me/reads/"),
    "readers of oneself, nobody yet": (NEWCOMER, "/me/reads/"),
    "own data": (STAFF, "/me/data/"),
    "forms": (STAFF, "/surveys/"),
    "task list": (STAFF, "/surveys/{year}/"),
    "task list after submitting": (SUBMITTED, "/surveys/{year}/"),
    "task list while correcting": (CORRECTING, "/surveys/{year}/"),
    "task list after withdrawing": (WITHDRAWN, "/surveys/{year}/"),
    "task list of a closed round": (SUBMITTED, "/surveys/{past}/"),
    "task list of a round that was missed": (ABSENT, "/surveys/{past}/"),
    **{f"part {number}": (STAFF, f"/surveys/{{year}}/parts/{number}/") for number in range(1, 9)},
    "part 2, all open": (STAFF, "/surveys/{year}/parts/2/?open=all"),
    "part that is not open": (SUBMITTED, "/surveys/{year}/parts/1/"),
    "post picker": (STAFF, "/surveys/{year}/parts/6/posts/post_2/?q=係長"),
    "post picker without hits": (STAFF, "/surveys/{year}/parts/6/posts/post_2/?q=宇宙飛行士"),
    "check": (CORRECTING, "/surveys/{year}/check/"),
    "check with hindrances": (NEWCOMER, "/surveys/{year}/check/"),
    "receipt": (SUBMITTED, "/surveys/{year}/receipt/"),
    "withdraw": (SUBMITTED, "/surveys/{year}/withdraw/"),
    "version": (SUBMITTED, "/surveys/{year}/versions/1/"),
    "staff": (HEAD, "/surveys/staff/"),
    "released to a mentor": (MENTOR, "/surveys/released/"),
    "forms of others": (PERSONNEL, "/surveys/readable/"),
    "forms of others by wish": (
        PERSONNEL,
        "/surveys/readable/?timing=next_summer&field=b1_03_wish",
    ),
    "forms of others without hits": (PERSONNEL, "/surveys/readable/?name=宇宙飛行士"),
    "form of another": (PERSONNEL, "/surveys/readable/{readable}/"),
    "one over the years": (PERSONNEL, "/surveys/readable/people/{person}/"),
    "progress": (PERSONNEL, "/surveys/rounds/{year}/progress/"),
    "progress of a closed round": (PERSONNEL, "/surveys/rounds/{past}/progress/?rate=low"),
    "progress of a section": (PERSONNEL, "/surveys/rounds/{year}/progress/sections/{section}/"),
    "reminders": (PERSONNEL, "/surveys/rounds/{year}/reminders/"),
    "reminder before it is sent": (PERSONNEL, "/surveys/rounds/{year}/reminders/new/"),
    "reminder that was sent": (PERSONNEL, "/surveys/rounds/{year}/reminders/{run}/"),
    "deadlines": (PERSONNEL, "/surveys/rounds/{year}/deadlines/"),
    "extension": (PERSONNEL, "/surveys/rounds/{year}/deadlines/new/?person={person}"),
    "closing": (PERSONNEL, "/surveys/rounds/{year}/close/"),
    "exports": (SECOND, "/surveys/exports/"),
    "export to be ordered": (PERSONNEL, "/surveys/exports/new/?year={past}"),
    "export to be decided": (SECOND, "/surveys/exports/{order}/"),
    "local mailbox": (NOBODY, "/local/mail/?to=local-mail"),
    "local mailbox without hits": (NOBODY, "/local/mail/?to=nobody"),
    "local mail": (NOBODY, "/local/mail/{mail}/"),
    "not found": (STAFF, "/surveys/1999/"),
}
# These show one page in several states.
SAME_PAGE = {
    "home of somebody new": "home",
    "home after submitting": "home",
    "readers of oneself, nobody yet": "readers of oneself",
    "task list after submitting": "task list",
    "task list while correcting": "task list",
    "task list after withdrawing": "task list",
    "task list of a round that was missed": "task list of a closed round",
    "part 2, all open": "part 2",
    "part that is not open": "part 1",
    "post picker without hits": "post picker",
    "check with hindrances": "check",
    "forms of others by wish": "forms of others",
    "forms of others without hits": "forms of others",
    "progress of a closed round": "progress",
    "local mailbox without hits": "local mailbox",
}
