"""The web app: JSON under /api, pages under /, static files. `assist serve` runs what `create_app` makes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.staticfiles import StaticFiles

from api import errors, pages, probes, routes
from api.context import Submit
from api.metrics import Measured, Metrics
from api.request_id import Named
from api.security import Guard
from assist import jobs
from assist.config import Settings
from assist.desk import Desk
from assist.store import Store

_STATIC = Path(__file__).parent / "static"

_ABOUT = """Everything the pages show, for machines.

Send a token as `Authorization: Bearer assist_…`; make one on your account page. It may do what its owner may do.
An error answers `{"error": {"code": "…", "message": "…"}}` with the status that fits; `code` is stable."""


def create_app(settings: Settings | None = None, submit: Submit = jobs.submit) -> FastAPI:
    """Opens the store; without `settings` they are the environment's. New calls go to `submit`. Raises SetupError."""
    settings = settings or Settings()
    store = Store(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        jobs.prepare(settings)
        yield
        jobs.close()
        store.close()

    app = FastAPI(
        title="Assist",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        generate_unique_id_function=_operation_id,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.store = store
    app.state.submit = submit
    app.state.desk = Desk(store)
    app.state.metrics = Metrics()
    errors.install(app)
    app.include_router(probes.router, tags=["system"])
    app.include_router(routes.router, prefix="/api")
    app.include_router(pages.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(Guard)
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.add_middleware(Named)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
