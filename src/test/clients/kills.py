"""Kills the server at random moments while jobs run: kills.py DATA_DIR MODEL JOBS KILLS SEED. Needs nothing but Python.

Invariants: no job lost, none twice, every one ends as it was asked to, events without gaps or repeats, the audit log whole.
"""

import os
import random
import sys
import time

from servers import Server, broken_events

data_dir, model, jobs, kills, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
chance = random.Random(seed)
print(f"seed {seed}", flush=True)


def main():
    server = Server(data_dir).start()
    file = server.upload()
    asked = [
        server.create({"model": model, "training_file": file, "seed": i, "suffix": f"kill-{i}", "hyperparameters": {"n_epochs": 2 + i % 2, "batch_size": 4}})
        for i in range(jobs)
    ]
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
        known = server.jobs()
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
    names, straight = set(), 0
    for job in asked:
        found = server.ask("GET", f"/v1/fine_tuning/jobs/{job}")
        if found["status"] != "succeeded":
            failures.append(f"{job} is {found['status']}: {found['error']}")
        names.add(found["fine_tuned_model"])
        events = server.events(job)
        broken = broken_events(events)
        if broken:
            failures.append(f"{job}: {broken}")
        straight += not any("goes on from" in e["message"] for e in events)
    folder = os.path.join(data_dir, "local", "runs")
    runs = [d for d in os.listdir(folder) if os.path.isdir(os.path.join(folder, d))]
    if len(runs) != jobs:
        failures.append(f"{len(runs)} runs for {jobs} jobs")
    if len(names) != jobs:
        failures.append(f"{len(names)} models for {jobs} jobs")
    audit = server.ask("GET", "/api/v1/audit/verify")
    if not audit["whole"]:
        failures.append(f"the audit log: {audit}")
    server.stop()
    for failure in failures:
        print("NOT SO  " + failure)
    print(f"{killed} kills, {jobs} jobs, {straight} of them trained through without a second start; slowest start {slowest:.1f} s")
    sys.exit(1 if failures else 0)


main()
