"""What commands say to the person at the terminal: one line a fault, in their language; progress where they watch."""

import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from pydantic import ValidationError

from assist.errors import AssistError, RecordingError
from assist.texts import N_, language_of, translate

FAILED = 1
INTERRUPTED = 130

_UNEXPECTED = N_("Something unexpected went wrong (%(kind)s: %(what)s). Run it again with --debug to see where.")
_INTERRUPTED = N_("Interrupted. Nothing was changed.")
_BAD_SETTING = N_("The setting %(name)s cannot be used: %(what)s. Correct it in the environment or in the file .env.")
_NO_MEMORY = N_("The machine ran out of memory. Close other programs, or take a smaller recording or model.")


def language(environment: Mapping[str, str] | None = None) -> str:
    """Language of the terminal: ASSIST_LANGUAGE, else the locale; a locale of neither language reads English."""
    known = os.environ if environment is None else environment
    if known.get("ASSIST_LANGUAGE"):
        return language_of(known["ASSIST_LANGUAGE"])
    locale = known.get("LC_ALL") or known.get("LC_MESSAGES") or known.get("LANG") or ""
    return "zh-CN" if locale.lower().startswith("zh") else "en"


def printable(name: object, most: int = 80) -> str:
    """A file name fit for one line of a terminal: no control characters, its middle left out where it is long."""
    text = "".join(char if char.isprintable() else "?" for char in str(name))
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 :]}"


def one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


@contextmanager
def one_line_errors(debug: bool, about: Path | None = None) -> Iterator[None]:
    """Whatever goes wrong inside ends the program with one line on stderr; `about` is named before it.

    With `debug` the traceback is shown as well. Warnings and logs of libraries are kept off the terminal.
    """
    if not debug:
        warnings.simplefilter("ignore")
        logging.getLogger().addHandler(logging.NullHandler())
    try:
        yield
    except (click.exceptions.Exit, click.UsageError):
        raise
    except (KeyboardInterrupt, click.Abort):
        _leave(translate(_INTERRUPTED, language()), INTERRUPTED)
    except BrokenPipeError:
        _leave_quietly()
    except Exception as error:
        if debug:
            traceback.print_exc()
        named = f"{printable(about.name)}: " if about and isinstance(error, RecordingError) else ""
        _leave(named + explained(error))


def explained(error: Exception) -> str:
    """What went wrong, in the language of the terminal."""
    if isinstance(error, AssistError):
        return error.text(language())
    if isinstance(error, MemoryError):
        return translate(_NO_MEMORY, language())
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        name = "_".join(map(str, fault["loc"])).upper()
        return translate(_BAD_SETTING, language()) % {"name": f"ASSIST_{name}", "what": fault["msg"]}
    return translate(_UNEXPECTED, language()) % {"kind": type(error).__name__, "what": error}


def _leave(message: str, code: int = FAILED) -> None:
    clear_progress()
    click.echo(one_line(message), err=True)
    raise click.exceptions.Exit(code)


def _leave_quietly() -> None:
    """The reader of our output has gone: give the rest to nobody, so that closing the stream does not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise click.exceptions.Exit(FAILED)


_STEPS = {"decoding": N_("decoding"), "transcribing": N_("transcribing"), "judging": N_("judging")}


def progress_line(about: str) -> Callable[[str, float], None]:
    """A reporter of progress that rewrites one line of a terminal, and says nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda step, share: None

    def report(step: str, share: float) -> None:
        name = translate(_STEPS.get(step, step), language())
        sys.stderr.write(f"\r\033[K{printable(about, 40)}  {name} {share:4.0%}")
        sys.stderr.flush()

    return report


def clear_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
