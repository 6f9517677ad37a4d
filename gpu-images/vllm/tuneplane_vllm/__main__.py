"""`python -m tuneplane_vllm --base NAME --token-file F --control-token-file F [...] -- vllm serve MODEL [...]`."""

from __future__ import annotations

import argparse
import ipaddress
import signal
import ssl
import sys
import threading
import time
from pathlib import Path

from tuneplane_vllm.engine import Engine
from tuneplane_vllm.front import Front
from tuneplane_vllm.keeper import Keeper
from tuneplane_vllm.shelf import Shelf

_LINGER = 8.0
_LONGEST_ANSWERS = 100.0
_LONGEST_TURN = 5.0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tuneplane_vllm", allow_abbrev=False)
    parser.add_argument("--base", required=True, help="the name that the base model is served under")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--engine-port", type=int, default=8000, help="where vLLM listens, on loopback")
    parser.add_argument("--adapters", type=Path, default=Path("/adapters"))
    parser.add_argument("--token-file", type=Path, required=True, help="whoever asks")
    parser.add_argument("--control-token-file", type=Path, required=True, help="whoever brings adapters")
    parser.add_argument("--linger", type=float, default=_LINGER, help="seconds that it answers on after SIGTERM")
    parser.add_argument("--tls-certificate", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("command", nargs="+", help="vllm serve MODEL [...], without --host and --port")
    options = parser.parse_args(arguments)
    if not options.tls_certificate and not _loopback(options.host):
        parser.error("an address that others can reach needs --tls-certificate and --tls-key")
    return options


def main(arguments: list[str]) -> int:
    """Runs until SIGTERM."""
    options = _options(arguments)
    token, control = (_token(f) for f in (options.token_file, options.control_token_file))
    if token == control:
        print("agent: the two tokens must not be the same", file=sys.stderr)
        return 2
    shelf = Shelf(options.adapters)
    listen = ["--host", "127.0.0.1", "--port", str(options.engine_port), "--served-model-name", options.base]
    engine = Engine([*options.command, *listen], options.engine_port, options.base)
    keeper = Keeper(engine, shelf)
    front = Front((options.host, options.port), keeper, shelf, options.engine_port, options.base, token, control)
    if options.tls_certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.tls_certificate, options.tls_key)
        front.socket = context.wrap_socket(front.socket, server_side=True, do_handshake_on_connect=False)
    asked, ended = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    threading.Thread(target=front.serve_forever, daemon=True).start()
    print(f"ready {front.server_address[1]}", flush=True)
    keeping = threading.Thread(target=keeper.run, args=(ended,), daemon=True)
    keeping.start()
    asked.wait()
    keeper.leave()
    _let_go(front, options.linger)
    ended.set()
    keeper.changed.set()
    front.shutdown()
    # A request to a vLLM that hangs ends with it, and with that the keeper's last turn, which may have begun another.
    engine.stop()
    keeping.join(_LONGEST_TURN)
    engine.stop()
    return 0


def _let_go(front: Front, linger: float) -> None:
    """Those who have not heard yet that this replica leaves are answered too, and nobody is cut off."""
    now = time.monotonic()
    while time.monotonic() < now + linger or (not front.idle() and time.monotonic() < now + linger + _LONGEST_ANSWERS):
        time.sleep(0.1)


def _token(file: Path) -> str:
    text = file.read_text(encoding="ascii").strip()
    if len(text) < 16:
        raise SystemExit(f"agent: {file} holds no token of 16 characters or more")
    return text


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
