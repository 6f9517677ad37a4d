"""Two servers on one PostgreSQL with many jobs, killed and stopped past their lease: two_servers.py WORK JOBS SEED.

The jobs go to a stand-in for OpenAI, which counts. Needs .ci/test-classes. Invariants: no job lost, none twice, none paid
twice, events without gaps or repeats, the audit log whole.
"""

import base64
import collections
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from servers import Server, beside, broken_events

work, jobs, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)
STOPPED = 9  # seconds; a lease runs out after 6
FAKE_KEY = "sk-canary-7Jq2fZ0wTq"
print(f"seed {seed}", flush=True)


def two(database, openai):
    """Two servers that share database, secret and artifacts."""
    first = os.path.join(work, "a")
    second = os.path.join(work, "b")
    settings = {
        "TUNEPLANE_DATABASE_URL": database,
        "TUNEPLANE_ARTIFACTS_DIR": os.path.join(work, "artifacts"),
        "TUNEPLANE_SECRET_FILE": os.path.join(work, "secret.key"),
        "TUNEPLANE_OPENAI_BASE_URL": openai,
        "TUNEPLANE_OPENAI_API_KEY": FAKE_KEY,
        "TUNEPLANE_OPENAI_MODELS": "smollm2-135m-instruct",
        "TUNEPLANE_OPENAI_PRIVATE_ADDRESSES": "127.0.0.1",
        "TUNEPLANE_OPENAI_CONSISTENCY_MINUTES": "1",
    }
    with open(os.open(settings["TUNEPLANE_SECRET_FILE"], os.O_CREAT | os.O_WRONLY, 0o600), "w") as secret:
        secret.write(base64.b64encode(os.urandom(32)).decode() + "\n")
    return [Server(first, **settings).start(), Server(second, **settings).start()]


class Trouble(threading.Thread):
    """Kills and stops one server or the other, and lets each be up again for a while."""

    def __init__(self, servers):
        super().__init__(daemon=True)
        self.servers = servers
        self.over = threading.Event()
        self.kills = self.stops = 0

    def run(self):
        while not self.over.wait(chance.uniform(2, 6)):
            server = chance.choice(self.servers)
            if chance.random() < 0.5:
                server.kill()
                self.kills += 1
                time.sleep(chance.uniform(0, 8))
                server.start()
            else:
                os.kill(server.process.pid, signal.SIGSTOP)
                self.stops += 1
                time.sleep(STOPPED)
                os.kill(server.process.pid, signal.SIGCONT)


def stubborn(servers, call):
    """Asks one server, else the other, until one answers."""
    for turn in range(600):
        try:
            return call(servers[turn % 2])
        except urllib.error.HTTPError as e:
            if e.code < 500 and e.code not in (409, 429):
                raise SystemExit(f"{e.code}: {e.read()}") from e
            time.sleep(0.5)
        except (OSError, ValueError):
            time.sleep(0.5)
    raise SystemExit("no server answers")


def create(servers, key, file, i):
    body = json.dumps({"model": "smollm2-135m-instruct", "training_file": file, "seed": i, "suffix": f"two-{i}", "hyperparameters": {"n_epochs": 1},
                       "metadata": {"tuneplane.backend": "openai"}}).encode()

    def call(server):
        request = urllib.request.Request(server.url + "/v1/fine_tuning/jobs", method="POST", data=body)
        for name, value in (("Authorization", "Bearer " + key), ("Content-Type", "application/json"), ("Idempotency-Key", f"two-{seed}-{i}")):
            request.add_header(name, value)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)["id"]

    return stubborn(servers, call)


def at_openai(url):
    """How many jobs the stand-in has, by the mark in their metadata."""
    marks, after = collections.Counter(), ""
    while True:
        request = urllib.request.Request(f"{url}/fine_tuning/jobs?limit=1000{after}")
        request.add_header("Authorization", "Bearer " + FAKE_KEY)
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = json.load(answer)
        marks.update(job["metadata"]["tuneplane_mark"] for job in page["data"])
        if not page["has_more"]:
            return marks
        after = "&after=" + page["data"][-1]["id"]


def all_jobs(servers, key):
    return stubborn(servers, lambda server: server.jobs(key))


def main():
    os.makedirs(work, exist_ok=True)
    postgres, database = beside("io.tuneplane.store.PostgresProcess", "-Xmx256m")
    fake, openai = beside("io.tuneplane.backend.openai.FakeOpenAiProcess", "-Xmx1g")
    servers = two(database, openai)
    key = servers[0].key()
    file = servers[0].upload(key=key)
    trouble = Trouble(servers)
    trouble.start()
    start = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        asked = list(threads.map(lambda i: create(servers, key, file, i), range(jobs)))
    print(f"{jobs} jobs accepted after {time.monotonic() - start:.0f} s, {trouble.kills} kills, {trouble.stops} stops", flush=True)
    last, since = 0, time.monotonic()
    while True:
        time.sleep(5)
        known = all_jobs(servers, key)
        ended = sum(j["status"] in ("succeeded", "failed", "cancelled") for j in known.values())
        if ended > last:
            print(f"{ended} ended, {trouble.kills} kills, {trouble.stops} stops", flush=True)
            last, since = ended, time.monotonic()
        if ended >= jobs:
            break
        if time.monotonic() - since > 300:
            left = [j["tuneplane"] for j in known.values() if j["status"] not in ("succeeded", "failed", "cancelled")]
            sys.exit(f"no job ended for 5 minutes: {left[:3]}")
    trouble.over.set()
    trouble.join()
    took = time.monotonic() - start
    failures = []
    if len(set(asked)) != jobs or set(known) != set(asked):
        failures.append(f"{len(set(asked))} jobs were accepted and {len(known)} are known, of {jobs}")
    for job, found in known.items():
        if found["status"] != "succeeded":
            failures.append(f"{job} is {found['status']}: {found['error']}")
    for job in asked:
        broken = broken_events(servers[0].events(job, key))
        if broken:
            failures.append(f"{job}: {broken}")
    marks = at_openai(openai)
    twice = [mark for mark, count in marks.items() if count > 1]
    if twice or len(marks) != jobs:
        failures.append(f"OpenAI has {sum(marks.values())} jobs of {len(marks)} marks; more than once: {twice[:5]}")
    audit = servers[0].ask("GET", "/api/v1/audit/verify", key=key)
    if not audit["whole"]:
        failures.append(f"the audit log: {audit}")
    for server in servers:
        server.stop()
    for process in (fake, postgres):
        process.stdin.close()
        process.wait()
    for failure in failures[:20]:
        print("NOT SO  " + failure)
    print(f"{jobs} jobs on two servers in {took:.0f} s: {trouble.kills} kills, {trouble.stops} stops of {STOPPED} s; {len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
