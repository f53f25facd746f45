"""A server on this machine that answers as it is told."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """Answers requests in turn from `answers`; when there are none left, as `reply` says (404)."""

    def __init__(self):
        self.answers = []
        self.reply = lambda path: (404, {}, b"{}")
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                status, headers, body = owner.answers.pop(0) if owner.answers else owner.reply(self.path)
                with contextlib.suppress(OSError, ValueError, UnicodeError):
                    self.send_response(status, "said")
                    for name, value in {"Content-Length": str(len(body)), **headers}.items():
                        self.send_header(name, value.encode("utf-8").decode("latin-1"))
                    self.end_headers()
                    self.wfile.write(body)
                self.close_connection = True

            def log_message(self, *_):
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
