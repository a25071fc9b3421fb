import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from career_portal.local import postgres as postgres_module
from career_portal.local.data_directory import DataDirectory
from career_portal.local.postgres import Postgres, find_binaries, server_version
from career_portal.local.processes import servers_in
from career_portal.local.progress import Refusal
from tests.waiting import wait_for

ROWS = 200


@pytest.fixture
def server(data, account):
    server = Postgres(data, account)
    yield server
    server.stop()


def write_rows(server):
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("create table kept (number int)")
        for number in range(ROWS):
            connection.execute("insert into kept values (%s)", [number])


def count_rows(server):
    with psycopg.connect(server.url) as connection:
        return connection.execute("select count(*) from kept").fetchone()[0]


def processes_of(server):
    return servers_in(server.cluster)


def test_server_starts_stops_and_keeps_its_rows(server):
    server.start()
    write_rows(server)
    server.stop()
    assert processes_of(server) == []

    server.start()

    assert count_rows(server) == ROWS


def test_server_speaks_tcp_on_the_loopback_with_scram_and_utf8(server):
    server.start()

    with psycopg.connect(server.url) as connection:
        ask = lambda query: connection.execute(query).fetchone()[0]  # noqa: E731  three times
        assert ask("show listen_addresses") == "127.0.0.1"
        assert ask("show unix_socket_directories") == ""
        assert ask("select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolcanlogin")
        assert ask("show server_encoding") == "UTF8"
        # Case and letters are those of Unicode, the order is that of the code points.
        assert ask("select lower('Ａ') = 'ａ' and 'ア' ~ '^[[:alpha:]]$' and 'い' < 'ア'")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url.replace(server.data.secret("database-password"), "guess"))


@pytest.mark.parametrize("victims", ["postmaster", "everything"])
def test_killed_server_recovers_every_committed_row(server, victims):
    server.start()
    write_rows(server)
    postmaster = server.child.process.pid
    for pid in [postmaster] if victims == "postmaster" else processes_of(server):
        # The death of one may have ended another already.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not server.child.is_running)

    server.start()

    assert count_rows(server) == ROWS
    assert server.child.process.pid != postmaster


def test_lock_file_that_names_a_living_stranger_does_not_stop_the_start(server):
    server.start()
    server.stop()
    (server.cluster / "postmaster.pid").write_text(f"{os.getppid()}\n{server.cluster}\n")

    server.start()

    assert server.child.is_running


def test_path_may_hold_spaces_and_japanese(place, account):
    data = DataDirectory(place / "キャリア ポータル" / "データ 一")
    data.path.parent.mkdir(mode=0o711)
    data.prepare()
    server = Postgres(data, account)

    server.start()
    write_rows(server)
    assert count_rows(server) == ROWS
    server.stop()


def test_occupied_port_is_reported_with_the_log(server):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server.port = taken.getsockname()[1]

        with pytest.raises(Refusal, match="(?s)postgres ended at once.*could not bind"):
            server.start()


def test_cluster_made_half_is_made_anew(server):
    unfinished = server.cluster.parent / "cluster.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    server.start()

    assert server.child.is_running


def test_cluster_of_another_version_is_refused_with_both_versions(server):
    server.start()
    server.stop()
    (server.cluster / "PG_VERSION").write_text("14\n")

    with pytest.raises(Refusal, match="was made by PostgreSQL 14, the binaries are 1[5-8]"):
        server.start()


@pytest.mark.parametrize("content", ["nothing", "empty directory"])
def test_given_binaries_that_cannot_be_run_are_refused(tmp_path, monkeypatch, content):
    place = tmp_path / "bin"
    if content == "empty directory":
        place.mkdir()
    monkeypatch.setenv("PORTAL_PG_BIN", str(place))

    with pytest.raises(Refusal, match="PORTAL_PG_BIN is .* cannot be run there"):
        find_binaries(tmp_path, None)


def test_given_binaries_behind_a_closed_directory_are_refused(place, monkeypatch, account):
    if account is None:
        monkeypatch.setattr(postgres_module, "can_run", lambda program, account: False)
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for name in ("postgres", "initdb"):
        (closed / name).write_text("#!/bin/sh\n")
        (closed / name).chmod(0o755)
    monkeypatch.setenv("PORTAL_PG_BIN", str(closed))

    with pytest.raises(Refusal, match="cannot be run there"):
        find_binaries(place, account)


def test_given_binaries_are_used(place, monkeypatch, account):
    own = find_binaries(place, account)
    monkeypatch.setenv("PORTAL_PG_BIN", str(own))

    assert find_binaries(Path("/nowhere"), account) == own.resolve()
    assert 15 <= server_version(own) <= 18


def test_packaged_binaries_in_a_closed_directory_are_copied(data, monkeypatch, account, server):
    tried = []

    def can_run(program, account):
        tried.append(program)
        return len(tried) > 1

    monkeypatch.delenv("PORTAL_PG_BIN", raising=False)
    monkeypatch.setattr(postgres_module, "can_run", can_run)

    server.start()

    assert server.child.command[0].startswith(str(data.path))
