"""The JSON API, one module each."""

from typing import Any

from fastapi import APIRouter, Depends, Security
from fastapi.security import HTTPBearer

from api.context import enter
from api.routes import (
    audit,
    calls,
    coaching,
    corrections,
    drafts,
    exports,
    insight,
    libraries,
    masking,
    nameless,
    own,
    people,
    privacy,
    queue,
    recordings,
    releasing,
    rules,
    sign_in,
    system,
    team,
    tokens,
    verdicts,
    work,
)
from api.routes.schemas import Problem

_WHY = {
    401: "Nobody signed in, or the token is no longer good",
    403: "Not for this role, or the token is not made for it",
    404: "There is no such thing, or it is not for you",
    409: "Not at this moment: somebody was faster, or something else comes first",
    413: "More was sent than is taken",
    422: "What was sent is missing something or cannot be",
    429: "Too often in a short time",
    503: "What it needs is not installed or not ready",
    507: "The disk is full",
}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": why} for status, why in _WHY.items()
}

_TOKEN = HTTPBearer(auto_error=False, description="A token from your account page")

router = APIRouter(responses=_PROBLEMS, dependencies=[Security(_TOKEN), Depends(enter)])
for module, tag in (
    (recordings, "recordings"),
    (calls, "calls"),
    (corrections, "calls"),
    (verdicts, "verdicts"),
    (queue, "queue"),
    (rules, "queue"),
    (coaching, "coaching"),
    (releasing, "calls"),
    (libraries, "libraries"),
    (nameless, "libraries"),
    (drafts, "drafts"),
    (insight, "insight"),
    (exports, "insight"),
    (own, "me"),
    (team, "team"),
    (tokens, "me"),
    (people, "people"),
    (privacy, "privacy"),
    (masking, "privacy"),
    (sign_in, "people"),
    (audit, "system"),
    (work, "system"),
    (system, "system"),
):
    router.include_router(module.router, tags=[tag])
