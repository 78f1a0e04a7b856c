"""The pages people see, one module each."""

from fastapi import APIRouter

from api.pages import (
    account,
    call,
    calls,
    coaching,
    comparing,
    corrections,
    docs,
    drafts,
    importing,
    insight,
    library,
    me,
    people,
    practice,
    queue,
    releasing,
    reviewing,
    rubric,
    sessions,
    sign_in,
    trials,
    upload,
    verdicts,
    versions,
)

router = APIRouter()
for module in (
    sign_in,
    calls,
    call,
    corrections,
    verdicts,
    upload,
    queue,
    coaching,
    sessions,
    releasing,
    me,
    practice,
    library,
    versions,
    drafts,
    reviewing,
    trials,
    rubric,
    comparing,
    importing,
    insight,
    people,
    account,
    docs,
):
    router.include_router(module.router)
