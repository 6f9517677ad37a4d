"""One attempt: reads the job, resumes, trains, and leaves the result or a checkpoint."""

from __future__ import annotations

import fcntl
import json
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from tuneplane_trl import data, job, memory, model, recipe
from tuneplane_trl.checkpoints import Checkpoints, State
from tuneplane_trl.encoder import Encoder
from tuneplane_trl.events import EventLog
from tuneplane_trl.exits import ExitCode, Stopped, TryAgain, told
from tuneplane_trl.passes import Passes
from tuneplane_trl.result import Result
from tuneplane_trl.session import Session, build
from tuneplane_trl.steps import Setup, Steps
from tuneplane_trl.stop import StopRequest
from tuneplane_trl.trained import trained
from tuneplane_trl.world import World


def train(folder: Path, stop: StopRequest) -> ExitCode:
    """Runs the attempt. What went wrong is the last event; errors before there is a place for events are raised."""
    work = job.read(folder / "job.json")
    torch.set_num_threads(work.limits.threads)
    world = World.join()
    try:
        with _events(folder, work, world) as events:
            if world.agree(lambda: bool(events and events.result)):
                return ExitCode.DONE
            return _told(folder, work, world, events, stop)
    finally:
        world.leave()


@contextmanager
def _events(folder: Path, work: job.Job, world: World) -> Iterator[EventLog | None]:
    """The lock and the event log, in the first process alone."""
    if not world.first:
        world.agree(lambda: None)
        yield None
        return
    held: list[Any] = []

    def take() -> None:
        held.append((folder / "lock").open("a"))
        try:
            fcntl.lockf(held[0], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            raise TryAgain(f"another runner is at work in {folder}") from e
        held.append(EventLog(folder / "events.jsonl", work.attempt))

    try:
        world.agree(take)
        yield held[1]
    finally:
        for file in reversed(held):
            file.close()


def _told(folder: Path, work: job.Job, world: World, events: EventLog | None, stop: StopRequest) -> ExitCode:
    try:
        return Attempt(folder, work, world, events, stop).run()
    except Exception as e:
        error = told(e)
        if error is not e:
            traceback.print_exc(file=sys.stderr)
        if events is not None:
            events.error(str(error), error.code)
        elif world.size > 1:
            print(f"process {world.rank}: {error}", file=sys.stderr)
        return error.exit_code


class Attempt:
    """One attempt, once there is a place for events."""

    def __init__(
        self, folder: Path, work: job.Job, world: World, events: EventLog | None, stop: StopRequest
    ) -> None:
        self._folder = folder
        self._job = work
        self._world = world
        self._events = events
        self._stop = stop

    def run(self) -> ExitCode:
        """From the data to the result, or to a checkpoint."""
        base = model.open_folder(self._job)
        recipe.check(self._job, base, self._world.size)
        self._world.agree(lambda: model.require_digest(self._job))
        encoder = Encoder(base.tokenizer, min(self._job.hyperparameters.max_length, base.positions))
        examples = data.read(self._folder, self._job, encoder)
        what = trained(self._job, base)
        checkpoints = Checkpoints(self._folder, self._job, what)
        start = self._world.agree(lambda: self._resume(checkpoints))
        compute = start.compute if start else self._compute()
        checkpointing, passes = self._passes(base, examples, compute, start)
        setup = Setup(
            self._job, examples, what, checkpoints, passes, compute, self._world, self._events, self._stop
        )
        steps = Steps(setup, start)
        self._say(examples, compute, passes, start)
        if steps.step < steps.total and not self._learn(steps, base, checkpoints, checkpointing):
            return self._stopped()
        return self._finish(steps, base, encoder, examples, checkpoints, compute)

    def _resume(self, checkpoints: Checkpoints) -> State | None:
        broken: list[str] = []
        start = checkpoints.newest(broken)
        for sentence in broken:
            self._warn(sentence)
        if start is not None and start.threads != self._job.limits.threads:
            self._warn(
                f"the checkpoint was made with {start.threads} threads, not {self._job.limits.threads}: the result"
                " will differ in its last bits"
            )
        return start

    def _compute(self) -> str:
        if self._job.compute != "auto":
            return self._job.compute
        return "bf16" if torch.cuda.is_available() and torch.cuda.is_bf16_supported() else "fp32"

    def _passes(
        self, base: model.BaseModel, examples: data.JobData, compute: str, start: State | None
    ) -> tuple[bool, Passes]:
        """Whether activations are computed twice, and the size of a pass; `OutOfMemory` where nothing fits."""
        h, limits, device = self._job.hyperparameters, self._job.limits, self._world.device
        checkpointing = limits.gradient_checkpointing
        if checkpointing is None:
            checkpointing = device.type == "cuda"
        plan = memory.plan(base.config, h, compute == "bf16", checkpointing, device.type, self._world.size)
        usual = limits.pass_tokens or memory.USUAL_PASS[device.type]
        tokens = plan.pass_tokens(memory.available(limits.memory_bytes, device), examples.widest, usual)
        if start is not None:
            tokens = start.pass_tokens
        # Each process sees other free memory; all must cut alike.
        return checkpointing, Passes(self._world.agree(lambda: tokens), h.packing)

    def _say(self, examples: data.JobData, compute: str, passes: Passes, start: State | None) -> None:
        if self._events is None:
            return
        kind = "full" if self._job.hyperparameters.full else self._job.hyperparameters.quantization or "LoRA"
        self._events.info(
            f"{self._job.method} ({kind}) of {self._job.base_model.name} on {len(examples.train)} examples, {compute},"
            f" {self._world.size} x {self._world.device.type}, {self._job.limits.threads} threads, at most"
            f" {passes.tokens} tokens a pass; resolved: {json.dumps(self._job.resolved)}"
        )
        for remark in examples.remarks:
            self._events.warn(remark)
        if start is not None:
            self._events.info(f"goes on from checkpoints/step-{start.step}")

    def _learn(self, steps: Steps, base: model.BaseModel, checkpoints: Checkpoints, checkpointing: bool) -> bool:
        """Trains to the end; false if asked to stop first, when a checkpoint holds every whole step."""
        work = tempfile.mkdtemp(prefix="tuneplane-")
        try:
            session: Session = build(steps, base, checkpoints, work, checkpointing)
            try:
                session.trainer.train()
            except Stopped:
                steps.checkpoint(session.trainer, None)
                return False
            return True
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _finish(
        self,
        steps: Steps,
        base: model.BaseModel,
        encoder: Encoder,
        examples: data.JobData,
        checkpoints: Checkpoints,
        compute: str,
    ) -> ExitCode:
        """The last step ends an epoch, so its checkpoint holds what was trained. One process writes the rest."""
        if self._events is None:
            return ExitCode.DONE
        result = Result(self._folder, self._job, base, trained(self._job, base))
        result.write_trained(checkpoints.values(steps.total))
        if not result.write_golden(examples, encoder, self._world.device, self._stop):
            return self._stopped()
        result.write_metrics(self._events.metrics)
        self._events.append(
            "result",
            files=result.files(),
            base_digest=base.digest,
            template_digest=base.template_digest,
            compute=compute,
            steps=steps.total,
            tokens=steps.tokens,
            seconds=steps.seconds,
            peak_memory_bytes=memory.peak(self._world.device),
        )
        return ExitCode.DONE

    def _stopped(self) -> ExitCode:
        if self._events is not None:
            self._events.info(f"stopped: {self._stop.cause or 'another process was asked to'}")
        return ExitCode.STOPPED

    def _warn(self, sentence: str) -> None:
        if self._events is not None:
            self._events.warn(sentence)


