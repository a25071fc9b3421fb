"""Every page of the full demonstration, one request after the other, for the people it matters to."""

from statistics import median
from urllib.parse import quote

from career_portal.local.progress import Refusal
from career_portal.staff.models import Bureau, Section, User
from postings.models import PostDescription
from surveys.models import HopeSurvey, Submission
from tests.benchmarks import database
from tests.benchmarks.accounting import cpu_seconds
from tests.benchmarks.client import Reader, drive
from tests.benchmarks.report import Limit, say
from tests.benchmarks.visitors import open_round, portal_cookies

REQUESTS = 15
MILLISECONDS_AT_MOST = 150


def visits():
    """Yield (who, name of the page, address)."""
    year = open_round().fiscal_year
    form = f"/surveys/{year}/"
    writer = User.objects.get(username="shokuin")
    yield None, "sign-in", "/accounts/login/"
    yield writer, "home", "/"
    yield writer, "survey index", "/surveys/"
    yield writer, "task list", form
    for number in range(1, 9):
        yield writer, f"part {number}", f"{form}parts/{number}/"
    yield writer, "post picker", f"{form}parts/6/posts/post_1/"
    yield writer, "post picker, words", f"{form}parts/6/posts/post_1/?q={quote('企画 調整')}"
    yield from _visits_of_posts(writer, form)
    yield writer, "check", f"{form}check/"
    submission = _submission(year)
    submitter = submission.survey.user
    version = f"{form}versions/{submission.number}/"
    yield submitter, "task list, submitted", form
    yield submitter, "receipt", f"{form}receipt/"
    yield submitter, "version", version
    yield submitter, "PDF (no limit)", f"{version}copy.pdf"
    yield from _visits_of_a_head(User.objects.get(username="joushi"))
    yield from _visits_of_hr(User.objects.get(username="jinji"), year)


def walk():
    """Return (name, address, cookies) of the pages that somebody opens one after the other."""
    form = f"/surveys/{open_round().fiscal_year}/"
    cookies = portal_cookies(User.objects.get(username="shokuin"))
    later = {"home": "/", "task list": form, "part 1": f"{form}parts/1/"}
    later |= {"part 2": f"{form}parts/2/", "part 3": f"{form}parts/3/", "part 6": f"{form}parts/6/"}
    later |= {"post picker": f"{form}parts/6/posts/post_1/", "check": f"{form}check/"}
    bureau = Bureau.objects.order_by("sort_order").first()
    later |= {"search": "/postings/", "bureau": f"/postings/map/{bureau.pk}/"}
    later |= {"skill": "/postings/skills/A3/", "news": "/postings/news/"}
    return [
        ("sign-in", "/accounts/login/", ""),
        *((name, path, cookies) for name, path in later.items()),
    ]


def _visits_of_posts(writer, form):
    """Pages of the catalogue; comparing and one bureau with what has most to show."""
    posts = PostDescription.objects.visible_to(writer).published()
    chosen = posts.filter(section__bureau=posts.first().section.bureau)[:3]
    yield writer, "search", "/postings/"
    yield writer, "search, words", f"/postings/?q={quote('企画 調整')}"
    yield writer, "post", f"/postings/{chosen[0].pk}/"
    yield writer, "post, PDF (no limit)", f"/postings/{chosen[0].pk}/sheet.pdf"
    compared = "&".join(f"post={post.pk}" for post in chosen)
    yield writer, "comparison", f"/postings/compare/?{compared}"
    yield writer, "kept posts", "/postings/kept/"
    yield writer, "map of the ministry", "/postings/map/"
    yield writer, "bureau", f"/postings/map/{chosen[0].section.bureau_id}/"
    yield writer, "skills", "/postings/skills/"
    yield writer, "skill", "/postings/skills/A3/"
    yield writer, "news", "/postings/news/"
    yield writer, "matches", f"{form}matches/"


def _visits_of_a_head(head):
    yield head, "staff", "/surveys/staff/"
    staff = Submission.objects.visible_to(head).of_staff_of(head)
    for submission in staff.order_by("-pk")[:1]:
        yield head, "form of staff", f"/surveys/readable/{submission.pk}/"


def _visits_of_hr(officer, year):
    yield officer, "progress", f"/surveys/rounds/{year}/progress/"
    section = Section.objects.filter(assignments__user=officer).first()
    yield officer, "section", f"/surveys/rounds/{year}/progress/sections/{section.pk}/"
    yield officer, "deadlines", f"/surveys/rounds/{year}/deadlines/"
    yield officer, "reminders", f"/surveys/rounds/{year}/reminders/"
    yield officer, "reminder, preview", f"/surveys/rounds/{year}/reminders/new/"
    yield officer, "forms", "/surveys/readable/"
    yield officer, "forms, last page", "/surveys/readable/?page=100000"
    yield officer, "forms by wish", "/surveys/readable/?field=b1_03_wish&timing=next_summer"
    yield officer, "exports", "/surveys/exports/"
    forms = Submission.objects.visible_to(officer).in_hr_scope_of(officer)
    submission = forms.select_related("survey").order_by("-pk").first()
    yield officer, "form of anybody", f"/surveys/readable/{submission.pk}/"
    yield officer, "one over the years", f"/surveys/readable/people/{submission.survey.user_id}/"


def _submission(year):
    """The submission in force of somebody who is not one of the fixed sign-ins."""
    submissions = Submission.objects.filter(
        survey__round__fiscal_year=year, survey__state=HopeSurvey.State.SUBMITTED
    )
    found = (
        submissions.filter(survey__user__is_demonstration=False)
        .select_related("survey__user")
        .order_by("pk")
        .first()
    )
    if found is None:
        raise Refusal("Nobody has handed a form in this year: take more --people")
    return found


def measure(server):
    """Print the table; return the promise about the slowest page."""
    say(
        f"pages: one request after the other, {REQUESTS} each; milliseconds at the client, CPU of web and database"
    )
    say(f"  {'':<12}{'':<24}{'median':>8}{'worst':>8}{'CPU':>8}{'raw kB':>9}")
    postmaster = database.postmaster()
    slowest = (0.0, "")
    cookies = {}
    for person, name, path in visits():
        who = person.username if person else ""
        if person and who not in cookies:
            cookies[who] = portal_cookies(person)
        is_pdf = path.endswith(".pdf")
        reader = Reader(path, cookies.get(who, ""), b"%%EOF" if is_pdf else b"</html>")
        drive(server.port, [reader] * 4, each=1)
        before = cpu_seconds(server.pid) + cpu_seconds(postmaster)
        outcome = drive(server.port, [reader], each=REQUESTS)
        used = cpu_seconds(server.pid) + cpu_seconds(postmaster) - before
        middle = median(outcome.milliseconds)
        say(
            f"  {who:<12}{name:<24}{middle:8.1f}{max(outcome.milliseconds):8.1f}"
            f"{used * 1000 / REQUESTS:8.1f}{len(outcome.last.body) / 1000:9.1f}"
        )
        if not is_pdf:
            slowest = max(slowest, (middle, f"{name} of {who or 'anybody'}"))
    return [
        Limit(f"slowest page, {slowest[1]}", slowest[0], at_most=MILLISECONDS_AT_MOST, unit=" ms")
    ]
