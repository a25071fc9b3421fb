"""Inside the virtual environment: chooses among the commands."""

from __future__ import annotations

import sys

from career_portal.local import bench, command, lint, test, up
from career_portal.local.bootstrap import INTERRUPTED
from career_portal.local.progress import Refusal

USAGE = """\
manage.py up      serve the portal with a demonstration ministry (--help lists the options)
manage.py test    run the tests; arguments go to pytest
                  (--mutate: break one rule after another and tell what no test notices)
manage.py lint    run the static checks
manage.py NAME    run one of these commands of Django on the same data:
"""
OWN_COMMANDS = {"up": up.main, "test": test.main, "lint": lint.main, "bench": bench.main}


def main(arguments: list[str]) -> int:
    try:
        if arguments[:1] and arguments[0] in OWN_COMMANDS:
            return OWN_COMMANDS[arguments[0]](arguments[1:])
        if not arguments or arguments[0] in {"help", "--help"}:
            print(USAGE)
        return command.main(arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
