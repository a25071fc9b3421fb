"""The portal and the bare reference under the same web server, side by side."""

import http.client
import os
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

from career_portal.local.postgres import free_port
from career_portal.local.processes import Child
from career_portal.local.up import gunicorn
from tests.benchmarks.client import HOST

PORTAL = ("portal", "career_portal.wsgi:application", "career_portal.settings.local")
BARE = ("bare", "django.core.wsgi:get_wsgi_application()", "tests.benchmarks.bare.settings")
SECONDS_TO_START = 60


class Server:
    def __init__(self, name, application, settings):
        self.port = free_port()
        words = [
            application if ":application" in word else word for word in gunicorn(HOST, self.port)
        ]
        self.child = Child(
            name=f"bench-{name}",
            command=[sys.executable, "-P", "-m", *words],
            environment={**os.environ, "DJANGO_SETTINGS_MODULE": settings},
            log=Path(os.environ["PORTAL_DATA_DIR"]) / "logs" / f"bench-{name}.log",
        )

    @property
    def pid(self):
        return self.child.process.pid

    def start(self):
        self.child.start()
        self.child.wait_until(self._serves, seconds=SECONDS_TO_START, every=0.2)

    def _serves(self):
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def both():
    """Start both and stop them at the end."""
    with ExitStack() as stack:
        servers = {}
        for kind in (PORTAL, BARE):
            server = servers[kind[0]] = Server(*kind)
            stack.callback(server.child.stop)
            server.start()
        yield servers
