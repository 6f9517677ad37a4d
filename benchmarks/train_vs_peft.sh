#!/bin/sh
# LoRA training of SmolLM2, 4 x 128 tokens, half of them learnt, rank 8 on all linear layers:
# `runner calibrate` against transformers + PEFT, in turn, with the same threads and the same way of
# waiting. Prints each round, and the ratio of the medians with machine and load.
#
#   TUNEPLANE_SMOLLM2=<folder> TUNEPLANE_PYTHON=<python> [ROUNDS=3] [THREADS=2] [SPIN=50000] \
#     [COMPUTE=fp32] [PEER_COMPUTE=fp32] benchmarks/train_vs_peft.sh
#
# Needs a built tree (mvn package) and a Python with torch, transformers and peft. Without SPIN,
# threads sleep while they wait (OMP_WAIT_POLICY=passive).
set -eu
cd "$(dirname "$0")/.."
: "${TUNEPLANE_SMOLLM2:?names the folder of SmolLM2-135M-Instruct}"
python=${TUNEPLANE_PYTHON:-python3}
rounds=${ROUNDS:-3}
threads=${THREADS:-2}
compute=${COMPUTE:-fp32}
peer=${PEER_COMPUTE:-fp32}
classes=${TUNEPLANE_CLASSPATH:-target/tuneplane.jar:target/lib/*}
export OMP_NUM_THREADS="$threads" OPT_OUT_TRACKING=true
if [ -n "${SPIN:-}" ]; then export GOMP_SPINCOUNT="$SPIN"; else export OMP_WAIT_POLICY=passive; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/job.json" <<JSON
{"mark": "benchmark", "attempt": 1, "method": "supervised", "seed": 1, "compute": "$compute",
 "base_model": {"name": "smollm2", "path": "$TUNEPLANE_SMOLLM2", "digest": "$(printf '%064d' 0)"},
 "hyperparameters": {"n_epochs": 1, "batch_size": 4, "learning_rate": 1e-4, "learning_rate_multiplier": 1,
  "lora": {"r": 8, "alpha": 16, "dropout": 0, "use_rslora": false, "target_modules":
   ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]},
  "schedule": "constant", "warmup_ratio": 0, "weight_decay": 0, "max_grad_norm": 1, "packing": true, "max_length": 128},
 "data": {"train": "train.jsonl"},
 "limits": {"threads": $threads, "checkpoint_every_steps": 0, "checkpoint_every_seconds": 0, "validate_every_steps": 0}}
JSON

i=0
while [ "$i" -lt "$rounds" ]; do
  i=$((i + 1))
  "${JAVA:-java}" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dai.djl.offline=true \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$classes" io.tuneplane.runner.Runner calibrate "$work" \
    | tail -1 | tee -a "$work/ours"
  "$python" benchmarks/train_vs_peft.py "$TUNEPLANE_SMOLLM2" "$threads" "$peer" 2> "$work/words" \
    | tail -1 | tee -a "$work/theirs" || { cat "$work/words" >&2; exit 1; }
done
limit=$("${JAVA:-java}" --add-modules jdk.incubator.vector benchmarks/FmaPeak.java "$threads" 2> "$work/words")
"$python" - "$work" "$limit" <<'PY'
import json, os, platform, statistics, sys
read = lambda name: [json.loads(line) for line in open(os.path.join(sys.argv[1], name))]
ours, theirs = read("ours"), read("theirs")
speed = lambda rows: statistics.median(r["tokens_per_second"] for r in rows)
memory = lambda rows: max(r["peak_memory_bytes"] for r in rows) / 2**20
cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
peak = max(r["fp32_flops_per_second"] for r in ours)
print(f"tuneplane ({ours[0]['compute']}) {speed(ours):.0f} tokens/s, peak {memory(ours):.0f} MiB")
print(f"peft      ({theirs[0]['compute']}) {speed(theirs):.0f} tokens/s, peak {memory(theirs):.0f} MiB")
print(f"ratio {speed(ours) / speed(theirs):.2f} (goal 1.1), memory {memory(ours) / memory(theirs):.2f} (goal 1)")
for what, limit in ("bare multiply-adds", float(sys.argv[2])), ("the best fp32 matrix product", peak):
    print(f"share of {what} ({limit / 1e9:.0f} GFLOP/s) at 4 N FLOP a token: {speed(ours) * 4 * 134.5e6 / limit:.0%} (goal 50%)")
print(f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
PY
