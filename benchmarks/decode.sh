#!/bin/sh
# Decode and prefill on this machine against transformers and llama.cpp, in one run:
#   benchmarks/decode.sh MODEL_FOLDER [GGUF] [THREADS] [spin|nospin]
# The goals: at least 2 times transformers; at least 1.5 times llama.cpp at 8 sequences and not behind at 1.
# Peers run where they are found: transformers in PYTHON (default python3); llama.cpp where LLAMA_CLASSPATH holds de.kherud:llama and its annotations:
#   mvn dependency:get -Dartifact=de.kherud:llama:4.2.0
set -eu
model=$1; gguf=${2:-}; threads=${3:-$(nproc)}; spin=${4:-nospin}
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd); root=$(dirname -- "$here")
python=${PYTHON:-python3}; java=${JAVA:-java}
classpath=${CLASSPATH_TUNEPLANE:-"$root/target/tuneplane.jar:$root/target/lib/*"}
results=$(mktemp); trap 'rm -f "$results"' EXIT INT TERM
echo "machine: $(nproc) cores, $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-), load $(cut -d' ' -f1-3 /proc/loadavg); $threads threads, $spin"
ours() { "$java" -Xmx1g --enable-native-access=ALL-UNNAMED -cp "$classpath" "$here/DecodeBenchmark.java" "$model" "$1" "$threads" "$spin" | grep '^{' >> "$results"; }
ours int8; ours fp32
"$python" "$here/decode_peer.py" "$model" "$threads" | grep '^{' >> "$results" || echo "transformers: not measured"
if [ -n "$gguf" ] && [ -n "${LLAMA_CLASSPATH:-}" ]; then
  "$java" -Xmx1g --enable-native-access=ALL-UNNAMED -cp "$LLAMA_CLASSPATH" "$here/LlamaCppBenchmark.java" "$gguf" "$threads" | grep '^{' >> "$results" || echo "llama.cpp: not measured"
fi
ours int4
bandwidth=$("$java" -Xmx1g "$here/Bandwidth.java" "$threads")
"$python" - "$results" "$bandwidth" <<'PY'
import json, sys
rows = {r["name"]: r for r in map(json.loads, open(sys.argv[1]))}
print(f"{'':20}{'load s':>9}{'prefill':>10}{'decode 1':>10}{'decode 8':>10}   tokens/s")
for name, r in rows.items():
    print(f"{name:20}{r['load']:9.2f}" + "".join(f"{r[k]:10.1f}" if k in r else f"{'-':>10}" for k in ("prefill", "decode1", "decode8")))
for peer in ("transformers fp32", "llama.cpp"):
    for mine in ("tuneplane fp32", "tuneplane int8", "tuneplane int4"):
        if peer in rows:
            ratio = {k: rows[mine][k] / rows[peer][k] for k in ("decode1", "decode8")}
            print(f"{mine} / {peer}: {ratio['decode1']:.2f}x at 1, {ratio['decode8']:.2f}x at 8")
print(f"memory: {sys.argv[2]} GB/s read")
PY
echo "load at the end: $(cut -d' ' -f1-3 /proc/loadavg)"
