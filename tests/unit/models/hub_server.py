"""A local server that speaks as much of the Hugging Face hub as its client needs to fetch a model, and can fail in the hub's ways.

Repositories by name: those of REFUSALS, cut-once, cut-always, code, pickle; any other holds `folder`.
"""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REFUSALS = {
    "gated-401": (401, "GatedRepo"),
    "gated-403": (403, "GatedRepo"),
    "private": (401, "RepoNotFound"),
    "forbidden": (403, ""),
    "absent": (404, "RepoNotFound"),
    "broken": (500, ""),
}
CUT_AT = 1000


class HubServer:
    """`with HubServer(folder) as hub`: hub.url answers; hub.log holds the requests."""

    def __init__(self, folder: Path) -> None:
        self.files = {path.name: path.read_bytes() for path in folder.iterdir()}
        self.files |= {"README.md": b"# card", "onnx/model.safetensors": b"another copy"}
        self.log: list[str] = []
        self.n_cuts = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> HubServer:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()

    def files_of(self, name: str) -> dict[str, bytes]:
        if name == "code":
            config = {**json.loads(self.files["config.json"]), "auto_map": {"AutoModelForCausalLM": "modeling_x.X"}}
            return {**self.files, "config.json": json.dumps(config).encode(), "modeling_x.py": b"raise SystemExit"}
        if name == "pickle":
            kept = {file: content for file, content in self.files.items() if not file.endswith(".safetensors")}
            return {**kept, "pytorch_model.bin": b"\x80\x04"}
        return self.files


def handler_of(hub: HubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Requests are logged when they come in, below."""

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            hub.log.append(f"{self.command} {self.path}")
            parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
            is_api = parts[:2] == ["api", "models"]
            name, rest = (parts[3], parts[4:]) if is_api else (parts[1], parts[2:])
            files = hub.files_of(name)
            refusal = next((REFUSALS[known] for known in REFUSALS if name.startswith(known)), None)
            if refusal and not (name.startswith("gated") and is_api and rest[:1] != ["tree"]):  # metadata of gated models is public
                self.refuse(*refusal)
            elif is_api and rest[:1] == ["tree"]:
                tree = [
                    {"type": "file", "path": path, "size": len(data), "oid": hashlib.sha1(data).hexdigest()} for path, data in files.items()
                ]
                self.answer(json.dumps(tree).encode())
            elif is_api and (not rest or rest[1] in ("main", "v1", COMMIT)):
                siblings = [{"rfilename": path} for path in files]
                self.answer(json.dumps({"id": f"owner/{name}", "sha": COMMIT, "siblings": siblings}).encode())
            elif not is_api and rest[:1] == ["resolve"] and rest[1] in ("main", COMMIT) and "/".join(rest[2:]) in files:
                self.send_file(name, files["/".join(rest[2:])])
            else:
                self.refuse(404, "RevisionNotFound" if is_api else "EntryNotFound")

        def send_file(self, name: str, data: bytes) -> None:
            tag = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
            wanted = self.headers.get("Range")
            start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted and self.command == "GET" else 0
            cut = self.command == "GET" and len(data) > 20_000 and (name == "cut-always" or (name == "cut-once" and not hub.n_cuts))
            hub.n_cuts += cut
            if start:
                tag["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            self.answer(data[start:], 206 if start else 200, tag, cut_at=CUT_AT if cut else None)

        def answer(self, data: bytes, status: int = 200, headers: dict[str, str] | None = None, cut_at: int | None = None) -> None:
            self.send_response(status)
            for key, value in {"Content-Length": str(len(data)), "Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(key, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data[:cut_at])
            if cut_at is not None:
                self.close_connection = True

        def refuse(self, status: int, code: str) -> None:
            self.answer(b"{}", status, {"X-Error-Code": code} if code else {})

    return Handler
