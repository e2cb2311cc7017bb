"""The web application of a preview: routes, what browsers may do with its pages, errors as pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from mimetypes import guess_type
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from cms_models.errors import TargetError, TargetRefusedError
from cms_models.media_store import PIECE_BYTES, MediaStore
from flows.preview import documents, pages
from flows.settings import SiteSettings
from flows.wiring import Target

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "testserver")
"""Names under which a browser may ask: another site's name that leads here could read drafts."""


def create_app(target: Target) -> FastAPI:
    """Return the application that shows one site."""
    app = FastAPI(
        title=f"wpferry preview of {target.key}", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json"
    )
    app.state.target = target
    app.state.media = MediaStore(target.media_url)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK, www_redirect=False)
    app.middleware("http")(_with_headers(content_policy(target.settings)))
    for kind in (AnyHTTPException, RequestValidationError, TargetError, Exception):
        app.add_exception_handler(kind, _explained)
    app.include_router(documents.router)
    media = f"{pages.media_prefix(target.settings)}{{folder}}/{{subfolder}}/{{name}}"  # as keys of the store are made
    app.add_api_route(media, stored_file, include_in_schema=False)
    app.include_router(pages.router)
    return app


def content_policy(settings: SiteSettings) -> str:
    """Return what a browser may load and run: nothing of others but frames of hosts that bodies may show."""
    base = urlsplit(settings.media_base_url)
    elsewhere = f" {base.scheme}://{base.netloc}" if base.netloc else ""
    frames = " ".join(f"https://{host} https://*.{host}" for host in sorted(settings.rules().embed_hosts))
    return "; ".join((
        "default-src 'none'",
        f"img-src 'self' data:{elsewhere}",
        f"media-src 'self'{elsewhere}",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",  # sanitised: widths and alignments of bodies
        f"frame-src {frames}",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ))  # fmt: skip


def stored_file(request: Request, folder: str, subfolder: str, name: str) -> StreamingResponse:
    """Return a file of the media store."""
    key = f"{folder}/{subfolder}/{name}"
    media: MediaStore = request.app.state.media
    try:
        file = media.open(key)
    except (ValueError, TargetRefusedError):
        raise HTTPException(404, "The media store has no such file.") from None

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    headers = {"Cache-Control": "max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return StreamingResponse(pieces(), media_type=guess_type(key)[0] or "application/octet-stream", headers=headers)


def _with_headers(policy: str) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }

    async def answer(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def _explained(request: Request, error: Exception) -> Response:
    """Return an error as people, or programs, read it."""
    if isinstance(error, RequestValidationError):
        wrong = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
        code, sentence = 400, f"The address asks for something that cannot be: {wrong}."
    elif isinstance(error, AnyHTTPException):
        code, sentence = error.status_code, str(error.detail)
    elif isinstance(error, TargetError):
        code, sentence = 503, str(error)
    else:
        code, sentence = 500, "This page cannot be made. That is a fault of wpferry's; the terminal says more."
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": sentence}, code)
    return pages.page(request, None, "problem.html", code, code=code, sentence=sentence)
