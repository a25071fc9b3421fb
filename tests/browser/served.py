"""A portal of real processes that browsers visit: gunicorn on a database of its own, with people in it."""

import http.client
import json
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

from career_portal.local.bootstrap import PROJECT
from career_portal.local.postgres import free_port
from career_portal.local.up import gunicorn
from tests.waiting import wait_for

PASSWORD = "correct horse battery"
PEOPLE = 320
SECONDS_TO_STOP = 15

# Staff in service who handed a form in last year and have none in the round that is open.
NEWCOMERS = """
    SELECT u.username FROM staff_user u
    JOIN staff_assignment a ON a.user_id = u.id AND NOT a.is_concurrent
      AND a.valid_from <= CURRENT_DATE AND (a.valid_until IS NULL OR a.valid_until > CURRENT_DATE)
    WHERE u.state = 'active' AND NOT u.is_demonstration AND a.position = 'member'
    AND EXISTS (SELECT FROM surveys_hopesurvey f JOIN surveys_surveyround r ON r.id = f.round_id
                WHERE f.user_id = u.id AND f.state = 'submitted' AND r.fiscal_year = %(year)s - 1)
    AND NOT EXISTS (SELECT FROM surveys_hopesurvey f JOIN surveys_surveyround r ON r.id = f.round_id
                    WHERE f.user_id = u.id AND r.fiscal_year = %(year)s)
    ORDER BY u.id
"""
WRITERS = """
    SELECT u.username FROM surveys_hopesurvey f
    JOIN staff_user u ON u.id = f.user_id JOIN surveys_surveyround r ON r.id = f.round_id
    WHERE r.fiscal_year = %(year)s AND f.state = %(state)s AND f.is_correcting = %(correcting)s
    AND NOT u.is_demonstration AND u.state = 'active'
    ORDER BY u.id
"""
ABSENT = """
    SELECT u.username FROM staff_user u JOIN staff_assignment a ON a.user_id = u.id
    WHERE u.state = 'active' AND NOT u.is_demonstration
    AND NOT EXISTS (SELECT FROM surveys_hopesurvey f JOIN surveys_surveyround r ON r.id = f.round_id
                    WHERE f.user_id = u.id AND r.fiscal_year = %(year)s - 1)
    ORDER BY u.id
"""
DRAFT = """
    SELECT d.answers, d.version FROM surveys_draftpart d
    JOIN surveys_hopesurvey f ON f.id = d.survey_id JOIN staff_user u ON u.id = f.user_id
    JOIN surveys_surveyround r ON r.id = f.round_id JOIN surveys_part p ON p.id = d.part_id
    WHERE u.username = %(username)s AND r.fiscal_year = %(year)s AND p.number = %(part)s
"""
READABLE = """
    SELECT f.current_submission_id FROM surveys_hopesurvey f
    JOIN surveys_surveyround r ON r.id = f.round_id JOIN staff_user u ON u.id = f.user_id
    WHERE r.fiscal_year = %(year)s AND f.state = 'submitted' AND NOT u.is_demonstration
    ORDER BY f.id
"""
SUBMISSIONS = """
    SELECT s.number, s.receipt_number FROM surveys_submission s
    JOIN surveys_hopesurvey f ON f.id = s.survey_id JOIN staff_user u ON u.id = f.user_id
    JOIN surveys_surveyround r ON r.id = f.round_id
    WHERE u.username = %(username)s AND r.fiscal_year = %(year)s ORDER BY s.number
"""
READ = """
    INSERT INTO audit_accessevent
      (reader_id, reader_name, capacity, subject_id, object_kind, object_id, part)
    SELECT 0, '山﨑　葵', k.capacity, u.id, 'hope_survey', f.current_submission_id, p.code
    FROM surveys_hopesurvey f JOIN staff_user u ON u.id = f.user_id
    JOIN surveys_surveyround r ON r.id = f.round_id
    JOIN surveys_part p ON p.questionnaire_id = r.questionnaire_id
    CROSS JOIN (VALUES ('上司'), ('人事（出力）')) k (capacity)
    WHERE u.username = %(username)s AND r.fiscal_year = %(year)s
"""
LOCAL_MAIL = """
    INSERT INTO mail_localmail (message_id, sender, recipient, subject, body)
    VALUES ('<local-mail@example.go.jp>', 'キャリアポータル <career-portal@example.go.jp>',
            '山田　太郎 <local-mail-of-somebody-with-a-long-address@example.go.jp>',
            '希望調書のお知らせ', E'山田　太郎 さん\\n\\nhttps://portal.example.go.jp/surveys/2026/')
    RETURNING id
"""
RUNNING = """
    SELECT jsonb_build_object(
      'section', (SELECT a.section_id FROM staff_assignment a WHERE a.valid_until IS NULL ORDER BY a.id LIMIT 1),
      'run', (SELECT w.id FROM surveys_reminderrun w WHERE w.round_id = r.id ORDER BY w.id LIMIT 1),
      'order', (SELECT e.id FROM surveys_formexport e WHERE e.round_id = r.id AND e.state = 'waiting' LIMIT 1),
      'person', (SELECT f.user_id FROM surveys_hopesurvey f JOIN staff_user u ON u.id = f.user_id
                 WHERE f.round_id = r.id AND f.state = 'submitted' AND NOT u.is_demonstration LIMIT 1))
    FROM surveys_surveyround r WHERE r.fiscal_year = %(year)s
"""
POSTS = """
    SELECT p.id, s.bureau_id FROM postings_postdescription p JOIN staff_section s ON s.id = p.section_id
    WHERE p.shown_id IS NOT NULL AND p.archived_on IS NULL ORDER BY p.id LIMIT 2
"""
BEING_WRITTEN = """
    SELECT jsonb_build_object(
      'draft', (SELECT v.post_id FROM postings_postversion v WHERE v.stage = 'draft' AND v.number > 1 LIMIT 1),
      'reviewed', v.post_id, 'number', v.number,
      'synonyms', (SELECT g.id FROM postings_synonymgroup g ORDER BY g.id LIMIT 1))
    FROM postings_postversion v WHERE v.stage = 'in_review' ORDER BY v.id LIMIT 1
"""
TALKS = """
    SELECT jsonb_build_object(
      'slot', (SELECT l.id FROM interviews_interviewslot l WHERE l.interviewer_id = h.id ORDER BY l.id LIMIT 1),
      'talk', (SELECT i.id FROM interviews_interview i WHERE i.interviewer_id = h.id AND i.state = 'booked' LIMIT 1),
      'talk_day', (SELECT lower(i.period)::date FROM interviews_interview i
                   WHERE i.interviewer_id = h.id AND i.state = 'booked' LIMIT 1),
      'held_talk', (SELECT r.interview_id FROM interviews_sharedrecord r ORDER BY r.id LIMIT 1),
      'action', (SELECT a.id FROM interviews_agreedaction a WHERE a.owner = 'interviewee' LIMIT 1),
      'proposal', (SELECT p.id FROM interviews_proposal p WHERE p.interviewer_id = h.id LIMIT 1),
      'talker', (SELECT i.interviewee_id FROM interviews_interview i
                 WHERE i.interviewer_id = h.id AND i.state = 'booked' LIMIT 1))
    FROM staff_user h WHERE h.username = 'joushi'
"""
KEEP = """
    INSERT INTO postings_keptpost (user_id, post_id, note)
    SELECT u.id, %(post)s, %(note)s FROM staff_user u WHERE u.username = %(username)s
    ON CONFLICT DO NOTHING
"""


class ServedPortal:
    """One per test run. `directory` takes its static files and its log."""

    def __init__(self, database_url, directory):
        self.server = database_url
        self.name = f"browser_{os.getpid()}"
        self.database_url = urlunsplit(urlsplit(database_url)._replace(path=f"/{self.name}"))
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = directory / "web.log"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "career_portal.settings.local",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": urlsplit(settings.CELERY_BROKER_URL)._replace(path="/8").geturl(),
            "PORTAL_DATA_DIR": str(directory),
            "PORTAL_SECRET_KEY": "only for browsers in tests, and long enough for that",
            "PORTAL_DEMO_PASSWORD": PASSWORD,
        }
        self.process = None
        self.year = None
        self._handed_out = set()
        self._sheets = {}

    def start(self):
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
        self._django("migrate", "--verbosity=0")
        self._django("load_demo", f"--people={PEOPLE}")
        self._django("collectstatic", "--no-input", "--verbosity=0")
        # Whoever is needed signs in with the one password; hashing it for each would take long.
        self.execute(
            "UPDATE staff_user SET password = s.password FROM staff_user s"
            " WHERE s.username = 'shokuin' AND staff_user.state = 'active'"
        )
        self.year = self.rows("SELECT max(fiscal_year) FROM surveys_surveyround")[0][0]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *gunicorn("127.0.0.1", self.port)],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_for(self._answers, seconds=30, every=0.1)
        return self

    def _django(self, *arguments):
        command = [sys.executable, "-m", "django", *arguments]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _answers(self):
        assert self.process.poll() is None, self.log.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/accounts/login/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self):
        if self.process:
            # At once: browsers keep their connections open.
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(SECONDS_TO_STOP)
        with psycopg.connect(self.server, autocommit=True) as connection:
            drop = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
            connection.execute(sql.SQL(drop).format(sql.Identifier(self.name)))

    def rows(self, query, **values):
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def execute(self, query, **values):
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(query, values).rowcount

    def newcomer(self):
        """The sign-in name of somebody, never the same twice, who has not begun this year's form."""
        return self._hand_out(self.rows(NEWCOMERS, year=self.year))

    def writer(self, state, *, correcting=False):
        """The sign-in name of somebody, never the same twice, whose form of this year is in a state."""
        return self._hand_out(
            self.rows(WRITERS, year=self.year, state=state, correcting=correcting)
        )

    def absent(self):
        """The sign-in name of somebody who wrote no form last year."""
        return self._hand_out(self.rows(ABSENT, year=self.year))

    def readable_by_hr(self):
        """The id of a current submission of this year that HR reads."""
        return self.rows(READABLE, year=self.year)[0][0]

    def rows_of_a_running_round(self):
        """Ids by name of what HR's pages of this year show: a section, a run of reminders, an order, a writer."""
        return self.rows(RUNNING, year=self.year)[0][0]

    def rows_of_posts(self):
        """Ids by name of what pages of posts show: two posts, the bureau of the first, posts being written."""
        (post, bureau), (other, _) = self.rows(POSTS)
        shown = {"post": post, "other_post": other, "bureau": bureau}
        return shown | self.rows(BEING_WRITTEN)[0][0] | self.rows(TALKS)[0][0]

    def have_kept(self, username, post, note=""):
        """Put a post on somebody's list."""
        self.execute(KEEP, username=username, post=post, note=note)

    def have_read(self, username):
        """Have the log say that every part of somebody's form of this year was read, and put into a file."""
        assert self.execute(READ, username=username, year=self.year)

    def local_mail(self):
        """The id of a mail that the local mailbox holds."""
        return self.rows(LOCAL_MAIL)[0][0]

    def _hand_out(self, found):
        username = next(name for (name,) in found if name not in self._handed_out)
        self._handed_out.add(username)
        return username

    def deliver_mails(self):
        """What the worker does each minute: no worker runs here."""
        self._django("shell", "-c", "from career_portal.mail import tasks; tasks.deliver_mails()")

    def work_on_imports(self):
        """What the worker does with uploaded files, as soon as they are there."""
        self._django("shell", "-c", "from postings import tasks; tasks.look_after_imports()")

    def sheets(self, what, year):
        """What a function of `tests.browser.sheets` makes in that year, and says of it; made once."""
        if (what, year) not in self._sheets:
            make = f"from tests.browser import sheets; sheets.say('{what}', {year})"
            self._sheets[what, year] = json.loads(
                self._django("shell", "--verbosity=0", "-c", make)
            )
        return self._sheets[what, year]

    def rows_of_sheets(self):
        """By name the years of rounds with feedback sheets, long before the others, and the ids of some of their sheets."""
        return {
            **self.sheets("published", self.year - 5),
            **self.sheets("running", self.year - 6),
            **self.sheets("coming", self.year - 8),
        }

    def draft(self, username, part):
        """The stored answers and the version of one part; nothing and 0 before the first save."""
        found = self.rows(DRAFT, username=username, year=self.year, part=part)
        return found[0] if found else ({}, 0)

    def submissions(self, username):
        """Number and receipt number of every version handed in this year."""
        return self.rows(SUBMISSIONS, username=username, year=self.year)
