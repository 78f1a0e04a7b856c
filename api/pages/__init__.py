"""The pages people see, one module each."""

from fastapi import APIRouter

from api.pages import (
    account,
    call,
    calls,
    comparing,
    corrections,
    docs,
    drafts,
    importing,
    insight,
    library,
    people,
    queue,
    releasing,
    reviewing,
    rubric,
    sign_in,
    trials,
    upload,
    versions,
)

router = APIRouter()
for module in (
    sign_in,
    calls,
    call,
    corrections,
    upload,
    queue,
    releasing,
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
