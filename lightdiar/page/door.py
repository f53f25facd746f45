"""Who gets in: a secret path, the names of this machine, and nothing that another page could send.

The address that is printed and opened holds a key that opens the page once; a command line, which other users of the
machine can read, tells nobody anything afterwards. Everything else lives below a secret path. There is no cookie: those
of one port of a machine are sent to all its ports. Another name than that of this machine in the Host header means
that somebody's name leads here (DNS rebinding); another Origin on a request that changes something means that another
page sends it. No answer has a CORS header.
"""

import secrets
from collections.abc import Callable
from hmac import compare_digest

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}
_READING = ("GET", "HEAD")


class Door:
    """Lets requests through to an application if they know the secret path.

    Parameters
    ----------
    app : ASGI application
        Sees the path without the secret.
    port : int
        Where the server listens.
    announce : callable, optional
        Called with the new address when the last one has been used.
    """

    def __init__(self, app: ASGIApp, port: int, announce: Callable[[str], object] | None = None) -> None:
        self.app, self.port, self.announce = app, port, announce
        self.secret, self._key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)

    @property
    def address(self) -> str:
        """Opens the page once."""
        return f"http://127.0.0.1:{self.port}/?key={self._key}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets
            return
        answer = self._refusal(scope) or self._entrance(scope)
        if answer is None:
            path = scope["path"].split("/", 2)[2]
            inside = {**scope, "path": f"/{path}", "raw_path": f"/{path}".encode(), "root_path": ""}
            await self.app(inside, receive, _with_headers(send))
        else:
            await answer(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        """What is said to a request that comes from elsewhere."""
        headers = Headers(scope=scope)
        port = "" if self.port == 80 else f":{self.port}"  # which browsers leave out
        hosts = {f"{name}{port}" for name in ("127.0.0.1", "localhost")}
        host, origin = headers.get("host", ""), headers.get("origin")
        if len(headers.getlist("host")) != 1 or host not in hosts:
            return _refused("this page answers to 127.0.0.1 and localhost only")
        if origin != f"http://{host}" and not (origin is None and scope["method"] in _READING):
            return _refused("another page must not use this one")
        elsewhere = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if elsewhere and headers.get("sec-fetch-mode") != "navigate":  # somebody may click the address in a message
            return _refused("another page must not use this one")
        return None

    def _entrance(self, scope: Scope) -> Response | None:
        """Where the key leads, and what is said to those who know no secret; None to let them in."""
        parts = scope["path"].split("/", 2)
        if len(parts) == 3 and _same(parts[1], self.secret):
            return None
        key = scope["query_string"].decode("latin-1").removeprefix("key=")
        if not (scope["path"] == "/" and scope["method"] == "GET" and _same(key, self._key)):
            return _refused("this address is not valid, or has been opened before: the valid one is in the terminal")
        self._key = secrets.token_urlsafe(32)
        if self.announce:
            self.announce(self.address)
        return RedirectResponse(f"/{self.secret}/", 303)


def _same(one: str, other: str) -> bool:
    return compare_digest(one.encode(), other.encode())


def _refused(reason: str) -> Response:
    return PlainTextResponse(f"lightdiar: {reason}.\n", 403)


def _with_headers(send: Send) -> Send:
    """Send an answer with the headers that every answer has; one that has its own policy keeps it."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            more = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message["headers"] = [*message["headers"], *(pair for pair in more if pair[0] not in there)]
        await send(message)

    return sending
