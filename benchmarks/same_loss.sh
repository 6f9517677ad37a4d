#!/bin/sh
# How long LoRA training of SmolLM2 takes on the example data to one and the same loss on the validation
# set: `runner train` against transformers + PEFT with padded batches, in turn, same rank, rate, batch
# size, schedule, threads and way of waiting. Model loading is left out on both sides; the validation is in.
#
#   TUNEPLANE_SMOLLM2=<folder> TUNEPLANE_PYTHON=<python> [EPOCHS=2] [THREADS=2] [SPIN=50000] \
#     [COMPUTE=auto] [PEER_COMPUTE=fp32] benchmarks/same_loss.sh
#
# The loss is the higher one of the two at their ends; the goal is 1.5 times as fast. Without SPIN,
# threads sleep while they wait.
set -eu
cd "$(dirname "$0")/.."
: "${TUNEPLANE_SMOLLM2:?names the folder of SmolLM2-135M-Instruct}"
python=${TUNEPLANE_PYTHON:-python3}
java=${JAVA:-java}
epochs=${EPOCHS:-2}
threads=${THREADS:-2}
classes=${TUNEPLANE_CLASSPATH:-target/tuneplane.jar:target/lib/*}
export OMP_NUM_THREADS="$threads" OPT_OUT_TRACKING=true
if [ -n "${SPIN:-}" ]; then export GOMP_SPINCOUNT="$SPIN"; else export OMP_WAIT_POLICY=passive; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp examples/support/train.jsonl examples/support/validation.jsonl "$work"
digest=$("$java" --enable-native-access=ALL-UNNAMED -cp "$classes" benchmarks/BaseDigest.java "$TUNEPLANE_SMOLLM2")
cat > "$work/job.json" <<JSON
{"mark": "same-loss", "attempt": 1, "method": "supervised", "seed": 1, "compute": "${COMPUTE:-auto}",
 "base_model": {"name": "smollm2", "path": "$TUNEPLANE_SMOLLM2", "digest": "$digest"},
 "hyperparameters": {"n_epochs": $epochs, "batch_size": 4, "learning_rate": 2e-3, "learning_rate_multiplier": 1,
  "lora": {"r": 8, "alpha": 16, "dropout": 0, "use_rslora": false, "target_modules":
   ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]},
  "schedule": "linear", "warmup_ratio": 0.03, "weight_decay": 0, "max_grad_norm": 1, "packing": true, "max_length": 512},
 "data": {"train": "train.jsonl", "validation": "validation.jsonl"},
 "limits": {"threads": $threads, "checkpoint_every_steps": 0, "checkpoint_every_seconds": 0, "validate_every_steps": 0}}
JSON
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
"$python" benchmarks/same_loss.py "$TUNEPLANE_SMOLLM2" "$threads" "$epochs" 2e-3 "${PEER_COMPUTE:-fp32}" 2> "$work/words" \
  | tee "$work/theirs" || { cat "$work/words" >&2; exit 1; }
"$java" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dai.djl.offline=true \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$classes" io.tuneplane.runner.Runner train "$work" --ignore-stdin
"$python" - "$work" <<'PY'
import datetime, json, os, sys
work = sys.argv[1]
read = lambda name: [json.loads(line) for line in open(os.path.join(work, name))]
events = read("events.jsonl")
at = lambda e: datetime.datetime.fromisoformat(e["at"].replace("Z", "+00:00")).timestamp()
metrics = [e for e in events if e["type"] == "metrics"]
# The first step ends one step after the model was there.
first = at(metrics[0])
begin = first - (at(metrics[1]) - first)
ours = [{"seconds": at(m) - begin, "valid_loss": m["full_valid_loss"]} for m in metrics if "full_valid_loss" in m]
theirs = read("theirs")
loss = max(ours[-1]["valid_loss"], theirs[-1]["valid_loss"])
reached = lambda rows: next(r["seconds"] for r in rows if r["valid_loss"] <= loss)
compute = next(e["compute"] for e in events if e["type"] == "result")
print("tuneplane:", [(round(r["seconds"], 1), round(r["valid_loss"], 3)) for r in ours], compute)
print("peft:     ", [(round(r["seconds"], 1), round(r["valid_loss"], 3)) for r in theirs])
print(f"to a validation loss of {loss:.3f}: {reached(ours):.1f} s against {reached(theirs):.1f} s, "
      f"{reached(theirs) / reached(ours):.2f} times as fast (goal 1.5)")
cpu = next(l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name"))
print(f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
PY
