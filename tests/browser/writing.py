"""A part of the form open in a browser, with what its script sends."""

import re

from playwright.sync_api import expect

SAVED = re.compile(r"^\d{1,2}:\d\d 下書きを保存しました$")
NOT_SAVED = re.compile(r"^(まだ保存していません|保存できていません)")


class Writing:
    """Time on the page runs as ever, and jumps where a test says so. `sent` counts the saves of the script."""

    def __init__(self, visits, username, number, *, page=None, year=None):
        self.visits = visits
        self.username = username
        self.number = number
        self.page = page or visits.begin(username)
        self.address = visits.path("parts", number, year=year)
        self.sent = 0
        self.page.clock.install()
        self.page.on("request", self._count)
        self.page.goto(self.address)
        self.status = self.page.locator("#save-status")
        self.strip = self.page.locator("#save")

    def _count(self, request):
        if request.method == "POST" and request.headers.get("accept") == "application/json":
            self.sent += 1

    def field(self, code):
        return self.page.locator(f"[name={code}]")

    def type(self, code, text):
        """Add text at the end of a field, as one paste would."""
        self.field(code).focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.insert_text(text)

    def pass_time(self, seconds):
        self.page.clock.run_for(seconds * 1000)

    def see_saved(self):
        expect(self.status).to_have_text(SAVED, timeout=4_000)

    def see_not_saved(self, sentence=NOT_SAVED):
        expect(self.status).to_have_text(sentence, timeout=4_000)

    def stored(self):
        """The answers in the database."""
        return self.visits.portal.draft(self.username, self.number)[0]

    def lose_session(self):
        """End the session at the server, as after the longest time or a sign-out elsewhere."""
        [key] = [c["value"] for c in self.page.context.cookies() if c["name"] == "sessionid"]
        ended = self.visits.portal.execute(
            "DELETE FROM django_session WHERE session_key = %(key)s", key=key
        )
        assert ended == 1
