"""What a process can still do once it has given up the rest; tried in children, since nothing brings it back."""

import platform
import subprocess
import sys

import pytest

from models.audio import _child_environment


def child(code: str) -> subprocess.CompletedProcess[str]:
    program = f"from models import confined\nassert confined.no_way_out()\n{code}"
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        env=_child_environment(),
        check=False,
    )


linux = pytest.mark.skipif(platform.system() != "Linux", reason="the filter is the Linux kernel's")


@linux
@pytest.mark.parametrize(
    "way_out",
    [
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['/bin/true'])",
        "import os; os.execv('/bin/true', ['true'])",
    ],
)
def test_no_socket_is_opened_and_no_program_started(way_out):
    done = child(way_out)
    assert done.returncode == 1
    assert "PermissionError" in done.stderr


@linux
def test_files_and_threads_still_work():
    done = child(
        "import threading\nthread = threading.Thread(target=print, args=['here'])\nthread.start()\nthread.join()"
    )
    assert (done.returncode, done.stdout) == (0, "here\n")


def test_limits_hold():
    code = """
from models import confined
confined.limit(memory=1 << 29, cpu_seconds=5, file_bytes=1 << 16, files=16)
try: bytearray(1 << 30)
except MemoryError: print("memory")
import tempfile
with tempfile.TemporaryFile() as file:
    try: file.write(bytes(1 << 17)); file.flush()
    except OSError: print("file")
    try: held = [open(file.fileno(), closefd=False) for _ in range(2)]; import os; [os.dup(0) for _ in range(20)]
    except OSError: print("files")
    os.ftruncate(file.fileno(), 0); file.detach()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=_child_environment(), check=False
    )
    assert done.stdout.split() == ["memory", "file", "files"], done.stderr


def test_the_decoder_is_told_no_secret(monkeypatch):
    monkeypatch.setenv("ASSIST_SECRET", "hush")
    assert "hush" not in str(_child_environment())
