"""The embedded servers: made anywhere, private, durable, back after a sudden death."""

import os
import signal
import socket
import stat
from pathlib import Path

import psycopg2
import pytest
import redis

from mpp_tracker.runner import postgres
from mpp_tracker.runner.processes import Child, Program, Supervisor, start_ticks, stop_left_over
from mpp_tracker.runner.servers import Servers
from mpp_tracker.runner.state import State

from .conftest import Start, eventually, is_root, watched

pytestmark = pytest.mark.xdist_group("servers")


def ask(servers: Servers, question: str) -> object:
    connection = psycopg2.connect(servers.cluster.url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        connection.close()


def child_of(supervisor: Supervisor, name: str) -> Child:
    return next(child for child in supervisor.children if child.program.name == name)


def kill(child: Child) -> None:
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()


class TestServers:
    def test_start_in_a_path_with_spaces(self, start: Start) -> None:
        servers, _ = start()
        assert str(ask(servers, "SHOW server_version")).startswith("18.")
        assert redis.Redis.from_url(servers.broker.url).ping()

    def test_give_the_application_a_role_that_is_no_superuser(self, start: Start) -> None:
        servers, _ = start()
        assert ask(servers, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False

    def test_sort_as_production_does(self, start: Start) -> None:
        servers, _ = start()
        locale = ask(
            servers, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"
        )
        assert locale == "bC.UTF-8"

    def test_refuse_whoever_has_not_the_password(self, start: Start) -> None:
        servers, _ = start()
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(host="127.0.0.1", port=servers.cluster.port, user="mpp", dbname="mpp", password="guess")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=servers.broker.port).ping()

    def test_keep_their_secrets_from_other_users(self, start: Start) -> None:
        servers, _ = start()
        assert stat.S_IMODE(servers.state.folder.stat().st_mode) == 0o700
        for path in (servers.state.folder / "secrets").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_run_side_by_side(self, start: Start) -> None:
        first, _ = start("one")
        second, _ = start("two")
        ask(first, "CREATE TABLE only_in_the_first ()")
        assert ask(second, "SELECT to_regclass('only_in_the_first')") is None

    def test_keep_their_data_and_ports_from_run_to_run(self, start: Start) -> None:
        servers, supervisor = start()
        ask(servers, "CREATE TABLE kept ()")
        ports = servers.state.ports()
        supervisor.stop()
        servers, _ = start()
        assert servers.state.ports() == ports
        assert ask(servers, "SELECT to_regclass('kept')") == "kept"

    def test_take_another_port_when_theirs_is_taken(self, start: Start) -> None:
        servers, supervisor = start()
        before = servers.cluster.port
        supervisor.stop()
        with socket.socket() as stranger:
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stranger.bind(("127.0.0.1", before))
            stranger.listen()
            servers, _ = start()
            assert servers.cluster.port != before
            assert ask(servers, "SELECT 1") == 1

    def test_are_left_alone_when_others_are_given(self, spaced: Path) -> None:
        given = {"DATABASE_URL": "postgresql://elsewhere/mpp", "REDIS_URL": "redis://elsewhere/0"}
        servers = Servers(State(spaced / "one"), given=given)
        supervisor = Supervisor(servers.state, say=print)
        servers.start(supervisor)
        assert supervisor.children == []
        assert servers.environment().items() >= given.items()

    @pytest.mark.skipif(not is_root(), reason="only root can become somebody else")
    def test_run_as_nobody_where_root_has_no_namespaces(self, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MPP_POSTGRES_AS", "nobody")
        postgres.guise.cache_clear()
        try:
            servers, supervisor = start()
            server = child_of(supervisor, "postgres").process
            assert server is not None
            assert os.stat(f"/proc/{server.pid}").st_uid == postgres.NOBODY
            assert ask(servers, "SELECT 1") == 1
        finally:
            postgres.guise.cache_clear()


class TestKilledServer:
    def test_postgres_comes_back_with_all_that_was_committed(self, start: Start) -> None:
        servers, supervisor = start(durable=True)
        ask(servers, "CREATE TABLE arrivals (code text)")
        with watched(supervisor):
            ask(servers, "INSERT INTO arrivals VALUES ('JZ-4182')")
            kill(child_of(supervisor, "postgres"))
            eventually(servers.cluster.answers)
            assert ask(servers, "SELECT code FROM arrivals") == "JZ-4182"

    def test_valkey_comes_back_with_what_waited(self, start: Start) -> None:
        servers, supervisor = start(durable=True)
        with redis.Redis.from_url(servers.broker.url) as client:
            client.lpush("celery", "a task")
            client.execute_command("WAITAOF", 1, 0, 5000)
        with watched(supervisor):
            kill(child_of(supervisor, "valkey"))
            eventually(servers.broker.answers)
            with redis.Redis.from_url(servers.broker.url) as client:
                assert client.lrange("celery", 0, -1) == [b"a task"]


class TestStopLeftOver:
    def program(self, *command: str) -> Program:
        return Program(name="sleeper", command=command, healthy=lambda: True, patience_seconds=2)

    def test_stops_what_a_killed_run_left(self, spaced: Path) -> None:
        state = State(spaced)
        left = Child(self.program("sleep", "60"), state)
        left.start()
        assert left.process is not None
        stop_left_over(left.record)
        assert left.process.wait(5) == -signal.SIGTERM

    def test_spares_a_stranger_who_now_bears_the_number(self, spaced: Path) -> None:
        state = State(spaced)
        stranger = Child(self.program("sleep", "60"), state)
        stranger.start()
        assert stranger.process is not None
        stranger.record.write_text(f'{{"pid": {stranger.process.pid}, "started": 1, "signal": 15}}')
        stop_left_over(stranger.record)
        assert start_ticks(stranger.process.pid) is not None
        stranger.stop()

    def test_makes_the_deaf_stop_when_patience_is_over(self, spaced: Path) -> None:
        deaf = Child(self.program("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"), State(spaced))
        deaf.start()
        eventually(deaf.is_running)
        deaf.stop()
        assert not deaf.is_running()
