"""A PostgreSQL server of the tests' own: Debian's programs, a temporary folder, an address of this machine alone."""

import os
import pwd
import shutil
import socket
import subprocess
from itertools import count
from pathlib import Path

import psycopg

INSTALLED = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of the newest server there is."""
    found = sorted(INSTALLED.glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).parent if on_path else None


class Server:
    """Durable against the death of its clients, not of the machine: it need not wait for the disk."""

    def __init__(self, folder: Path) -> None:
        bin_folder = programs()
        assert bin_folder is not None
        self._bin, self._data, self._port = bin_folder, folder / "cluster", _free_port()
        self._numbers = count()
        folder.chmod(0o755)
        self._data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self._data, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", self._data, "-U", "assist", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        options = f"-p {self._port} -h 127.0.0.1 -k {self._data} -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", self._data / "log", "-w", "-t", "60", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def database(self, template: str = "template1") -> str:
        """The address of a new database, empty or like another one that nobody is connected to."""
        name = f"jobs{next(self._numbers)}"
        with psycopg.connect(f"{self._address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template.rpartition('/')[2]}")
        return f"{self._address}/{name}"

    @property
    def _address(self) -> str:
        return f"postgresql://assist@127.0.0.1:{self._port}"

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._bin / program), *map(str, arguments)]
        if os.geteuid() == 0:  # a server refuses to run as root
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=120, check=False, text=True)  # fmt: skip
        assert done.returncode == 0, f"{program}: {done.stderr}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
