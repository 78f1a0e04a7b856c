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
    library,
    people,
    queue,
    reviewing,
    sign_in,
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
    library,
    versions,
    drafts,
    reviewing,
    comparing,
    importing,
    people,
    account,
    docs,
):
    router.include_router(module.router)
