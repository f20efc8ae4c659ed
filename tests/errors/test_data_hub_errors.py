"""Data sets of a hub, asked for over a local server that answers as the hub does: read, kept, and explained when it refuses."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.unit.models.hub_server import COMMIT, REFUSALS

ROWS = [b'{"text": "a b", "label": "x"}\n', b'{"text": "c d", "label": "y"}\n']
REPOSITORIES = {
    "one": {"README.md": b"# card", "rows.jsonl": b"".join(ROWS)},
    "parts": {f"data/train-{part:05d}-of-00002.jsonl.gz": gzip.compress(ROWS[part]) for part in (0, 1)}
    | {"data/test-00000.jsonl": ROWS[0]},
    "many": {"english.csv": b"text,label\nab,x\n", "catalan.csv": b"text,label\nab,x\n"},
    "nothing": {"README.md": b"# card", "photo.png": b"\x89PNG"},
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
        is_api, name, rest = parts[0] == "api", parts[3] if parts[0] == "api" else parts[2], parts[4:] if parts[0] == "api" else parts[3:]
        files = REPOSITORIES.get(name, {})
        if name in REFUSALS:
            status, code = REFUSALS[name]
            self.answer(b"{}", status, {"X-Error-Code": code} if code else {})
        elif is_api and (not rest or rest[1] in ("main", COMMIT)):
            siblings = [{"rfilename": path} for path in files]
            self.answer(json.dumps({"id": f"owner/{name}", "sha": COMMIT, "siblings": siblings}).encode())
        elif not is_api and rest[0] == "resolve" and rest[1] in ("main", COMMIT) and "/".join(rest[2:]) in files:
            data = files["/".join(rest[2:])]
            self.answer(data, headers={"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT})
        else:
            self.answer(b"{}", 404, {"X-Error-Code": "RevisionNotFound" if is_api else "EntryNotFound"})

    def answer(self, data: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for key, value in {"Content-Length": str(len(data)), "Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


DRIVER = """
import json, sys, time
time.sleep = lambda seconds: None  # the client's pauses between attempts
from afina.data.sources import fingerprint, read_table
from afina.errors import AfinaError
from afina.recipe.schema import DataSpec
said = []
for path in sys.argv[1:]:
    try:
        table = read_table(DataSpec(path=path))
        rows = [[record.number, record.values["text"]] for record in table.records]
        said.append({"rows": rows, "notices": [str(notice) for notice in table.notices], "sha256": fingerprint(path)})
    except AfinaError as error:
        said.append({"code": error.code, "exit_code": error.exit_code, "text": error.text()})
print(json.dumps(said))
"""


def ask(endpoint: str, home: Path, *paths: str, **environment: str) -> list[dict[str, Any]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    settings = {"HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_DISABLE_PROGRESS_BARS": "1", "NO_PROXY": "*", **environment}
    command = [sys.executable, "-c", DRIVER, *paths]
    done = subprocess.run(command, capture_output=True, text=True, env={**kept, **settings}, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_data_set_is_downloaded_pinned_and_read_again_offline(hub: str, tmp_path: Path) -> None:
    paths = ("hf://datasets/owner/one", "hf://datasets/owner/one@main/rows.jsonl", "hf://datasets/owner/parts")
    found = ask(hub, tmp_path, *paths)
    assert [said["rows"] for said in found] == [[[1, "a b"], [2, "c d"]]] * 3
    assert found[0]["sha256"] == hashlib.sha256(b"".join(ROWS)).hexdigest()
    assert f"[data.path=hf://datasets/owner/one@{COMMIT}/rows.jsonl]" in found[0]["notices"][0]
    assert "2 parts, data/train-00000-of-00002.jsonl.gz to data/train-00001-of-00002.jsonl.gz" in found[2]["notices"][0]
    offline = ask("http://127.0.0.1:9", tmp_path, *paths, "hf://datasets/owner/other", HF_HUB_OFFLINE="1")
    assert [said.get("rows") for said in offline[:3]] == [said["rows"] for said in found]
    assert (offline[3]["code"], offline[3]["exit_code"]) == ("H002", 69)
    assert "owner/other is not in the cache, and the machine is offline" in offline[3]["text"]


def test_what_a_hub_refuses_is_explained(hub: str, tmp_path: Path) -> None:
    wanted = {
        "owner/many": ("D017", 65, "holds 2 files: catalan.csv, english.csv\n  Do: data.path=hf://datasets/owner/many/catalan.csv"),
        "owner/nothing": ("D017", 65, "holds no file that can be read. Found: README.md, photo.png"),
        "owner/one/row.jsonl": ("D016", 2, "no such file. Found: README.md, rows.jsonl"),
        "owner/one@v9": ("H003", 69, 'owner/one has no revision "v9"'),
        "one": ("D016", 2, "Do: data.path=hf://datasets/OWNER/NAME"),
        "owner/gated-401": ("H001", 69, "is gated: its owner asks you to accept a licence first"),
        "owner/private": ("H001", 69, "does not show owner/private to you (401)"),
        "owner/forbidden": ("H001", 69, "hf auth login"),
        "owner/absent": ("H002", 69, "owner/absent is no data set of the hub"),
        "owner/broken": ("H004", 75, "the hub answered 500"),
    }
    found = ask(hub, tmp_path, *(f"hf://datasets/{path}" for path in wanted))
    for (code, exit_code, text), said in zip(wanted.values(), found, strict=True):
        assert (said["code"], said["exit_code"]) == (code, exit_code), said
        assert text in said["text"]
        assert "\n  Do: " in said["text"]
    silent = ask("http://127.0.0.1:9", tmp_path / "new", "hf://datasets/owner/one")[0]
    assert (silent["code"], silent["exit_code"]) == ("H004", 75)
