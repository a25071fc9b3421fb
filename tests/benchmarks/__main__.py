"""The report of ``manage.py bench``; the exit status is 1 when a promise is not kept."""

import signal
import sys

import django

from career_portal.local.bench import SECTIONS, parse
from career_portal.local.progress import Refusal
from tests.benchmarks.accounting import peak_memory
from tests.benchmarks.client import BadAnswer
from tests.benchmarks.loading import load
from tests.benchmarks.report import say


def main(arguments):
    options = parse(arguments)
    wanted = {options.only} if options.only else set(SECTIONS)
    limits = load(options.people, is_reported="load" in wanted)
    if wanted != {"load"}:
        django.setup()
        limits += measure(options, wanted)
    say()
    for limit in limits:
        say(str(limit))
    return 0 if all(limit.holds for limit in limits) else 1


def measure(options, wanted):
    # Models can be imported only once Django is set up.
    from tests.benchmarks import (  # noqa: PLC0415
        database,
        exports,
        imports,
        pages,
        ratios,
        searching,
        servers,
        sheets,
        weight,
    )

    limits = []
    if wanted & {"ratios", "pages", "search"}:
        database.make_bare_rows()
        with servers.both() as running:
            if "ratios" in wanted:
                limits += ratios.measure(running, seconds=options.seconds, rounds=options.rounds)
            if "pages" in wanted:
                limits += pages.measure(running["portal"])
                limits += weight.measure(running["portal"], pages.walk())
            if "search" in wanted:
                limits += searching.measure(running)
            say(f"memory: {peak_memory(running['portal'].pid):.0f} MB at most in a web worker")
    if "exports" in wanted:
        limits += exports.measure()
    if "posts" in wanted:
        limits += imports.measure()
    if "sheets" in wanted:
        limits += sheets.measure()
    return limits


if __name__ == "__main__":
    # A shell that starts commands in the background lets them ignore this.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except BadAnswer as answer:
        say(f"FAIL  a bad answer: {answer}")
        sys.exit(1)
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
