"""The official Python client through everything that Tuneplane offers of OpenAI's API: flow.py URL KEY MODEL.

Responses are validated strictly against the client's own types. Prints one line a check, exits 1 if any failed.
"""

import io
import json
import sys
import time

import openai

url, key, model = sys.argv[1:4]
client = openai.OpenAI(base_url=url + "/v1", api_key=key, max_retries=0, timeout=300, _strict_response_validation=True)
passed = failed = 0


def check(name, condition, found=""):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
    print(("ok      " if condition else "NOT SO  ") + name + ("" if condition else f": {found!r}"), flush=True)


def refused(name, call, kind, status, code=None, param=None):
    try:
        answer = call()
    except openai.APIStatusError as e:
        wrong = (
            (type(e) is not kind, type(e).__name__)
            if type(e) is not kind
            else (e.status_code != status or (code and e.code != code) or (param and e.param != param), (e.status_code, e.code, e.param))
        )
        check(name, not wrong[0] and e.body and e.body.get("message") and e.response.headers.get("x-request-id"), (wrong, e.body))
        return
    check(name, False, answer)


def lines(count, word="pong"):
    return b"".join(
        json.dumps({"messages": [{"role": "user", "content": f"ping {i}"}, {"role": "assistant", "content": f"{word} {i}"}]}).encode() + b"\n"
        for i in range(count)
    )


def wait(job, *statuses, seconds=600):
    end = time.monotonic() + seconds
    while job.status not in (statuses or ("succeeded", "failed", "cancelled")):
        if time.monotonic() > end:
            break
        time.sleep(0.5)
        job = client.fine_tuning.jobs.retrieve(job.id)
    return job


# Files.
training = client.files.create(file=("train.jsonl", io.BytesIO(lines(12))), purpose="fine-tune")
validation = client.files.create(file=("val.jsonl", lines(3)), purpose="fine-tune")
check("a file is uploaded", training.id.startswith("file-") and training.bytes == len(lines(12)) and training.filename == "train.jsonl", training)
check("its content comes back byte for byte", client.files.content(training.id).read() == lines(12))
check("files are listed newest first", [f.id for f in client.files.list()][:2] == [validation.id, training.id])
check("files are paged", [f.id for f in client.files.list(limit=1)][:2] == [validation.id, training.id])
check("a file is retrieved", client.files.retrieve(validation.id).id == validation.id)
extra = client.files.create(file=("extra.jsonl", lines(10)), purpose="fine-tune")
check("a file is deleted", client.files.delete(extra.id).deleted)
refused("a deleted file is gone", lambda: client.files.retrieve(extra.id), openai.NotFoundError, 404)
refused("an empty file is refused", lambda: client.files.create(file=("e.jsonl", b""), purpose="fine-tune"), openai.BadRequestError, 400)

# A job, as newer code asks for it.
job = client.fine_tuning.jobs.create(
    model=model,
    training_file=training.id,
    validation_file=validation.id,
    method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 4, "learning_rate_multiplier": 1.8}}},
    suffix="client-flow",
    seed=7,
    metadata={"team": "support", "tuneplane.backend": "auto", "tuneplane.monthly_requests": "100000"},
)
check("a job is accepted", job.id.startswith("ftjob-") and job.status in ("validating_files", "queued", "running"), job)
check("its method comes back", job.method.supervised.hyperparameters.n_epochs == 2, job.method)
check("its metadata comes back", job.metadata.get("team") == "support", job.metadata)
job = wait(job)
check("the job succeeds", job.status == "succeeded", (job.status, job.error))
check("the model is named", (job.fine_tuned_model or "").startswith("ft:") and ":client-flow:" in job.fine_tuned_model, job.fine_tuned_model)
check("its tokens are counted", (job.trained_tokens or 0) > 0, job.trained_tokens)
check("our object says where it ran", job.model_extra["tuneplane"]["backend"] == "local", job.model_extra)
events = list(client.fine_tuning.jobs.list_events(job.id, limit=3))
check("events are paged without repeats", len({e.id for e in events}) == len(events) > 3, len(events))
check("events come newest first", all(a.created_at >= b.created_at for a, b in zip(events, events[1:])))
check("metrics are among them", any(e.type == "metrics" for e in events), {e.type for e in events})
first_page = client.fine_tuning.jobs.list_events(job.id, limit=2)
check("a page says whether there is more", first_page.has_more and len(first_page.data) == 2, first_page.has_more)
checkpoints = list(client.fine_tuning.jobs.checkpoints.list(job.id))
check("there is a checkpoint that can be called", checkpoints and checkpoints[0].fine_tuned_model_checkpoint.startswith("ft:"), checkpoints)
check("jobs are found by their labels", [j.id for j in client.fine_tuning.jobs.list(metadata={"team": "support"})] == [job.id])
check("and not by others", list(client.fine_tuning.jobs.list(metadata={"team": "nobody"})) == [])
check("the result file is there", job.result_files and b"step" in client.files.content(job.result_files[0]).read(), job.result_files)

# The model answers.
messages = [{"role": "system", "content": "You are a helpful customer support agent."}, {"role": "user", "content": "ping 3"}]
answer = client.chat.completions.create(model=job.fine_tuned_model, messages=messages, temperature=0.7, max_tokens=20, seed=1)
check("the model answers", answer.choices[0].message.content and answer.usage.completion_tokens > 0, answer)
again = client.chat.completions.create(model=job.fine_tuned_model, messages=messages, temperature=0.7, max_tokens=20, seed=1)
check("a seed repeats the answer", again.choices[0].message.content == answer.choices[0].message.content)
chunks = list(client.chat.completions.create(model=job.fine_tuned_model, messages=messages, temperature=0.7, max_tokens=20, seed=1, stream=True, stream_options={"include_usage": True}))
text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
check("streamed, it says the same", text == answer.choices[0].message.content, (text, answer.choices[0].message.content))
check("the last chunk carries the usage", chunks[-1].usage and chunks[-1].usage.completion_tokens == answer.usage.completion_tokens, chunks[-1])
stopped = client.chat.completions.create(model=model, messages=messages, temperature=0, max_tokens=1)
check("the base answers too, and stops at a token", stopped.choices[0].finish_reason == "length", stopped.choices[0])
check("the model is listed", job.fine_tuned_model in [m.id for m in client.models.list()])
check("the model is retrieved", client.models.retrieve(job.fine_tuned_model).id == job.fine_tuned_model)

# Pause, resume, cancel; and the older form of a job.
long = client.fine_tuning.jobs.create(model=model, training_file=training.id, hyperparameters={"n_epochs": 50, "batch_size": 1, "learning_rate_multiplier": "auto"})
long = wait(long, "running", "succeeded", "failed", "cancelled")
check("a job in the older form runs", long.status == "running", (long.status, long.error))
paused = client.fine_tuning.jobs.pause(long.id)
end = time.monotonic() + 120
while not paused.model_extra["tuneplane"]["paused"] and time.monotonic() < end:
    time.sleep(0.5)
    paused = client.fine_tuning.jobs.retrieve(long.id)
check("a paused job is queued and says so", paused.status == "queued" and paused.model_extra["tuneplane"]["paused"], (paused.status, paused.model_extra))
client.fine_tuning.jobs.resume(long.id)
long = wait(client.fine_tuning.jobs.retrieve(long.id), "running", "succeeded", "failed", "cancelled", seconds=120)
check("resumed, it runs", long.status == "running", long.status)
client.fine_tuning.jobs.cancel(long.id)
long = wait(client.fine_tuning.jobs.retrieve(long.id), seconds=120)
check("a job is cancelled", long.status == "cancelled", long.status)
refused("cancelled again, it is refused", lambda: client.fine_tuning.jobs.cancel(long.id), openai.BadRequestError, 400)

# What is wrong is said, with the field.
create = client.fine_tuning.jobs.create
refused("an unknown file", lambda: create(model=model, training_file="file-none"), openai.BadRequestError, 400, param="training_file")
refused("an unknown model", lambda: create(model="no-such-model", training_file=training.id), openai.BadRequestError, 400, code="model_not_found", param="model")
refused("an unknown method", lambda: create(model=model, training_file=training.id, method={"type": "sft"}), openai.BadRequestError, 400)
refused("reinforcement", lambda: create(model=model, training_file=training.id, method={"type": "reinforcement", "reinforcement": {"grader": {}}}), openai.BadRequestError, 400, code="unsupported")
refused("too many epochs", lambda: create(model=model, training_file=training.id, hyperparameters={"n_epochs": 51}), openai.BadRequestError, 400)
refused("a suffix with a space", lambda: create(model=model, training_file=training.id, suffix="a b"), openai.BadRequestError, 400, param="suffix")
refused("a job that isn't there", lambda: client.fine_tuning.jobs.retrieve("ftjob-none"), openai.NotFoundError, 404)
refused("a model that isn't there", lambda: client.chat.completions.create(model="ft:no:such:model:x", messages=messages), openai.NotFoundError, 404)
refused("a wrong key", lambda: client.with_options(api_key="wrong").models.list(), openai.AuthenticationError, 401)
bad = client.files.create(file=("bad.jsonl", b'{"messages": []}\nnot json\n'), purpose="fine-tune")
ended = wait(create(model=model, training_file=bad.id), seconds=120)
check("a job on a broken file fails, and says why", ended.status == "failed" and "Example 0: empty messages" in ended.error.message, (ended.status, ended.error))
retried = {"x-stainless-retry-count": "1"}
original = create(model=model, training_file=training.id, suffix="retried")
repeated = create(model=model, training_file=training.id, suffix="retried", extra_headers=retried)
check("a create that the client retried gives the same job", original.id == repeated.id, (original.id, repeated.id))
client.fine_tuning.jobs.cancel(original.id)
first = client.with_options(default_headers={"Idempotency-Key": "flow-1"}).fine_tuning.jobs.create(model=model, training_file=training.id)
second = client.with_options(default_headers={"Idempotency-Key": "flow-1"}).fine_tuning.jobs.create(model=model, training_file=training.id)
check("one idempotency key gives one job", first.id == second.id, (first.id, second.id))
client.fine_tuning.jobs.cancel(first.id)

print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
