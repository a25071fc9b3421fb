#!/usr/bin/env python3
"""``manage.py up`` starts the portal, ``manage.py test`` tests it; needs Python 3.11 only."""

import sys

from career_portal.local.bootstrap import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
