# The peer of benchmarks/same_loss.sh: transformers + PEFT on the example data as their users run it,
# batches padded to their longest example. usage: same_loss.py MODEL THREADS EPOCHS RATE fp32|bf16
# Prints a line of JSON an epoch: seconds of training so far (loading apart), loss on the validation set.
import json
import os
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, get_linear_schedule_with_warmup

model_path, threads, epochs, rate, compute = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5]
examples = os.path.join(os.path.dirname(__file__), "..", "examples", "support")
torch.set_num_threads(threads)
torch.manual_seed(1)
tokenizer = AutoTokenizer.from_pretrained(model_path)
base = AutoModelForCausalLM.from_pretrained(model_path, dtype=torch.float32 if compute == "fp32" else torch.bfloat16)
targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16, target_modules=targets))


def encode(messages):
    """Ids, and labels for the assistant's turns up to the token that ends each."""
    ids = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=False)
    labels = [-100] * len(ids)
    for i, message in enumerate(messages):
        if message["role"] == "assistant" and message.get("weight", 1) != 0:
            start = len(tokenizer.apply_chat_template(messages[:i], tokenize=True, add_generation_prompt=True, return_dict=False))
            end = len(tokenizer.apply_chat_template(messages[: i + 1], tokenize=True, return_dict=False)) - 1
            labels[start:end] = ids[start:end]
    return ids, labels


def read(name):
    with open(os.path.join(examples, name), encoding="utf-8") as lines:
        return [encode(json.loads(line)["messages"]) for line in lines]


def batch(rows):
    longest = max(len(ids) for ids, _ in rows)
    pad = lambda values, filler: values + [filler] * (longest - len(values))
    return {
        "input_ids": torch.tensor([pad(ids, 0) for ids, _ in rows]),
        "attention_mask": torch.tensor([pad([1] * len(ids), 0) for ids, _ in rows]),
        "labels": torch.tensor([pad(labels, -100) for _, labels in rows]),
    }


def valid_loss(rows):
    model.eval()
    total = count = 0
    with torch.no_grad():
        for i in range(0, len(rows), 4):
            part = batch(rows[i : i + 4])
            n = (part["labels"][:, 1:] != -100).sum().item()
            total += model(**part).loss.item() * n
            count += n
    model.train()
    return total / count


train, valid = read("train.jsonl"), read("validation.jsonl")
steps = epochs * -(-len(train) // 4)
parameters = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.0)
schedule = get_linear_schedule_with_warmup(optimizer, round(0.03 * steps), steps)
model.train()
start = time.perf_counter()
for epoch in range(epochs):
    order = torch.randperm(len(train)).tolist()
    for i in range(0, len(order), 4):
        model(**batch([train[j] for j in order[i : i + 4]])).loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
    loss = valid_loss(valid)
    print(json.dumps({"epoch": epoch + 1, "seconds": time.perf_counter() - start, "valid_loss": loss}), flush=True)
