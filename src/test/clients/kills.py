"""Kills the server at random moments while jobs run: kills.py DATA_DIR MODEL JOBS KILLS SEED. Needs nothing but Python.

Invariants: no job lost, none twice, every one ends as it was asked to, events without gaps or repeats, the audit log whole.
"""

import glob
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

data_dir, model, jobs, kills, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
chance = random.Random(seed)
print(f"seed {seed}", flush=True)


class Server:
    """A server on the data directory, started again whenever it was killed."""

    def __init__(self):
        self.process = None
        self.url = None

    def start(self):
        log = open(os.path.join(data_dir, "..", "server.err"), "ab")
        self.process = subprocess.Popen(
            ["./tuneplane", "serve", "--port", "0", "--data-dir", data_dir], stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
        line = self.process.stdout.readline().decode()
        if " on http" not in line:
            sys.exit(f"the server did not start: {line!r}; see server.err")
        self.url = line.split()[-1]

    def kill(self):
        # The launcher replaces itself by the server, so this is the server's process; trainers live on.
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method, path, body=None, content_type="application/json"):
        with open(os.path.join(data_dir, "admin.key")) as f:
            key = f.read().strip()
        request = urllib.request.Request(self.url + path, method=method, data=body)
        request.add_header("Authorization", "Bearer " + key)
        if body is not None:
            request.add_header("Content-Type", content_type)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def upload(server):
    lines = "".join(
        json.dumps({"messages": [{"role": "user", "content": f"ping {i}"}, {"role": "assistant", "content": f"pong {i}"}]}) + "\n" for i in range(12)
    )
    edge = "edge-of-parts"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="train.jsonl"\r\nContent-Type: application/octet-stream\r\n\r\n{lines}\r\n--{edge}--\r\n'
    )
    return server.ask("POST", "/v1/files", body.encode(), "multipart/form-data; boundary=" + edge)["id"]


def all_events(server, job):
    events, after = [], ""
    while True:
        page = server.ask("GET", f"/v1/fine_tuning/jobs/{job}/events?limit=100{after}")
        events += page["data"]
        if not page["has_more"]:
            return list(reversed(events))
        after = "&after=" + page["data"][-1]["id"]


def main():
    os.makedirs(data_dir, exist_ok=True)
    server = Server()
    server.start()
    file = upload(server)
    asked = []
    for i in range(jobs):
        body = {"model": model, "training_file": file, "seed": i, "suffix": f"kill-{i}", "hyperparameters": {"n_epochs": 2 + i % 2, "batch_size": 4}}
        asked.append(server.ask("POST", "/v1/fine_tuning/jobs", json.dumps(body).encode())["id"])
    killed, ended, slowest = 0, set(), 0.0
    last_end = time.monotonic()
    while len(ended) < jobs or killed < kills:
        time.sleep(chance.uniform(0.05, 5))
        if killed < kills:
            server.kill()
            killed += 1
            start = time.monotonic()
            server.start()
            slowest = max(slowest, time.monotonic() - start)
        known = {j["id"]: j for j in server.ask("GET", "/v1/fine_tuning/jobs?limit=100")["data"]}
        missing = [j for j in asked if j not in known]
        if missing:
            sys.exit(f"lost after {killed} kills: {missing}")
        now = {j for j in asked if known[j]["status"] in ("succeeded", "failed", "cancelled")}
        if len(now) > len(ended):
            last_end = time.monotonic()
            print(f"{killed} kills, {len(now)} of {jobs} jobs ended", flush=True)
        if time.monotonic() - last_end > 900:
            sys.exit(f"no job ended for 15 minutes: {[known[j]['tuneplane'] for j in asked if j not in now]}")
        ended = now
    failures = []
    names, adopted = set(), 0
    for job in asked:
        found = server.ask("GET", f"/v1/fine_tuning/jobs/{job}")
        if found["status"] != "succeeded":
            failures.append(f"{job} is {found['status']}: {found['error']}")
        names.add(found["fine_tuned_model"])
        events = all_events(server, job)
        numbers = [int(e["id"].rsplit("-", 1)[1]) for e in events]
        if numbers != list(range(1, len(numbers) + 1)):
            failures.append(f"{job}: its events are numbered {numbers}")
        messages = [e["message"] for e in events]
        adopted += sum("goes on from" in m for m in messages) == 0
        steps = [e["data"]["step"] for e in events if e["type"] == "metrics"]
        if steps != sorted(set(steps)):
            failures.append(f"{job}: its steps are {steps}")
        if sum("has been completed" in e["message"] for e in events) != 1:
            failures.append(f"{job}: it does not end once: {[e['message'] for e in events][-3:]}")
    runs = [d for d in glob.glob(os.path.join(data_dir, "local", "runs", "*")) if os.path.isdir(d)]
    if len(runs) != jobs:
        failures.append(f"{len(runs)} runs for {jobs} jobs")
    if len(names) != jobs:
        failures.append(f"{len(names)} models for {jobs} jobs")
    audit = server.ask("GET", "/api/v1/audit/verify")
    if not audit.get("whole", audit.get("ok", False)):
        failures.append(f"the audit log: {audit}")
    os.kill(server.process.pid, signal.SIGTERM)
    server.process.wait()
    for failure in failures:
        print("NOT SO  " + failure)
    print(f"{killed} kills, {jobs} jobs, {adopted} of them trained through without a second start; slowest start {slowest:.1f} s")
    print(f"{5 - min(5, len(failures))} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


main()
