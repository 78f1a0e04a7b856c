"""Recordings come in: one request each, the bytes as they are, streamed to disk."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.context import SignedIn, StoreHere, SubmitHere
from api.forms import details_of
from api.intake import announced, facts, manifest_of, plain
from api.language import language
from api.routes.schemas import FileDetails, PreviewIn, PreviewOut, Received, call_out
from assist.calls import calls
from assist.calls.details import Details
from assist.calls.recordings import Intake, Recording
from assist.people import access
from assist.store import Store

router = APIRouter()

_BYTES = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


_KNOWN: dict[int | str, dict[str, Any]] = {200: {"model": Received, "description": "These bytes were here before"}}


@router.put("/recordings", status_code=201, openapi_extra=_BYTES, responses=_KNOWN)
async def put_recording(
    request: Request,
    response: Response,
    store: StoreHere,
    user: SignedIn,
    submit: SubmitHere,
    name: Annotated[str, Query(max_length=1000, description="File name; it may tell agent, time and campaign")],
    agent: Annotated[str, Query(max_length=100, description="Id, sign-in name or name of the agent")] = "",
    campaign: Annotated[str, Query(max_length=100)] = "",
    called_at: Annotated[str, Query(max_length=40, description="ISO 8601; without a zone, in the site's zone")] = "",
    direction: Annotated[str, Query(max_length=20, description="outbound or inbound")] = "",
    customer: Annotated[str, Query(max_length=200)] = "",
) -> Received:
    """Store a recording and begin to work on it. 200 instead of 201 where the same bytes were here before."""
    access.require(user, "call.upload")
    details = details_of(agent, campaign, called_at, direction, customer)
    announced(request, store)
    with Intake(store, name) as intake:
        async for chunk in request.stream():
            if chunk:
                await run_in_threadpool(intake.write, chunk)
        recording = await run_in_threadpool(intake.finish)

    def enter(recording: Recording, details: Details, store: Store) -> Received:
        call, created = calls.add(store, user, recording, details)
        submit(store, call.id)
        return Received(call=call_out(call, language(request)), created=created)

    received = await run_in_threadpool(enter, recording, details, store)
    if not received.created:
        response.status_code = 200
    return received


@router.post("/recordings/preview")
def preview_recordings(request: Request, store: StoreHere, user: SignedIn, asked: PreviewIn) -> PreviewOut:
    """What manifest and file names tell of files that are about to be sent. A mistake in the manifest is told with its
    line."""
    access.require(user, "call.upload")
    told = manifest_of(asked.manifest)
    tag = language(request)
    files = [
        FileDetails(name=name, facts=facts(store, name, told.get(name), tag), manifest=plain(told.get(name)))
        for name in asked.names[:5000]
    ]
    return PreviewOut(files=files)
