"""A process that meets untrusted bytes gives up what it does not need: memory, time, files, programs, the network.

Limits come from setrlimit. On Linux the kernel also refuses system calls that the decoder never makes (a filter as in
seccomp(2); the numbers are those of the kernel's asm/unistd.h): no socket is opened and no program started, whatever
the bytes talk a library into. Where a kernel has no such filter the limits stay, and `no_way_out` says so.
"""

import contextlib
import ctypes
import platform
import resource
import struct

_SET_SECCOMP, _FILTER_MODE, _NO_NEW_PRIVILEGES = 22, 2, 38
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE_WITH_EACCES = 0x7FFF0000, 0x00050000 | 13
_AT_NUMBER, _AT_ARCHITECTURE = 0, 4

_MACHINES: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (0xC000003E, {"socket": 41, "connect": 42, "fork": 57, "vfork": 58, "execve": 59, "ptrace": 101,
                            "execveat": 322, "socketpair": 53, "io_uring_setup": 425}),
    "aarch64": (0xC00000B7, {"socket": 198, "connect": 203, "execve": 221, "ptrace": 117, "execveat": 281,
                             "socketpair": 199, "io_uring_setup": 425}),
}  # fmt: skip
"""By machine: the kernel's name of its architecture, and the numbers of the refused calls."""


def limit(*, memory: int, cpu_seconds: int, file_bytes: int, files: int = 64) -> None:
    """For this process and for good: address space and largest file in bytes, processor seconds, open files."""
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: files,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def no_way_out() -> bool:
    """Refuses this process sockets and other programs for good (EACCES); False where the kernel cannot."""
    machine = _MACHINES.get(platform.machine())
    if platform.system() != "Linux" or machine is None:
        return False
    program = _filter(*machine)
    library = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(program)
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(library.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.c_char_p(described), 0, 0) == 0)


def _filter(architecture: int, refused: dict[str, int]) -> bytes:
    """The filter in the kernel's form: calls of another architecture and the refused ones get EACCES, the rest pass."""
    numbers = sorted(refused.values())
    rows = [_row(_LOAD, _AT_ARCHITECTURE), _row(_EQUAL, architecture, 1, 0), _row(_RETURN, _REFUSE_WITH_EACCES)]
    rows.append(_row(_LOAD, _AT_NUMBER))
    rows += [_row(_EQUAL, number, len(numbers) - place, 0) for place, number in enumerate(numbers)]
    rows += [_row(_RETURN, _ALLOW), _row(_RETURN, _REFUSE_WITH_EACCES)]
    return b"".join(rows)


def _row(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
