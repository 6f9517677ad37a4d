# Trains as Tuneplane's trainer did, with transformers and PEFT, and reads the trainer's adapter.
# usage: peft_peer.py MODEL WORK; WORK holds init/ and trained/ (adapters) and batches.json.
# Prints one JSON object: losses, and log-probabilities under the base and under trained/.
import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

model_path, work = sys.argv[1:3]
plan = json.load(open(work + "/batches.json"))
torch.set_num_threads(plan["threads"])


def load(adapter, trainable):
    base = AutoModelForCausalLM.from_pretrained(model_path, dtype=torch.float32)
    return PeftModel.from_pretrained(base, work + "/" + adapter, is_trainable=trainable)


def padded(batch):
    width = max(len(e["tokens"]) for e in batch)
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    labels = torch.full((len(batch), width), -100)
    mask = torch.zeros(len(batch), width, dtype=torch.long)
    for row, example in enumerate(batch):
        n = len(example["tokens"])
        ids[row, :n] = torch.tensor(example["tokens"])
        mask[row, :n] = 1
        for i, target in enumerate(example["target"]):
            if target:
                labels[row, i] = example["tokens"][i]
    return ids, labels, mask


model = load("init", True)
model.train()
parameters = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(parameters, lr=plan["learning_rate"], weight_decay=0.0)
losses = []
for batch in plan["batches"]:
    ids, labels, mask = padded(batch)
    loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, plan["max_grad_norm"])
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    losses.append(loss.item())

model = load("trained", False)
model.eval()


def log_probabilities(example):
    ids = torch.tensor([example["tokens"]])
    with torch.no_grad():
        logp = model(input_ids=ids).logits[0].log_softmax(-1)
    return [
        logp[i - 1, example["tokens"][i]].item()
        for i, target in enumerate(example["target"])
        if target
    ]


probes = plan["batches"][0]
with model.disable_adapter():
    base = [log_probabilities(e) for e in probes]
tuned = [log_probabilities(e) for e in probes]
print(json.dumps({"losses": losses, "base": base, "tuned": tuned}))
