"""transformers' side of decode.sh: decode_peer.py MODEL THREADS. Prints one line of JSON."""
import json, sys, time
import torch
from transformers import AutoModelForCausalLM

torch.set_num_threads(int(sys.argv[2]))
start = time.perf_counter()
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
load = time.perf_counter() - start


def seconds(count, tokens):
    prompt = torch.randint(1000, 20000, (count, 128), generator=torch.Generator().manual_seed(count))
    begin = time.perf_counter()
    with torch.inference_mode():
        model.generate(prompt, attention_mask=torch.ones_like(prompt), do_sample=False,
                       min_new_tokens=tokens, max_new_tokens=tokens, pad_token_id=0)
    return time.perf_counter() - begin


best = {"prefill": 0, "decode1": 0, "decode8": 0}
for _ in range(3):
    best["prefill"] = max(best["prefill"], 128 / seconds(1, 1))
    best["decode1"] = max(best["decode1"], 32 / (seconds(1, 33) - seconds(1, 1)))
    best["decode8"] = max(best["decode8"], 8 * 32 / (seconds(8, 33) - seconds(8, 1)))
print(json.dumps({"name": "transformers fp32", "load": round(load, 2), **{k: round(v, 1) for k, v in best.items()}}))
