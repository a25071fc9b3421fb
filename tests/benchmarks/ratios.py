"""The pages and saves that everybody does at the deadline, against the least Django that could do them."""

import gzip
import random
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks import database
from tests.benchmarks.accounting import cpu_seconds
from tests.benchmarks.bare.questions import answered
from tests.benchmarks.client import Reader, Writer, drive
from tests.benchmarks.report import Limit, say
from tests.benchmarks.visitors import CSRF_TOKEN, bare_cookies, fillers, portal_cookies

CONNECTIONS = 8
WARMING = 12  # requests of each visitor before a cell counts
COUNTED = 3  # requests of each visitor while statements are counted
BARE_ANSWERS_SAVED = ("text_25", "text_26", *(f"scale_{number:02}" for number in range(1, 7)))


@dataclass
class Cell:
    """One kind of request: who asks whom, and what came of it in each round."""

    name: str
    server: str
    visitors: list
    outcomes: list = field(default_factory=list)
    web_ms: list = field(default_factory=list)
    database_ms: list = field(default_factory=list)
    statements: float | None = None

    @property
    def cpu_ms(self):
        return median(map(sum, zip(self.web_ms, self.database_ms, strict=True)))


def cells():
    people = fillers(CONNECTIONS)
    bare = [bare_cookies(filler.user) for filler in people]
    ours = [portal_cookies(filler.user) for filler in people]
    fields = {code: value for code, value in answered().items() if code in BARE_ANSWERS_SAVED}
    found = [
        Cell("bare page", "bare", [Reader("/form/", cookies) for cookies in bare]),
        Cell("bare save", "bare", [Writer("/save/", c, CSRF_TOKEN, fields) for c in bare]),
    ]
    for number in (1, 2, 3):
        visitors = [
            Reader(
                f"/surveys/{filler.year}/parts/{number}/", cookies, b'name="csrfmiddlewaretoken"'
            )
            for filler, cookies in zip(people, ours, strict=True)
        ]
        found.append(Cell(f"part {number}", "portal", visitors))
    savers = [
        Writer(
            f"/surveys/{filler.year}/parts/1/",
            cookies,
            CSRF_TOKEN,
            filler.answers[1],
            filler.versions[1],
        )
        for filler, cookies in zip(people, ours, strict=True)
    ]
    return {cell.name: cell for cell in [*found, Cell("autosave", "portal", savers)]}


def measure(servers, *, seconds, rounds):
    """Print the table; return what was promised and what was found."""
    table = cells()
    database.settle()
    postmaster = database.postmaster()
    order = list(table.values())
    for _ in range(rounds):
        random.shuffle(order)
        for cell in order:
            run(cell, servers[cell.server], postmaster, seconds)
    count(order, servers)
    describe(table)
    return [
        *limits(table, "part 3", "bare page", at_least=0.8, aim=1.2),
        *limits(table, "autosave", "bare save", at_least=0.45, aim=0.6),
    ]


def run(cell, server, postmaster, seconds):
    drive(server.port, cell.visitors, each=WARMING)
    web, base = cpu_seconds(server.pid), cpu_seconds(postmaster)
    outcome = drive(server.port, cell.visitors, seconds=seconds)
    cell.outcomes.append(outcome)
    cell.web_ms.append((cpu_seconds(server.pid) - web) * 1000 / outcome.requests)
    cell.database_ms.append((cpu_seconds(postmaster) - base) * 1000 / outcome.requests)


def count(order, servers):
    if not database.counts_statements():
        return
    with database.counting() as calls:
        for cell in order:
            drive(servers[cell.server].port, cell.visitors, each=1)
            before = calls()
            drive(servers[cell.server].port, cell.visitors, each=COUNTED)
            cell.statements = (calls() - before) / (COUNTED * len(cell.visitors))


def describe(table):
    say(f"ratios: {CONNECTIONS} connections, gunicorn gthread 2x4; medians of the rounds")
    say(
        "              req/s   p50 ms  p95 ms   CPU ms = web + database  (from - to)  "
        "statements   raw kB  gzip kB"
    )
    for cell in table.values():
        both = [sum(pair) for pair in zip(cell.web_ms, cell.database_ms, strict=True)]
        rate = median(outcome.requests / outcome.seconds for outcome in cell.outcomes)
        p50, p95 = (median(o.percentile(share) for o in cell.outcomes) for share in (0.5, 0.95))
        body = cell.outcomes[-1].last.body
        statements = "not counted" if cell.statements is None else f"{cell.statements:.1f}"
        say(
            f"  {cell.name:<10}{rate:9.0f}{p50:9.1f}{p95:8.1f}{cell.cpu_ms:9.2f} ="
            f"{median(cell.web_ms):5.2f} +{median(cell.database_ms):5.2f}"
            f"   ({min(both):5.2f} -{max(both):6.2f}){statements:>12}"
            f"{len(body) / 1000:9.1f}{len(gzip.compress(body, 6)) / 1000:9.1f}"
        )
    say("  One of the statements is the health check of the kept connection.")


def limits(table, ours, bare, *, at_least, aim):
    ratio = table[bare].cpu_ms / table[ours].cpu_ms
    statements = {"part 3": 8, "autosave": 10}[ours]
    yield Limit(f"{bare} ÷ {ours} in CPU ms", ratio, at_least=at_least, aim=aim)
    if table[ours].statements is not None:
        # The health check of the kept connection comes on top of what the request asks.
        yield Limit(f"statements of {ours}", table[ours].statements - 1, at_most=statements)
