import re
import socket

import pytest

from lightdiar.page import server
from lightdiar.page.door import HEADERS, Door


def test_the_address_opens_the_page_once(page):
    first = page.door.address
    assert re.fullmatch(rf"http://127\.0\.0\.1:{page.port}/\?key=[\w-]{{43}}", first)
    key = first.partition(str(page.port))[2]
    status, headers, _ = page.ask("GET", key)
    assert (status, headers["Location"]) == (303, page.inside)
    status, _, body = page.ask("GET", key)
    assert status == 403
    assert (
        body == b"lightdiar: this address is not valid, or has been opened before: the valid one is in the terminal.\n"
    )
    assert page.announced == [page.door.address] and page.door.address != first
    assert page.ask("GET", page.door.address.partition(str(page.port))[2])[0] == 303


@pytest.mark.parametrize("path", ["/", "/state", "/assets/page.js", "/wrong/state", "/?key=", "/?key=x", "//", "/%00/"])
def test_without_the_secret_nothing_is_told(page, path):
    status, _, body = page.ask("GET", path)
    assert status == 403 and b"terminal" in body and page.door.secret.encode() not in body


def test_part_of_the_secret_is_not_enough(page):
    secret = page.door.secret
    for wrong in (secret[:-1], secret + "x", secret.swapcase(), secret.replace(secret[0], "%20")):
        assert page.ask("GET", f"/{wrong}/state")[0] == 403
    assert page.ask("GET", f"/{secret}")[0] == 403
    assert page.ask("GET", f"/{secret}/state")[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}", ""]
)
def test_another_host_is_refused_even_with_the_secret(page, host):
    status, _, body = page.ask("GET", "state", Host=host.format(port=page.port))
    assert (status, body) == (403, b"lightdiar: this page answers to 127.0.0.1 and localhost only.\n")


def test_localhost_is_this_machine_too(page):
    assert page.ask("GET", "state", Host=f"localhost:{page.port}")[0] == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1:1"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_changes_at_the_wish_of_another_page(page, method, origin):
    origin = origin and origin.format(port=page.port)
    status, _, body = page.ask(method, "people?name=ann", b"x", Origin=origin)
    assert (status, body) == (403, b"lightdiar: another page must not use this one.\n")
    assert page.files() == []


def test_another_page_cannot_read_either(page):
    assert page.ask("GET", "state", Origin="http://evil.example")[0] == 403
    assert page.ask("GET", "state", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")[0] == 403
    assert page.ask("GET", "state", Sec_Fetch_Site="same-site", Sec_Fetch_Mode="no-cors")[0] == 403
    assert page.ask("GET", "state", Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="cors")[0] == 200
    assert page.ask("GET", "", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")[0] == 200


@pytest.mark.parametrize("path", ["", "state", "assets/page.js", "nothing", "/", "/wrong/"])
def test_every_answer_has_the_headers_that_keep_others_out(page, path):
    _, headers, _ = page.ask("GET", path)
    for name, value in HEADERS.items():
        assert headers.get_all(name) == [value]
    assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer" and headers["X-Frame-Options"] == "DENY"
    assert not [name for name in headers if name.lower().startswith("access-control") or name.lower() == "set-cookie"]
    assert "server" not in headers


def test_no_source_outside_and_no_script_in_the_document(page):
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "style-src 'self';" in policy
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    document = page.ask("GET", "")[2].decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+=|https?:|//\w", document)


def test_a_preflight_gets_no_permission(page):
    asked = {"Access_Control_Request_Method": "POST", "Origin": "http://evil.example"}
    status, headers, _ = page.ask("OPTIONS", "recordings", **asked)
    assert status == 403 and "access-control-allow-origin" not in headers


def test_no_other_machine_reaches_it(page):
    with server.listening(None) as sock:
        assert sock.getsockname()[0] == "127.0.0.1"
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in addresses - {"127.0.0.1"}:
        with socket.socket() as sock:
            sock.settimeout(1)
            assert sock.connect_ex((address, page.port)) != 0


def test_web_sockets_are_not_answered(page):
    asked = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "eA==",
    }
    assert page.ask("GET", "state", **asked)[0] in (200, 400, 403)  # as if nothing had been said of it


def test_the_usual_port_of_the_web_is_left_out_by_browsers():
    door = Door(None, 80)
    headers = [(b"host", b"127.0.0.1"), (b"origin", b"http://127.0.0.1")]
    assert door._refusal({"type": "http", "method": "POST", "headers": headers}) is None
    assert door._refusal({"type": "http", "method": "GET", "headers": [(b"host", b"127.0.0.1:80")]}) is not None
