"""What guards every answer and request alike: headers, size, origin, and failures without words."""

import re
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from supervision.core.errors import NotAllowed
from supervision.web.problems import problem_of

MAX_BODY_BYTES = 1_000_000
# A photograph comes as a phone takes it; what is kept of it is smaller.
MAX_PHOTO_BYTES = 12_000_000
_PHOTOS = re.compile(r"PUT /api/v1/supervisees/\d+/photo|POST /supervisees/\d+/photo")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_OWN_ORIGIN = {"same-origin", "none"}

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
# The API's documentation starts itself by a script in its page, which holds no data.
_DOCS_POLICY = f"{_POLICY}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
# A person's own page may ask where he is, and its address, which opens it, goes nowhere else. On a
# check-in's page an officer attests from where he saw somebody.
PERSON_PATHS = "/c/"
# A patrol's address opens its packet; no search engine that came by it may keep it.
DISPATCH_PATHS = "/dispatch/"
_HERE = {"Permissions-Policy": "geolocation=(self), camera=(), microphone=()"}
_UNTOLD = {"Referrer-Policy": "no-referrer"}
_OTHERWISE = {
    PERSON_PATHS: _HERE | _UNTOLD,
    DISPATCH_PATHS: _UNTOLD | {"X-Robots-Tag": "noindex, nofollow, noarchive"},
    "/check-ins/": _HERE,
}
_CACHEABLE = ("/static/", "/static-offline-docs/")


class SecurityHeaders:
    """Sets the headers that keep answers in the agency's own browser tab, and out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the rest of the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _guard(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_guarded)


def _guard(headers: MutableHeaders, path: str) -> None:
    headers.update(_ALWAYS)
    for begin, otherwise in _OTHERWISE.items():
        if path.startswith(begin):
            headers.update(otherwise)
    headers["Content-Security-Policy"] = _DOCS_POLICY if path == "/docs" else _POLICY
    # Scripts are asked for again, so that an upgrade reaches the pages that are open.
    headers["Cache-Control"] = "no-cache" if path.startswith(_CACHEABLE) else "no-store"


class FailuresWithoutWords:
    """Turns an error nobody foresaw into a problem with an id, and keeps its message from logs."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the rest of the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        is_started = False

        async def send_watched(message: Message) -> None:
            nonlocal is_started
            is_started = is_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except Exception as error:  # noqa: BLE001 -- the last edge: told by id, logged without words
            problem = problem_of(error)
            if scope["type"] == "http" and not is_started:
                await problem.as_response()(scope, receive, send)


class OwnOriginOnly:
    """Refuses what a browser says another site made it send, before it reaches a route."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the rest of the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            site = Headers(scope=scope).get("sec-fetch-site", "none")
            if site not in _OWN_ORIGIN:
                refusal = problem_of(NotAllowed("Another site may not send this."))
                await refusal.as_response()(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies over a size, by what they declare and by what they turn out to be."""

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BODY_BYTES) -> None:
        """Wrap the rest of the application."""
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_photo = _PHOTOS.fullmatch(f"{scope['method']} {scope['path']}")
        most = MAX_PHOTO_BYTES if is_photo else self._max_bytes
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > most:
            await problem_of(_too_large(most)).as_response()(scope, receive, send)
            return
        received_bytes = 0

        async def receive_counted() -> Message:
            nonlocal received_bytes
            message = await receive()
            received_bytes += len(message.get("body", b""))
            if received_bytes > most:
                raise _too_large(most)
            return message

        await self._app(scope, receive_counted, send)


def _too_large(most_bytes: int) -> HTTPException:
    detail = f"A request may have at most {most_bytes:,} bytes."
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
