"""What is known of files before they are sent, and what can be refused before it is read."""

from starlette.requests import Request

from assist.calls import filenames, manifest
from assist.calls.details import Details
from assist.calls.refusals import TooBig
from assist.fleet import bounds
from assist.store import Store
from assist.texts import N_, translate

_BY_MANIFEST = N_("From the manifest: %(facts)s")
_BY_NAME = N_("From the file name: %(facts)s")


def announced(request: Request, store: Store) -> None:
    """Refuses before a byte is read: by the announced length, and while too much waits. Raises TooBig, QueueFull."""
    length, most = request.headers.get("content-length", ""), store.settings.max_upload_bytes
    if length.isdecimal() and int(length) > most:
        raise TooBig(most=most // 1024**2)
    bounds.require_room(store)


def manifest_of(source: bytes | None) -> dict[str, Details]:
    """The details of each file a manifest lists, by the last part of its name. Raises ManifestError."""
    entries = manifest.loads(source) if source else {}
    return {name.replace("\\", "/").rsplit("/", 1)[-1]: entry.details for name, entry in entries.items()}


def plain(details: Details | None) -> dict[str, str]:
    """Details as the fields of a form."""
    if details is None:
        return {}
    called_at = details.called_at.isoformat() if details.called_at else None
    given = {
        "agent": details.agent,
        "campaign": details.campaign,
        "called_at": called_at,
        "direction": details.direction,
        "customer": details.customer,
    }
    return {key: value for key, value in given.items() if value}


def facts(store: Store, name: str, details: Details | None, language: str) -> str:
    """One line that says what is known of a file, empty where nothing is."""
    if details is not None:
        template, known = _BY_MANIFEST, (details.agent, details.called_at, details.campaign, details.customer)
    else:
        guess = filenames.read(store.settings, name)
        template, known = _BY_NAME, (guess.agent, guess.called_at, guess.campaign, guess.customer)
    shown = [f"{fact:%Y-%m-%d %H:%M}" if hasattr(fact, "hour") else str(fact) for fact in known if fact]
    return translate(template, language) % {"facts": " · ".join(shown)} if shown else ""
