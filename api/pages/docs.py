"""The documentation of the API, without any other host."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.context import Visitor
from api.render import page

router = APIRouter()


@router.get("/api/docs")
def docs(request: Request, visitor: Visitor) -> Response:
    return page(request, "docs.html")
