"""Visits of people with their browsers, watched for what no page may do."""

from urllib.parse import urlsplit

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 375, "height": 812},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
NARROW = {"viewport": {"width": 320, "height": 640}}

SECONDS_TO_WAIT = 15


class Visits:
    """Browser contexts. Script errors, policy violations and foreign requests are collected as complaints.

    A test that breaks something on purpose names parts of the console lines it expects in `expected`.
    """

    def __init__(self, chromium, portal, password):
        self.chromium = chromium
        self.portal = portal
        self.password = password
        self.expected = []
        self._complaints = []
        self._contexts = []

    def take_complaints(self):
        """What was complained about since they were taken last, but for what is expected."""
        taken, self._complaints = self._complaints, []
        return [line for line in taken if not any(part in line for part in self.expected)]

    def begin(self, username="", device=DESK, **options):
        """A new browser; with a name, of somebody who has signed in already."""
        context = self.chromium.new_context(
            base_url=self.portal.address, locale="ja-JP", **device, **options
        )
        self._contexts.append(context)
        context.set_default_timeout(SECONDS_TO_WAIT * 1000)
        context.on("page", self._watch)
        if username:
            self.sign_in(context, username)
        return context.new_page()

    def sign_in(self, context, username):
        """Sign in without opening a page, as another tab of the same browser would."""
        address = "/accounts/login/"
        context.request.get(address)
        token = next(
            cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken"
        )
        answer = context.request.post(
            address,
            form={"login": username, "password": self.password, "csrfmiddlewaretoken": token},
            max_redirects=0,
        )
        assert answer.status == 302, answer.text()

    def path(self, *steps, year=None):
        """The address of a page of a year's form, by default of this year's."""
        return "/".join(["", "surveys", str(year or self.portal.year), *map(str, steps), ""])

    def close(self):
        for context in self._contexts:
            context.close()

    def _watch(self, page):
        page.on("pageerror", lambda error: self._complaints.append(f"script: {error}"))
        page.on("console", self._listen)
        page.on("request", self._look_where_to)

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self._complaints.append(f"console: {message.text} {message.location['url']}")

    def _look_where_to(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.port != self.portal.port:
            self._complaints.append(f"foreign: {request.url}")
