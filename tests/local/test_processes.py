import os
import signal
import subprocess
import threading

import pytest

from career_portal.local.processes import MARK, PROC, Child, end, marked
from career_portal.local.progress import Refusal
from career_portal.local.supervisor import MOST_RESTARTS, Supervisor, Watched, stop_together
from tests.waiting import wait_for


@pytest.fixture
def sleeper(tmp_path):
    child = Child("sleeper", ["sleep", "60"], dict(os.environ), tmp_path / "sleeper.log")
    yield child
    child.stop()


def is_alive(pid):
    """A killed process whose new parent has not looked after it yet is dead, too."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return state[:1] not in {"", "Z"}


def test_leftovers_are_those_with_our_mark_and_nobody_else(tmp_path):
    marks = {"ours": tmp_path, "neighbour": tmp_path / "other"}
    running = {
        name: subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: str(mark)})
        for name, mark in marks.items()
    }
    running["stranger"] = subprocess.Popen(["sleep", "60"], cwd=tmp_path)
    try:
        # Until the program is loaded the mark cannot be read.
        for process in running.values():
            comm = PROC / str(process.pid) / "comm"
            wait_for(lambda comm=comm: comm.read_text() == "sleep\n")
        reaper = threading.Thread(target=running["ours"].wait)
        reaper.start()

        end(lambda: marked(tmp_path))

        reaper.join()
        assert running["ours"].returncode == -signal.SIGTERM
        assert running["neighbour"].poll() is None
        assert running["stranger"].poll() is None
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def test_child_that_ends_at_once_shows_the_end_of_its_log(tmp_path):
    child = Child("web", ["sh", "-c", "echo no such module; exit 3"], {}, tmp_path / "web.log")
    child.start()

    with pytest.raises(Refusal, match="(?s)web ended at once.*no such module"):
        child.wait_until(lambda: False, seconds=10)


def test_child_that_ignores_a_stop_is_killed_with_its_children(tmp_path):
    script = "trap '' TERM; sleep 60 & echo $!; while :; do wait; done"
    child = Child(
        "stubborn", ["sh", "-c", script], dict(os.environ), tmp_path / "log", patience=0.3
    )
    child.start()
    grandchild = int(wait_for(lambda: child.log.read_text().strip()))

    child.stop()

    assert not child.is_running
    wait_for(lambda: not is_alive(grandchild))


def test_supervisor_starts_again_what_died(sleeper, capsys):
    sleeper.start()
    first = sleeper.process.pid
    supervisor = Supervisor()
    watching = threading.Thread(
        target=supervisor.watch, args=([Watched(sleeper, sleeper.start_again)],)
    )
    watching.start()

    os.kill(first, signal.SIGKILL)
    wait_for(lambda: sleeper.process.pid != first)
    supervisor.stop_asked.set()
    watching.join()

    assert sleeper.is_running
    assert "sleeper ended unexpectedly" in capsys.readouterr().out


def test_supervisor_gives_up_on_what_dies_again_and_again(tmp_path):
    child = Child("web", ["sh", "-c", "echo broken"], {}, tmp_path / "web.log")
    supervisor = Supervisor()
    child.start()
    for _ in range(MOST_RESTARTS):
        supervisor.note_death(child)
    child.process.wait()

    with pytest.raises(Refusal, match="(?s)web ended 6 times within a minute.*broken"):
        supervisor.note_death(child)


def test_stopping_together_stops_all(tmp_path):
    children = [
        Child(str(number), ["sleep", "60"], dict(os.environ), tmp_path / str(number))
        for number in range(2)
    ]
    for child in children:
        child.start()

    stop_together(children)

    assert not any(child.is_running for child in children)
