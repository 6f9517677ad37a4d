# The peer of benchmarks/train_vs_peft.sh: LoRA steps with transformers and PEFT.
# usage: train_vs_peft.py MODEL THREADS fp32|bf16. Prints one JSON object.
import json
import resource
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

model_path, threads, compute = sys.argv[1], int(sys.argv[2]), sys.argv[3]
torch.set_num_threads(threads)
torch.manual_seed(1)
kind = torch.float32 if compute == "fp32" else torch.bfloat16
base = AutoModelForCausalLM.from_pretrained(model_path, dtype=kind)
targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16, target_modules=targets))
model.train()
parameters = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0.0)
ids = torch.randint(0, base.config.vocab_size, (4, 128))
labels = ids.clone()
labels[:, :64] = -100
best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    model(input_ids=ids, labels=labels).loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    best = min(best, time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"tokens_per_second": 512 / best, "compute": compute, "peak_memory_bytes": peak}))
