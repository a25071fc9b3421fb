"""Mail servers that behave badly: backends for the edge, and a server that speaks SMTP over a real socket."""

import email
import email.policy
import socketserver
import threading
from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend


class RefusingServer(EmailBackend):
    """Takes no mail to addresses that begin with `bad`."""

    def send_messages(self, messages):
        (message,) = messages
        if message.to[0].startswith("bad"):
            raise SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
        return super().send_messages(messages)


class AbsentServer(BaseEmailBackend):
    """Cannot be reached; counts how often somebody tried."""

    tried = 0

    def open(self):
        type(self).tried += 1
        raise ConnectionRefusedError(111, "Connection refused")


class TakingNothing(BaseEmailBackend):
    """Says that it took no mail, without a reason."""

    def send_messages(self, messages):
        return 0


class MeetingServer(EmailBackend):
    """Two runs have to be at their first mail at the same moment."""

    together = threading.Barrier(2)
    met = False

    def open(self):
        if not self.met:
            self.met = True
            self.together.wait(timeout=30)


class SmtpServer(socketserver.ThreadingTCPServer):
    """Keeps what it received, refuses the addresses in `refused`, and hangs up afterwards if that offends it.

    `hang_ups` counts how many more mails it takes without saying so, closing the connection instead.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.received = []
        self.refused = set()
        self.is_offended_by_refusals = False
        self.hang_ups = 0
        self.connections = 0

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.shutdown()
        self.server_close()


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        self._say("220 test")
        while line := self.rfile.readline():
            words = line.decode().strip()
            command = words.upper()
            if (
                command.startswith("RCPT")
                and words.split("<")[1].rstrip(">") in self.server.refused
            ):
                self._say("550 no such user")
                if self.server.is_offended_by_refusals:
                    return
            elif command == "DATA":
                self._say("354 go on")
                self._take()
                if self.server.hang_ups:
                    self.server.hang_ups -= 1
                    return
                self._say("250 taken")
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.received.append(message)

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())
