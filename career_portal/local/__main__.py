"""Inside the virtual environment: chooses among the commands."""

from __future__ import annotations

import sys

from career_portal.local import command, lint, test, up
from career_portal.local.progress import Refusal

OWN_COMMANDS = {"up": up.main, "test": test.main, "lint": lint.main}


def main(arguments: list[str]) -> int:
    try:
        if arguments[:1] and arguments[0] in OWN_COMMANDS:
            return OWN_COMMANDS[arguments[0]](arguments[1:])
        return command.main(arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
