"""TRL's trainers with the contract's steps: each optimiser step is one batch of the job, cut into passes.

Losses, gradients and the loop are TRL's and transformers'. Ours are the order of the examples, the passes, the rate of
each step, and what is done between steps (`steps.Steps`). No two examples ever share a row of a pass, so none sees
another; `packing` says only whether several rows share a pass.
"""

from __future__ import annotations

import contextlib
from typing import Any

import torch
from datasets import Dataset
from torch.utils.data import DataLoader
from transformers import PrinterCallback, TrainerCallback
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from tuneplane_trl import figures
from tuneplane_trl.data import Encoded
from tuneplane_trl.exits import Stopped, WrongInput
from tuneplane_trl.figures import Figures
from tuneplane_trl.passes import Pass
from tuneplane_trl.steps import Steps
from tuneplane_trl.trained import like


class _Contract:
    """What both trainers do alike; mixed in before TRL's class."""

    steps: Steps

    def attach(self, steps: Steps) -> None:
        """Ties the trainer to its run; before `train`."""
        self.steps = steps
        self.remove_callback(PrinterCallback)
        self.add_callback(_BetweenSteps(self))
        self.model.register_forward_hook(self._remember, with_kwargs=False)

    def _remember(self, module: Any, inputs: Any, outputs: Any) -> None:
        self._outputs = outputs

    def get_train_dataloader(self) -> DataLoader:
        """One item an optimiser step: its number."""
        numbers = list(range(self.steps.step + 1, self.steps.total + 1))
        return DataLoader(numbers, batch_size=None, shuffle=False, collate_fn=lambda n: {"step": n})

    def floating_point_ops(self, inputs: Any) -> int:
        """Not counted: the inputs are step numbers."""
        return 0

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        """AdamW as the contract has it, with its moments where the run goes on."""
        decay = self.steps.job.hyperparameters.weight_decay
        own = self.steps.trained.parameters(self.model)
        kept = [p for p in own.values() if p.ndim > 1]
        bare = [p for p in own.values() if p.ndim <= 1]
        groups = [{"params": kept, "weight_decay": decay}, {"params": bare, "weight_decay": 0.0}]
        optimizer = torch.optim.AdamW([g for g in groups if g["params"]], lr=1.0, betas=(0.9, 0.999), eps=1e-8)
        moments = self.steps.start_moments()
        if moments is not None:
            for name, parameter in own.items():
                optimizer.state[parameter] = {
                    "step": torch.tensor(float(self.steps.step)),
                    **{kind: like(moments[kind][name], parameter.data) for kind in moments},
                }
        self.optimizer = optimizer
        return optimizer

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """The rate of each step, in closed form."""
        rate, first = self.steps.rate, self.steps.step
        self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda done: rate.at(min(first + done + 1, rate.total))
        )
        self._created_lr_scheduler = True
        return self.lr_scheduler

    def training_step(self, model: Any, inputs: Any, num_items_in_batch: Any = None) -> torch.Tensor:
        """Adds up the gradient of a step's batch; `Stopped` if asked to stop before the last pass."""
        self._metrics["train"].clear()
        model.train()
        batch = self.steps.begin(int(inputs["step"]))
        passes = self.steps.cut(batch)
        count = sum(self._count(e) for e in batch)
        done = Figures()
        for turn, part in enumerate(passes):
            if self.steps.stops_between_passes():
                raise Stopped
            given = self._inputs(part.examples)
            torch.manual_seed(self.steps.draw(turn))
            with self._gradient_sync(model, turn == len(passes) - 1), self.compute_loss_context_manager():
                loss = self._weighted(model, given, part, count)
                self.accelerator.backward(loss)
            done = done.plus(self._figures(given, part)) if part.counts else done
        self.steps.learnt(done)
        return torch.zeros((), device=self.args.device)

    def _gradient_sync(self, model: Any, last: bool) -> Any:
        if last or self.steps.world.size == 1:
            if hasattr(model, "set_requires_gradient_sync"):
                model.set_requires_gradient_sync(True)
            return contextlib.nullcontext()
        if hasattr(model, "set_requires_gradient_sync"):
            model.set_requires_gradient_sync(False)
            return contextlib.nullcontext()
        return model.no_sync()

    def _clip_grad_norm(self, model: Any) -> float:
        own = list(self.steps.trained.parameters(self.model).values())
        return _number(torch.nn.utils.clip_grad_norm_(own, self.args.max_grad_norm))

    def _get_grad_norm(self, model: Any, grad_norm: Any = None) -> float:
        if grad_norm is None:
            own = self.steps.trained.parameters(self.model).values()
            grad_norm = _number(torch.nn.utils.get_total_norm([p.grad for p in own if p.grad is not None]))
        if not self.steps.finite(grad_norm):
            raise WrongInput(
                f"step {self.steps.step + 1}: the loss or its gradient is no longer a finite number."
                " Lower the learning rate."
            )
        return grad_norm

    def validate(self, examples: list[Encoded]) -> Figures:
        """Loss and accuracy over some examples, without learning."""
        self.model.eval()
        done = Figures()
        with torch.no_grad():
            for part in self.steps.cut(examples):
                given = self._inputs(part.examples)
                with self.compute_loss_context_manager():
                    self.compute_loss(self.model_wrapped, given)
                done = done.plus(self._figures(given, part)) if part.counts else done
        self._metrics["eval"].clear()
        return Figures(*self.steps.world.sum(done.values()))

    def _padded(self, rows: list[list[int]], filler: int) -> torch.Tensor:
        width = max(len(r) for r in rows)
        return torch.tensor([r + [filler] * (width - len(r)) for r in rows], device=self.args.device)

    def _tokens(self, sequences: list[Any]) -> dict[str, torch.Tensor]:
        pad = self.processing_class.pad_token_id
        return {
            "input_ids": self._padded([s.tokens for s in sequences], pad),
            "attention_mask": self._padded([[1] * len(s.tokens) for s in sequences], 0),
        }


class SupervisedTrainer(_Contract, SFTTrainer):
    """TRL's supervised trainer: the mean of -log p over all learnt tokens of a batch."""

    def _prepare_dataset(self, dataset: Any, *args: Any, **kwargs: Any) -> Any:
        return dataset

    def _count(self, example: Encoded) -> int:
        return example.sequences[0].targets

    def _inputs(self, examples: list[Encoded]) -> dict[str, torch.Tensor]:
        sequences = [e.sequences[0] for e in examples]
        labels = [[t if learnt else -100 for t, learnt in zip(s.tokens, s.target, strict=True)] for s in sequences]
        return {**self._tokens(sequences), "labels": self._padded(labels, -100)}

    def _weighted(self, model: Any, given: dict[str, torch.Tensor], part: Pass, count: int) -> torch.Tensor:
        loss = self.compute_loss(model, given, num_items_in_batch=torch.tensor(count, device=self.args.device))
        return loss if part.counts else loss * 0

    def _figures(self, given: dict[str, torch.Tensor], part: Pass) -> Figures:
        return figures.of_tokens(self._outputs, part.examples)


class PreferenceTrainer(_Contract, DPOTrainer):
    """TRL's dpo trainer with the sigmoid loss; the reference is asked once for each pair, alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.precompute_ref_logps = True  # `_compute_loss` reads the reference from the inputs.
        self._references: dict[int, tuple[float, float]] = {}

    def _prepare_dataset(self, dataset: Any, *args: Any, **kwargs: Any) -> Any:
        return dataset

    def _precompute_ref_logps(self, dataset: Any, *args: Any, **kwargs: Any) -> Any:
        return dataset

    def ask_reference(self, examples: list[Encoded]) -> None:
        """Asks for all pairs now: a model that is trained as a whole is its own reference only at the start."""
        for example in examples:
            self._reference(example)

    def _reference(self, example: Encoded) -> tuple[float, float]:
        if id(example) not in self._references:
            learning = self.model.training
            self.model.eval()
            better, worse = self.compute_ref_log_probs(self.model, self._pair_inputs([example]))
            self.model.train(learning)
            self._references[id(example)] = (better.item(), worse.item())
        return self._references[id(example)]

    def _count(self, example: Encoded) -> int:
        return 1

    def _pair_inputs(self, examples: list[Encoded]) -> dict[str, torch.Tensor]:
        sequences = [e.sequences[side] for side in (0, 1) for e in examples]
        marks = [[int(learnt) for learnt in s.target] for s in sequences]
        return {**self._tokens(sequences), "completion_mask": self._padded(marks, 0)}

    def _inputs(self, examples: list[Encoded]) -> dict[str, torch.Tensor]:
        references = torch.tensor([self._reference(e) for e in examples], device=self.args.device)
        return {
            **self._pair_inputs(examples),
            "ref_chosen_logps": references[:, 0],
            "ref_rejected_logps": references[:, 1],
        }

    def _weighted(self, model: Any, given: dict[str, torch.Tensor], part: Pass, count: int) -> torch.Tensor:
        # TRL's loss is the mean of this process's pairs, and gradients are averaged over processes.
        share = len(part.examples) * self.steps.world.size / count if part.counts else 0.0
        return self.compute_loss(model, given) * share

    def _figures(self, given: dict[str, torch.Tensor], part: Pass) -> Figures:
        return figures.of_pairs(self._outputs, given, self.beta, part.examples)


class _BetweenSteps(TrainerCallback):
    """Hands the loop back to the run after each optimiser step."""

    def __init__(self, trainer: Any) -> None:
        self._trainer = trainer

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """After the optimiser's step and that of the rate."""
        self._trainer.steps.ended(self._trainer)


def _number(norm: torch.Tensor) -> float:
    return float(norm.full_tensor() if hasattr(norm, "full_tensor") else norm)


def make(steps: Steps, model: Any, peft_config: Any, tokenizer: Any, work: str, checkpointing: bool) -> Any:
    """The trainer of the job's method."""
    job = steps.job
    common: dict[str, Any] = {
        "output_dir": work,
        "max_steps": max(1, steps.total - steps.step),
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": 1,
        "learning_rate": job.hyperparameters.learning_rate,
        "max_grad_norm": job.hyperparameters.max_grad_norm,
        "weight_decay": job.hyperparameters.weight_decay,
        "bf16": steps.bf16,
        "use_cpu": steps.world.device.type == "cpu",
        "gradient_checkpointing": checkpointing,
        "save_strategy": "no",
        "eval_strategy": "no",
        "logging_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "seed": job.seed % 2**32,
        "remove_unused_columns": False,
        "logging_nan_inf_filter": False,
        "average_tokens_across_devices": True,
        "ddp_find_unused_parameters": False,
        "max_length": None,
    }
    given: dict[str, Any] = {"model": model, "processing_class": tokenizer, "peft_config": peft_config}
    if job.dpo:
        full = job.hyperparameters.full
        config = DPOConfig(
            **common, beta=job.hyperparameters.beta, disable_dropout=False, precompute_ref_log_probs=full
        )
        words = Dataset.from_list([{"prompt": "a", "chosen": "b", "rejected": "c"}])
        trainer = PreferenceTrainer(args=config, train_dataset=words, **given)
    else:
        config = SFTConfig(**common, packing=False, loss_type="nll", dataset_kwargs={"skip_prepare_dataset": True})
        numbers = Dataset.from_list([{"input_ids": [0, 0], "labels": [0, 0]}])
        trainer = SupervisedTrainer(args=config, train_dataset=numbers, **given)
    trainer.attach(steps)
    return trainer
