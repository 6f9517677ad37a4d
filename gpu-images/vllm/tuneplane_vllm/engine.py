"""vLLM as a child on loopback: started, asked, and started again when it ends."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
from typing import Any

_LONGEST = 120


class EngineError(Exception):
    """vLLM does not answer, or answers that it can't."""


class Engine:
    """The server behind the agent."""

    def __init__(self, command: list[str], port: int, base: str) -> None:
        self._command = command
        self.port = port
        self.base = base
        self._process: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts it, after what was left of an earlier one is gone."""
        self.stop()
        env = {**os.environ, "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True"}
        env.update(VLLM_NO_USAGE_STATS="1", DO_NOT_TRACK="1", HF_HUB_OFFLINE="1")
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True, env=env)

    def stop(self) -> None:
        """Ends it with all its workers."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # All of them have ended by themselves.
        self._process.wait()
        self._process = None

    def models(self) -> set[str]:
        """What it serves now: the base and the loaded adapters."""
        return {m["id"] for m in json.loads(self._ask("GET", "/v1/models"))["data"]}

    def load(self, name: str, folder: str) -> None:
        """Loads an adapter."""
        self._ask("POST", "/v1/load_lora_adapter", {"lora_name": name, "lora_path": folder})

    def unload(self, name: str) -> None:
        """Unloads an adapter."""
        self._ask("POST", "/v1/unload_lora_adapter", {"lora_name": name})

    def probe(self, model: str) -> None:
        """A real request."""
        self._ask("POST", "/v1/completions", {"model": model, "prompt": "a", "max_tokens": 1, "temperature": 0})

    def _ask(self, method: str, path: str, body: Any = None) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_LONGEST)
        try:
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as e:
            raise EngineError(f"vLLM does not answer: {e}") from e
        finally:
            connection.close()
        if response.status != 200:
            raise EngineError(f"vLLM answered {path} with {response.status}: {text[:300].decode(errors='replace')}")
        return text
