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

_PROBLEMS: dict[int | str, dict[str, Any]] = {status: {"model": Problem} for status in (401, 403, 404, 409, 422)}

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
