"""The pages people see, one module each."""

from fastapi import APIRouter

from api.pages import account, call, calls, corrections, docs, library, people, queue, sign_in, upload

router = APIRouter()
for module in (sign_in, calls, call, corrections, upload, queue, library, people, account, docs):
    router.include_router(module.router)
