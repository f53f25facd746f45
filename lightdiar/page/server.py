"""The server of the page: its addresses, and what each does.

Everything is below the secret path of `lightdiar.page.door`. The page sends a sound as the body of a request, which is
never in memory whole, asks how its job goes, and sends corrections. What can be saved it holds itself, so that nothing
is lost when the server stops.
"""

import json
import mimetypes
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from lightdiar.common.notation import LANGUAGES
from lightdiar.page.corrections import Correction
from lightdiar.page.door import Door
from lightdiar.page.problems import told
from lightdiar.page.scratch import scratch_folder
from lightdiar.page.session import Recording, Session
from lightdiar.page.uploads import LARGEST, receive_file, sent_name
from lightdiar.page.words import page_html
from lightdiar.page.work import Job, Work

_HERE = Path(__file__).parent
_FOLDERS = _HERE / "assets", _HERE.parent / "show" / "assets"
_TYPES = {".js": "text/javascript", ".css": "text/css"}
_ASSETS = {path.name: path for folder in _FOLDERS for path in folder.iterdir() if path.suffix in _TYPES}
_LARGEST_CORRECTION = 1_000_000  # bytes
_LARGEST_VOICES = 64_000_000
_PATIENCE = 2  # seconds for what is being sent when the server ends: a player may hold its connection for ever
_IDLE = 600  # seconds that a connection may be idle: the browser reuses it, and one that has just closed is an error
_NO_DOCUMENT = {"Content-Security-Policy": "default-src 'none'; sandbox"}  # a sound can be HTML at the same time


def serve(work: Work, *, announce: Callable[[str], object], port: int | None = None, language: str = "en") -> None:
    """Serve the page until the process is told to end; nothing is left behind.

    Parameters
    ----------
    work : Work
        Closed at the end.
    announce : callable
        Called with the address that opens the page, and with the next one each time it has been used.
    port : int, optional
        By default, one that is free.
    language : {"en", "fr"}

    Raises
    ------
    ValueError
        If the port cannot be used.
    """
    with listening(port) as sock, scratch_folder() as folder, closing(work):  # who reads in the folder ends first
        session = Session(folder, work)
        session.warm_up()
        door = Door(application(session, language), sock.getsockname()[1], announce)
        server_of(door, lambda: announce(door.address)).run([sock])


class _Server(uvicorn.Server):
    """A server that says when it has begun: from then on, a signal ends it in order."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], object]) -> None:
        super().__init__(config)
        self.begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.begun()


def server_of(door: Door, begun: Callable[[], object] = lambda: None) -> uvicorn.Server:
    """A server that says nothing of itself, calls `begun` when it answers, and trusts no proxy."""
    config = uvicorn.Config(
        door,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_PATIENCE,
    )
    return _Server(config, begun)


def listening(port: int | None) -> socket.socket:
    """A socket that only this machine can reach, and that nobody else can take over."""
    sock = socket.socket()
    alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)  # of Windows, where SO_REUSEADDR lets others in
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR if alone is None else alone, 1)
    try:
        sock.bind(("127.0.0.1", port or 0))
        sock.listen()
    except (OSError, OverflowError) as error:
        sock.close()
        reason = error.strerror if isinstance(error, OSError) else "ports are numbers from 1 to 65535"
        raise ValueError(f"--port {port}: {reason}; leave it out, and a free one is taken.") from None
    return sock


def application(session: Session, language: str = "en") -> Starlette:
    """The page of a session, without its door."""
    pages = _Addresses(session, language)
    routes = [
        Route("/", pages.page),
        Route("/assets/{name}", pages.asset),
        Route("/alive", pages.alive),
        Route("/state", pages.state),
        Route("/jobs/{number:int}", pages.job),
        Route("/jobs/{number:int}", pages.stop, methods=["DELETE"]),
        Route("/recordings", pages.add_recording, methods=["POST"]),
        Route("/recordings/{number:int}", pages.forget, methods=["DELETE"]),
        Route("/recordings/{number:int}/corrections", pages.correct, methods=["PATCH"]),
        Route("/recordings/{number:int}/corrections", pages.undo, methods=["DELETE"]),
        Route("/recordings/{number:int}/sound", pages.sound),
        Route("/recordings/{number:int}/files", pages.files),
        Route("/people", pages.enrol, methods=["POST"]),
        Route("/people", pages.load_voices, methods=["PUT"]),
        Route("/people", pages.remove_person, methods=["DELETE"]),
        Route("/people/file", pages.voices_file),
        Route("/questions", pages.ask, methods=["POST"]),
    ]
    handlers = dict.fromkeys((HTTPException, ValueError, OSError), pages.problem)
    page = Starlette(routes=routes, exception_handlers=handlers)
    page.router.redirect_slashes = False  # it knows no address outside the secret path
    return page


class _Addresses:
    """What each address does. Those that wait for the lock of the session are plain functions, run in threads."""

    def __init__(self, session: Session, language: str) -> None:
        self.session, self.language = session, language

    async def page(self, request: Request) -> Response:
        return HTMLResponse(page_html(self._language(request)))

    async def asset(self, request: Request) -> Response:
        path = _found(_ASSETS, request.path_params["name"])
        return FileResponse(path, media_type=_TYPES[path.suffix])

    async def alive(self, _request: Request) -> Response:
        return Response(status_code=204)

    def state(self, request: Request) -> Response:
        recordings = [recording.to_dict() for recording in list(self.session.recordings.values())]
        return self._answer(request, {"recordings": recordings, **self.session.people(), "largest": LARGEST})

    async def job(self, request: Request) -> Response:
        return self._answer(request, self._job(request).to_dict())

    async def stop(self, request: Request) -> Response:
        self.session.work.stop(self._job(request))
        return Response(status_code=204)

    async def add_recording(self, request: Request) -> Response:
        stated = request.query_params.get("speakers", "")
        if stated and not (stated.isascii() and stated.isdigit() and 1 <= int(stated) <= 99):
            raise ValueError(f"{stated[:20]}: the number of people must be from 1 to 99; leave it out if in doubt.")
        path, title = await self._received(request)
        return _started(self.session.diarize(path, title, int(stated) if stated else None))

    async def forget(self, request: Request) -> Response:
        self.session.forget(self._recording(request))
        return Response(status_code=204)

    async def correct(self, request: Request) -> Response:
        recording, body = self._recording(request), b""
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST_CORRECTION:
                raise HTTPException(413, "too many corrections at once.")
        try:
            changes = {str(speaker): Correction(**change) for speaker, change in json.loads(body).items()}
        except (TypeError, AttributeError, RecursionError):
            raise ValueError("corrections are {speaker: {name, gender}}.") from None
        self.session.correct(recording, changes)
        return self._answer(request, recording.to_dict())

    async def undo(self, request: Request) -> Response:
        recording = self._recording(request)
        recording.corrections = {}
        return self._answer(request, recording.to_dict())

    async def sound(self, request: Request) -> Response:
        recording = self._recording(request)
        kind = mimetypes.guess_type(recording.sound.name)[0] or ""
        known = kind if kind.startswith(("audio/", "video/")) else "application/octet-stream"
        return FileResponse(recording.sound, media_type=known, headers=_NO_DOCUMENT)

    def files(self, request: Request) -> Response:
        return JSONResponse(self._recording(request).files(self._language(request)))

    async def enrol(self, request: Request) -> Response:
        if request.query_params.get("consent") != "yes":
            raise ValueError("a voiceprint is biometric data: ask the person first, then send consent=yes.")
        path, title = await self._received(request)
        return _started(self.session.enrol(path, title, request.query_params.get("name", "")))

    async def ask(self, request: Request) -> Response:
        path, title = await self._received(request)
        return _started(self.session.ask(path, title, request.query_params.get("name")))

    async def load_voices(self, request: Request) -> Response:
        path, title = await self._received(request, _LARGEST_VOICES)
        return self._answer(request, await to_thread.run_sync(self.session.load_voices, path, title))

    def remove_person(self, request: Request) -> Response:
        return JSONResponse(self.session.remove_person(request.query_params.get("name", "")))

    def voices_file(self, _request: Request) -> Response:
        return Response(self.session.voices_file(), media_type="application/octet-stream")

    async def problem(self, request: Request, error: Exception) -> Response:
        """An error as the page shows it."""
        if isinstance(error, HTTPException):
            return self._answer(request, {"problem": error.detail}, error.status_code)
        return self._answer(request, {"problem": str(error)}, 400)

    async def _received(self, request: Request, largest: int | None = None) -> tuple[Path, str]:
        """Where the body of a request lies now, and what the user calls it."""
        title = sent_name(request) or "recording"
        path = self.session.new_file(title)
        await receive_file(request, path, largest or LARGEST)
        return path, title

    def _answer(self, request: Request, content: dict[str, Any], status: int = 200) -> Response:
        return JSONResponse(told(content, self._language(request)), status)

    def _language(self, request: Request) -> str:
        """That of the page that asks."""
        wanted = request.query_params.get("language") or request.headers.get("x-language", self.language)
        return wanted if wanted in LANGUAGES else self.language

    def _job(self, request: Request) -> Job:
        return _found(self.session.work.jobs, request.path_params["number"])

    def _recording(self, request: Request) -> Recording:
        return _found(self.session.recordings, request.path_params["number"])


def _found(values: Any, key: Any) -> Any:
    if key not in values:
        raise HTTPException(404, "that is not here, or no longer.")
    return values[key]


def _started(job: Job) -> Response:
    return JSONResponse(job.to_dict(), 202)
