"""What can go wrong, by name. Each message says what happened, where, and what to do.

    AssistError
    ├── InputError            the given thing cannot be used; the person can mend it
    │   ├── RecordingError    … a recording
    │   ├── LibraryError      … a library, rubric or transcript file
    │   └── RequestError      … a form or request
    ├── AccessDenied          not signed in, or not allowed
    ├── NotFound              no such thing, or not for you (told apart to nobody)
    ├── Conflict              somebody else was faster
    └── SetupError            the installation lacks something

A message is an English template with named facts. The template is the key of its translation, so
`error.text("zh-CN")` says the same in the reader's language; `str(error)` is English.
"""

from typing import ClassVar

from assist.texts import N_, translate


class AssistError(Exception):
    """Base of all errors that people may see. `facts` fill the template."""

    message: ClassVar[str] = N_("Something went wrong. Look into the log and try again.")

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    @property
    def code(self) -> str:
        """Stable name for machines, e.g. `EmptyRecording`."""
        return type(self).__name__

    def text(self, language: str = "en") -> str:
        """The message in one line, in `language` (`zh-CN` or `en`)."""
        return translate(self.message, language) % self.facts

    def __str__(self) -> str:
        return self.text("en")


class InputError(AssistError):
    """What was given cannot be used."""


class RecordingError(InputError):
    """A recording cannot be used. Permanent: the same bytes fail again."""


class LibraryError(InputError):
    """A library, rubric or transcript file cannot be used."""


class RequestError(InputError):
    """A form or request is incomplete or wrong."""


class AccessDenied(AssistError):
    """Not signed in, or not allowed."""

    message = N_("You are not allowed to do this. Ask your administrator for the right.")


class NotFound(AssistError):
    """No such thing, or not for this person: the two look alike on purpose."""

    message = N_("This does not exist, or it is not shared with you.")


class Conflict(AssistError):
    """Somebody else was faster."""

    message = N_("Somebody changed this at the same moment. Load it again and retry.")


class SetupError(AssistError):
    """The installation lacks something."""
