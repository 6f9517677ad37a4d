"""Stands in for vLLM where minutes of starting would show nothing: its endpoints for models, adapters and answers."""

from __future__ import annotations

import argparse
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("--host")
parser.add_argument("--port", type=int)
parser.add_argument("--served-model-name")
options = parser.parse_args()
loaded: dict[str, str] = {}
slow = options.folder / "slow"
time.sleep(float(slow.read_text()) if slow.exists() else 0)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Models."""
        self._send(200, {"data": [{"id": n} for n in [options.served_model_name, *loaded]]})

    def do_POST(self) -> None:
        """Adapters and answers."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/load_lora_adapter":
            weights = Path(body["lora_path"], "adapter_model.safetensors").read_bytes()
            if weights == b"broken" or body["lora_name"] in loaded:
                self._send(400, {"error": "no"})
                return
            loaded[body["lora_name"]] = weights.decode()
            self._send(200, {})
        elif self.path == "/v1/unload_lora_adapter":
            self._send(200 if loaded.pop(body["lora_name"], None) else 404, {})
        else:
            self._answer(body)

    def _answer(self, body: dict) -> None:
        model = body["model"]
        if model != options.served_model_name and model not in loaded:
            self._send(404, {"error": "no such model"})
        elif not body.get("stream"):
            self._send(200, {"model": model, "weights": loaded.get(model)})
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                for i in range(body["max_tokens"]):
                    self.wfile.write(b"data: %d\n\n" % i)
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                (options.folder / "left").write_text("the client left")
            self.close_connection = True

    def _send(self, status: int, value: dict) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


(options.folder / "pid").write_text(str(__import__("os").getpid()))
ThreadingHTTPServer((options.host, options.port), Handler).serve_forever()
