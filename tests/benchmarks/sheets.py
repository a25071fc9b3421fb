"""Feedback sheets: a release of the whole ministry by two workers, the engine by itself, fixing figures, growth."""

import os
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.db import transaction

from career_portal.common.pdf_engine import ASSETS, SCHEME
from career_portal.local.processes import Child
from career_portal.local.progress import Refusal
from career_portal.local.up import celery
from career_portal.staff.models import User
from surveys.feedback_sheets import preparing_services, steering_services
from surveys.feedback_sheets.assembling import assemble
from surveys.feedback_sheets.freezing_services import freeze_round
from surveys.feedback_sheets.rendering import STYLESHEET, sheet_html
from surveys.models import FeedbackRelease, FeedbackSheet, RoundFreeze, RoundUnit
from tests.benchmarks import growing, worker
from tests.benchmarks.accounting import cpu_seconds, peaks
from tests.benchmarks.database import postmaster
from tests.benchmarks.report import Limit, say

ADMIN = "shukei"
WORKERS = 2
SECONDS_TO_START, SECONDS_AT_MOST, PATIENCE = 60, 60, 300
ANSWERING = 8_000
ROUNDS, SHEETS_EACH = 3, 13
SIZES, SAMPLE = (50, 250, 1_000), 12

# A process that makes sheets as a worker does, the first of them before its clock starts.
MAKE = """
import sys, time, django
django.setup()
from surveys.feedback_sheets.making_services import make_sheet
first, *others = [int(pk) for pk in sys.argv[1].split(",")]
make_sheet(first)
began, used = time.perf_counter(), time.process_time()
for pk in others:
    make_sheet(pk)
print((time.perf_counter() - began) / len(others), (time.process_time() - used) / len(others))
"""
# The engine as its manual shows it: one parsed stylesheet, one set of fonts; the same pages and options.
PLAIN = """
import sys, time
from pathlib import Path
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
fonts = FontConfiguration()
style = CSS(filename=sys.argv[1], font_config=fonts)
def make(page, target):
    document = HTML(string=page)
    target.write_bytes(document.write_pdf(font_config=fonts, stylesheets=[style], pdf_variant="pdf/ua-1"))
folder = Path(sys.argv[1]).parent
first, *others = [(folder / f"{pk}.html", folder / f"{pk}.pdf") for pk in sys.argv[2].split(",")]
make(first[0].read_text(encoding="utf-8"), first[1])
began, used = time.perf_counter(), time.process_time()
for page, target in others:
    make(page.read_text(encoding="utf-8"), target)
print((time.perf_counter() - began) / len(others), (time.process_time() - used) / len(others))
"""


def measure():
    """Print the figures; return the promises."""
    admin = User.objects.get(username=ADMIN)
    freeze = RoundFreeze.objects.filter(round__closed_at__isnull=False).latest("round__fiscal_year")
    limits = [_fixing(freeze), _beside_the_engine(freeze, admin)]
    limits += _whole(freeze, admin)
    limits.append(_growth(freeze))
    return limits


def _fixing(freeze):
    """The figures of a round whose people are copied until so many have answered; then all is as it was."""
    with transaction.atomic():
        growing.answering(freeze, ANSWERING)
        started = time.perf_counter()
        made = freeze_round(freeze.round, reason="測定")
        seconds = time.perf_counter() - started
        answered = made.members.who_answered().count()
        transaction.set_rollback(True)
    if answered != ANSWERING:
        raise Refusal(f"The figures are those of {answered} people")
    say(f"sheets: the figures of {answered:,} people fixed in {seconds:.2f} s")
    return Limit(f"figures of {ANSWERING:,} people fixed", seconds, at_most=5, unit=" s")


def _whole(freeze, admin):
    """A release as its button starts it, until the last sheet is there: on the clock, by processor, by memory."""
    child = Child(
        name="bench-worker",
        command=[sys.executable, "-P", "-m", *celery("worker", f"--concurrency={WORKERS}")],
        environment=dict(os.environ),
        log=Path(os.environ["PORTAL_DATA_DIR"]) / "logs" / "bench-worker.log",
    )
    child.start()
    try:
        child.wait_until(lambda: "ready." in child.last_lines(), seconds=SECONDS_TO_START)
        before, started = cpu_seconds(child.process.pid), time.perf_counter()
        release = preparing_services.start_release(freeze, by=admin)
        prepared = time.perf_counter() - started
        child.wait_until(lambda: _is_made(release), seconds=PATIENCE, every=0.2)
        seconds = time.perf_counter() - started
        used = cpu_seconds(child.process.pid) - before
        memory = peaks(child.process.pid)
    finally:
        child.stop()
    sheets = release.sheets.count()
    size = sum(default_storage.size(sheet.file) for sheet in release.sheets.all()) / sheets / 1e3
    say(
        f"  release of {sheets} sheets, {WORKERS} workers: {seconds:.1f} s of which {prepared:.1f} s prepare it;"
        f" {sheets / (seconds - prepared):.1f} sheets/s, {used * 1000 / sheets:.0f} ms of the processor each, {size:.0f} kB each"
    )
    say(
        f"  other programs ran as well: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    say(f"  memory of each worker at most: {', '.join(f'{each:.0f} MB' for each in memory)}")
    return [
        Limit(
            f"all {sheets} sheets, {WORKERS} workers", seconds, at_most=SECONDS_AT_MOST, unit=" s"
        ),
        Limit("memory of the larger worker", max(memory), at_most=250, unit=" MB"),
    ]


def _is_made(release):
    release.refresh_from_db()
    failed = release.sheets.filter(state=FeedbackSheet.State.FAILED).count()
    if failed:
        raise Refusal(f"{failed} sheets failed")
    return release.state == FeedbackRelease.State.MADE


def _beside_the_engine(freeze, admin):
    """Assembling, drawing and storing, against the engine alone from the same pages to files; one process each, in turns."""
    release = preparing_services.prepare_release(freeze, by=admin)
    sheets = list(release.sheets.select_related("unit").order_by("-unit__level", "pk"))
    ours, plain = [], []
    with tempfile.TemporaryDirectory() as place:
        style = Path(place) / "sheet.css"
        style.write_text(_with_files(Path(finders.find(STYLESHEET)).read_text(encoding="utf-8")))
        for turn in range(ROUNDS):
            chosen = sheets[turn * SHEETS_EACH :][:SHEETS_EACH]
            for sheet in chosen:
                page = Path(place) / f"{sheet.pk}.html"
                page.write_text(sheet_html(assemble(sheet)), encoding="utf-8")
            ours.append(_paces(MAKE, chosen))
            plain.append(_paces(PLAIN, chosen, style))
    steering_services.cancel_release(release, by=admin)
    say(f"  a sheet in one process, medians of {ROUNDS} turns of {SHEETS_EACH - 1} sheets")
    for name, found in (("made as workers do", ours), ("plain engine, same page", plain)):
        clock, processor = (median(column) * 1000 for column in zip(*found, strict=True))
        say(f"    {name:<26}{clock:7.0f} ms{processor:7.0f} ms of the processor")
    ratio = median(alone[0] / whole[0] for whole, alone in zip(ours, plain, strict=True))
    return Limit("rate of making ÷ plain engine", ratio, at_least=0.9)


def _with_files(style):
    """The stylesheet with the addresses of files in place of the names of assets."""
    return re.sub(
        rf"url\({SCHEME}([^)]+)\)", lambda found: f"url({ASSETS[found[1]][0].as_uri()})", style
    )


def _paces(program, sheets, *before):
    """Seconds on the clock and of the processor for a sheet after the first."""
    said = worker.said_by(program, *before, ",".join(str(sheet.pk) for sheet in sheets))
    return float(said[-2]), float(said[-1])


def _growth(like):
    """What a section costs in a release of few and of many; preparing whole, drawing from a sample that stands for all.

    Seconds of the processor, those of the database included: other programs do not change them much.
    """
    say(f"  growth: ms of the processor for a section; {SAMPLE} sheets stand for all")
    say(f"    {'sections':>8}{'prepare':>10}{'make':>8}{'together':>10}{'÷ fewest':>10}")
    costs = []
    for sections in SIZES:
        release, prepared = _used(growing.frozen(like, sections))
        sheets = release.sheets.filter(unit__level=RoundUnit.Level.SECTION).order_by("pk")
        chosen = sheets[:: sections // SAMPLE][:SAMPLE]
        before = cpu_seconds(postmaster())
        _, made = _paces(MAKE, chosen)
        made += (cpu_seconds(postmaster()) - before) / SAMPLE
        costs.append(prepared / sections + made)
        say(
            f"    {sections:8,}{prepared / sections * 1000:10.1f}{made * 1000:8.0f}"
            f"{costs[-1] * 1000:10.0f}{costs[-1] / costs[0]:10.2f}"
        )
    return Limit(
        f"cost of a section at {SIZES[-1]:,} ÷ at {SIZES[0]}", costs[-1] / costs[0], at_most=1.25
    )


def _used(freeze):
    """The release of a freeze, and the seconds of the processor that preparing it took here and in the database."""
    here, there = time.process_time(), cpu_seconds(postmaster())
    release = preparing_services.prepare_release(freeze)
    return release, time.process_time() - here + cpu_seconds(postmaster()) - there
