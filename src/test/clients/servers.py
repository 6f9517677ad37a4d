"""Real processes for suites: servers on a data directory, an OpenAI, a PostgreSQL. Needs nothing but Python."""

import json
import os
import signal
import subprocess
import sys
import urllib.request


def beside(main, *options):
    """A helper of the tests in a process of its own; .ci/test-classes says where its classes are. Gives process and address."""
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java")
    with open("target/test-classpath.txt") as f:
        path = "target/test-classes:target/classes:" + f.read().strip()
    process = subprocess.Popen([java, *options, "-cp", path, main], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    address = process.stdout.readline().decode().strip()
    if not address:
        sys.exit(f"{main} did not start")
    return process, address


class Server:
    """A server on a data directory, started again whenever it was killed."""

    def __init__(self, data_dir, **environment):
        self.data_dir = data_dir
        self.environment = environment
        self.process = None
        self.url = None
        os.makedirs(data_dir, exist_ok=True)

    def start(self):
        log = open(self.data_dir.rstrip("/") + ".err", "ab")
        self.process = subprocess.Popen(
            ["./tuneplane", "serve", "--port", "0", "--data-dir", self.data_dir],
            stdout=subprocess.PIPE, stderr=log, start_new_session=True, env={**os.environ, **self.environment},
        )
        line = self.process.stdout.readline().decode()
        if " on http" not in line:
            sys.exit(f"the server did not start: {line!r}; see {log.name}")
        self.url = line.split()[-1]
        return self

    def kill(self):
        # The launcher replaces itself by the server, so this is the server's process; trainers live on.
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=120)

    def key(self):
        with open(os.path.join(self.data_dir, "admin.key")) as f:
            return f.read().strip()

    def ask(self, method, path, body=None, content_type="application/json", key=None):
        request = urllib.request.Request(self.url + path, method=method, data=body)
        request.add_header("Authorization", "Bearer " + (key or self.key()))
        if body is not None:
            request.add_header("Content-Type", content_type)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def upload(self, examples=12, key=None):
        lines = "".join(
            json.dumps({"messages": [{"role": "user", "content": f"ping {i}"}, {"role": "assistant", "content": f"pong {i}"}]}) + "\n"
            for i in range(examples)
        )
        edge = "edge-of-parts"
        body = (
            f'--{edge}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="train.jsonl"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n{lines}\r\n--{edge}--\r\n"
        )
        return self.ask("POST", "/v1/files", body.encode(), "multipart/form-data; boundary=" + edge, key)["id"]

    def create(self, body, key=None):
        return self.ask("POST", "/v1/fine_tuning/jobs", json.dumps(body).encode(), key=key)["id"]

    def jobs(self, key=None):
        """All jobs, by id."""
        return {j["id"]: j for j in self.pages("/v1/fine_tuning/jobs", key)}

    def events(self, job, key=None):
        """A job's events, oldest first."""
        return list(reversed(list(self.pages(f"/v1/fine_tuning/jobs/{job}/events", key))))

    def pages(self, path, key=None):
        after = ""
        while True:
            page = self.ask("GET", f"{path}?limit=100{after}", key=key)
            yield from page["data"]
            if not page["has_more"]:
                return
            after = "&after=" + page["data"][-1]["id"]


def broken_events(events):
    """What is wrong with a job's events: numbers from 1 without gaps, steps that only go up, one end."""
    numbers = [int(e["id"].rsplit("-", 1)[1]) for e in events]
    if numbers != list(range(1, len(numbers) + 1)):
        return f"its events are numbered {numbers}"
    steps = [e["data"]["step"] for e in events if e["type"] == "metrics"]
    if steps != sorted(set(steps)):
        return f"its steps are {steps}"
    messages = [e["message"] for e in events]
    if sum("has been completed" in m for m in messages) != 1:
        return f"it does not end once: {messages[-3:]}"
    return None
