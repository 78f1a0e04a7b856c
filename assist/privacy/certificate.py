"""The certificate of a deletion: what went, from where, what stays and why, and what a second search found. Signed with
the installation's key, so that anybody who has its public half can tell that nobody changed it."""

import hashlib
import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from assist.calls.recordings import path_of
from assist.config import Settings
from assist.people import audit
from assist.privacy import keys, payloads, places, probes
from assist.privacy.places import Named
from assist.store import Store
from assist.store.clock import moment, stamp
from assist.texts import N_, translate

FORMAT = "assist-deletion/1"
KEPT = {
    "ledger": N_(
        "The ledger of deletions: checksums of the recordings and a keyed hash of the customer, so that no backup "
        "brings them back."
    ),
    "audit": N_("The audit: who did what, with numbers of calls. It only grows and is the record of processing."),
    "agreements": N_(
        "What was agreed with agents in one-on-ones and the counts behind it, without anything that was said."
    ),
}


def issue(store: Store, deletion_id: int) -> dict[str, Any]:
    """Checks, signs and keeps the certificate, and ends the deletion; one that is there already is given back.

    A call that is still under lock leaves the deletion waiting; it gets another certificate when that is gone too.
    """
    body = _body(store, deletion_id)
    signed = body | {"signature": keys.signing(store.settings).sign(_canonical(body)).hex()}
    digest = sha256(signed)
    with store.write() as db:
        waiting = bool(body["locked"])
        state = "locked" if waiting else "done"
        values = {"certificate": json.dumps(signed, ensure_ascii=False), "digest": digest, "at": body["done_at"]}
        changed = db.execute(
            f"""UPDATE deletions SET certificate = :certificate, certificate_sha256 = :digest, done_at = :at,
                       state = '{state}', step = 'check' WHERE id = :id AND state = 'running'""",
            values | {"id": deletion_id},
        ).rowcount
        if changed:
            about = f"deletion:{deletion_id}"
            audit.record(store, None, "deletion.done", about, certificate=digest, clean=body["clean"], locked=waiting)
    return signed


def genuine(document: Any, public: str | None = None) -> bool:
    """Whether nobody changed the certificate. With `public` (64 hexadecimal digits) also whether that installation
    signed it, and not some other."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return False
    body = {name: value for name, value in document.items() if name != "signature"}
    signer = str(body.get("key", ""))
    if public is not None and signer != public:
        return False
    with suppress(InvalidSignature, ValueError, TypeError):
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer)).verify(
            bytes.fromhex(str(document.get("signature", ""))), _canonical(body)
        )
        return True
    return False


def sha256(document: dict[str, Any]) -> str:
    return hashlib.sha256(_canonical(document)).hexdigest()


def text(document: dict[str, Any], language: str) -> str:
    """As a page of plain text, for the customer's file."""

    def say(template: str, **facts: object) -> str:
        return translate(template, language) % facts

    asked = say(ASKED[document["asked_by"]])
    lines = [
        say(N_("Certificate of deletion no. %(number)s"), number=document["number"]),
        "",
        say(N_("Asked for by: %(who)s"), who=asked),
        say(N_("Reason: %(reason)s"), reason=document["reason"]),
        say(N_("Ordered: %(at)s by %(who)s"), at=document["ordered_at"], who=document["ordered_by"] or "—"),
        say(N_("Done: %(at)s"), at=document["done_at"]),
        say(N_("Customer (keyed hash): %(subject)s"), subject=document["subject"] or "—"),
        "",
        say(N_("Removed:")),
        *(f"  {say(title)}: {rows}" for title, rows in document["removed"].items()),
        say(N_("Recordings (SHA-256):")),
        *(f"  {one}" for one in document["recordings"]),
        *_locked_lines(document, say),
        "",
        say(N_("Searched again afterwards:")),
        *(f"  {say(one['what'])}: {one['found']}" for one in document["checks"]),
        say(CLEAN if document["clean"] else NOT_CLEAN),
        "",
        say(N_("Backups that still hold it:")),
        *([f"  {say(_BACKUP, **one)}" for one in document["backups"]] or [f"  {say(NO_BACKUP)}"]),
        say(N_("What stays, and why:")),
        *(f"  {say(text)}" for text in document["kept"]),
        "",
        say(N_("Key: %(key)s"), key=document["key"]),
        say(N_("Signature: %(signature)s"), signature=document["signature"]),
    ]
    return "\n".join(lines) + "\n"


ASKED = {
    "customer": N_("the customer themselves"),
    "authority": N_("an authority"),
    "company": N_("the company itself"),
    "ledger": N_("the ledger, after a restore"),
}
CLEAN = N_("Nothing was found.")
NOT_CLEAN = N_("Something was found: see the list, and ask whoever runs Assist.")
NO_BACKUP = N_("None is known to Assist.")
_BACKUP = N_("%(path)s of %(at)s, kept until %(until)s")


def _locked_lines(document: dict[str, Any], say: Any) -> list[str]:
    if not document["locked"]:
        return []
    lines = [f"  {one['sha256']}: {one['until'] or '—'} {one['why']}".rstrip() for one in document["locked"]]
    return [say(N_("Under lock until the law or a hold lets them go (SHA-256, until):")), *lines]


def _body(store: Store, deletion_id: int) -> dict[str, Any]:
    deed = store.row(
        """SELECT d.id AS number, d.subject, d.asked_by, d.reason, coalesce(u.name, '') AS ordered_by, d.ordered_at,
                  d.counts FROM deletions d LEFT JOIN users u ON u.id = d.ordered_by WHERE d.id = ?""",
        [deletion_id],
    )
    assert deed is not None
    rows = store.rows(
        "SELECT call_id, sha256, state, until, why FROM deletion_calls WHERE deletion_id = ?", [deletion_id]
    )
    gone = [row for row in rows if row["state"] == "gone"]
    named = Named(tuple(row["call_id"] for row in gone), tuple(row["sha256"] for row in gone))
    checks = _checks(store, deletion_id, named)
    removed = json.loads(deed.pop("counts"))
    return deed | {
        "format": FORMAT,
        "done_at": stamp(),
        "recordings": sorted(named.recordings),
        "removed": removed,
        "locked": [
            {name: row[name] for name in ("sha256", "until", "why")} for row in rows if row["state"] == "locked"
        ],
        "checks": checks,
        "clean": not any(one["found"] for one in checks),
        "backups": backups(store.settings, moment(deed["ordered_at"])),
        "kept": list(KEPT.values()),
        "key": keys.public(store.settings),
    }


def _checks(store: Store, deletion_id: int, named: Named) -> list[dict[str, Any]]:
    """The second search: rows, files, jobs, and sentences of the calls byte for byte in all files that hold words."""
    left = places.count(store, named)
    files = [sha for sha in named.recordings if path_of(store.settings, sha).exists()]
    cuts = [sha for sha in named.recordings if (store.settings.cuts / sha).exists()]
    wanted = probes.read(store.settings, deletion_id)
    bytes_ = probes.found_in_files(store.settings, wanted)
    return [
        {"what": N_("Rows of the database"), "found": sum(left.values()), "where": left},
        {"what": N_("Files of recordings"), "found": len(files)},
        {"what": N_("Sounds of clips"), "found": len(cuts)},
        {"what": N_("Jobs of the work queue"), "found": payloads.forget(store.settings, named.recordings)},
        {
            "what": N_("Sentences of the calls and the customer's number, byte for byte in all files"),
            "found": sum(bytes_.values()),
            "searched_for": len(wanted.needles()),
            "where": bytes_,
        },
    ]


def backups(settings: Settings, before: datetime) -> list[dict[str, str]]:
    """Backups made before a moment that are not known to be dropped, from the list that `assist backup` writes."""
    path = settings.data / "backups.jsonl"
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        with suppress(ValueError, KeyError, TypeError):
            told = json.loads(line)
            made, folder = moment(told["at"]), Path(told["path"])
            dropped = folder.parent.is_dir() and not folder.exists()  # another place may only be away for now
            if made <= before and not dropped:
                until = stamp(made + timedelta(days=settings.backup_days))[:10]
                found.append({"path": str(folder), "at": told["at"], "until": until})
    return found


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
