"""Holds recorded exchanges with an OpenAI host to the types of the official Python SDK.

usage: openai-types.py EXCHANGES.jsonl
Each line: {"method", "path", "status", "query", "request", "response"}.
"""
import json
import re
import sys

from openai.types import FileObject, Model
from openai.types.chat import completion_create_params
from openai.types.fine_tuning import (
    FineTuningJob,
    FineTuningJobEvent,
    job_create_params,
    job_list_params,
)
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint
from pydantic import TypeAdapter, ValidationError

# The SDK's requests are typed dictionaries, which let misspelt fields pass: so these are named.
REQUESTS = [
    (r"POST /fine_tuning/jobs", job_create_params.JobCreateParams),
    (r"POST /chat/completions", completion_create_params.CompletionCreateParamsStreaming),
]
ANSWERS = [
    (r"POST /files", FileObject, False),
    (r"GET /files", FileObject, True),
    (r"GET /files/[^/]+", FileObject, False),
    (r"GET /models", Model, True),
    (r"GET /models/.+", Model, False),
    (r"POST /fine_tuning/jobs", FineTuningJob, False),
    (r"GET /fine_tuning/jobs", FineTuningJob, True),
    (r"GET /fine_tuning/jobs/[^/]+", FineTuningJob, False),
    (r"POST /fine_tuning/jobs/[^/]+/(cancel|pause|resume)", FineTuningJob, False),
    (r"GET /fine_tuning/jobs/[^/]+/events", FineTuningJobEvent, True),
    (r"GET /fine_tuning/jobs/[^/]+/checkpoints", FineTuningJobCheckpoint, True),
]
# A file's content is whatever was uploaded: it has no type.
UNTYPED = r"GET /files/[^/]+/content"
# `paused` is in no published list of statuses, though the endpoints for it are published.
UNLISTED = {"paused", "reticulating_splines"}


def known_fields(request, allowed, where):
    return [f"{where}: no such field: {name}" for name in set(request) - set(allowed)]


def check_request(call, exchange):
    for pattern, kind in REQUESTS:
        if re.fullmatch(pattern, call):
            TypeAdapter(kind).validate_python(exchange["request"])
            return known_fields(exchange["request"], kind.__annotations__.keys() | base_fields(kind), call)
    if call == "GET /fine_tuning/jobs":
        plain = {name.split("[")[0] for name in exchange["query"]}
        return known_fields(plain, job_list_params.JobListParams.__annotations__, call)
    return []


def base_fields(kind):
    fields = set()
    for base in getattr(kind, "__orig_bases__", ()):
        fields |= set(getattr(base, "__annotations__", {}))
    return fields


def check_answer(call, exchange):
    for pattern, kind, listed in ANSWERS:
        if re.fullmatch(pattern, call):
            body = exchange["response"]
            for item in body["data"] if listed else [body]:
                if item.get("status") in UNLISTED:
                    item = {**item, "status": "running"}
                kind.model_validate(item)
            return True
    return False


def main():
    problems, requests, answers, unchecked = [], 0, 0, set()
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            exchange = json.loads(line)
            call = f"{exchange['method']} {exchange['path']}"
            try:
                if exchange["request"]:
                    problems += check_request(call, exchange)
                    requests += 1
                # What a test broke on purpose is no JSON, or an error.
                if exchange["status"] == 200 and exchange["response"] and not re.fullmatch(UNTYPED, call):
                    if check_answer(call, exchange):
                        answers += 1
                    else:
                        unchecked.add(call)
            except ValidationError as e:
                problems.append(f"{call}: {e}")
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    print(f"{requests} requests and {answers} answers held to the SDK's types, {len(problems)} problems")
    for call in sorted(unchecked):
        print(f"not checked: {call}", file=sys.stderr)
    sys.exit(1 if problems or unchecked or requests < 20 or answers < 100 else 0)


if __name__ == "__main__":
    main()
