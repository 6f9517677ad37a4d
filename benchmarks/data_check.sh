#!/bin/sh
# data check against the section's Python function, in one run: benchmarks/data_check.sh [LINES] [BYTES_A_LINE]
# The goal: 1,000,000 lines of 2,000 bytes, at least 30 times as fast, 256 MB of heap.
# Needs Python 3 with NumPy (PYTHON, default python3); pandas is measured if it is there. Data goes to a temporary folder.
set -eu
lines=${1:-1000000}; bytes=${2:-2000}
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd); root=$(dirname -- "$here")
python=${PYTHON:-python3}; java=${JAVA:-java}
classpath=${CLASSPATH_TUNEPLANE:-"$root/target/tuneplane.jar:$root/target/lib/*"}
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT INT TERM
file=$scratch/train.jsonl
"$python" "$here/data_check.py" generate "$file" "$lines" "$bytes"
ours() { # arguments of the command; prints seconds of the whole process
  start=$(date +%s.%N)
  "$java" -Xmx256m --enable-native-access=ALL-UNNAMED -cp "$classpath" io.tuneplane.Main data check "$file" -o json "$@" > "$scratch/ours.json" || true
  end=$(date +%s.%N); echo "$end - $start" | bc
}
echo "machine: $(nproc) cores, $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-), load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "data: $lines lines, $(wc -c < "$file") bytes"
cat "$file" > /dev/null
fast=$(ours --estimate-only --no-near-duplicates)
peer=$("$python" "$here/data_check.py" check "$file"); rm -f "$file.out"
pandas=$("$python" "$here/data_check.py" pandas "$file")
near=$(ours --estimate-only)
exact=$(ours)
"$python" - "$peer" "$pandas" "$fast" "$near" "$exact" "$scratch/ours.json" "$(wc -c < "$file")" <<'PY'
import json, sys
peer, pandas, fast, near, exact = json.loads(sys.argv[1]), json.loads(sys.argv[2]), *map(float, sys.argv[3:6])
ours, size = json.load(open(sys.argv[6])), int(sys.argv[7]) / 1e6
total, valid, tokens = peer["answer"]
mine = ours["tokens"]["estimate"]
assert (ours["total"], ours["valid"]) == (total, valid), (ours["total"], ours["valid"], total, valid)
assert [mine["mean"], mine["median"], mine["p95"], mine["total"]] == tokens, (mine, tokens)
print(f"same answer: {total} examples, {valid} valid, tokens {tokens}")
def row(name, seconds, base):
    print(f"{name:58} {seconds:8.1f} s {size / seconds:8.0f} MB/s {base / seconds:6.1f} x")
row("the section's function, Python", peer["seconds"], peer["seconds"])
if pandas["seconds"]:
    row("pandas, rules alone", pandas["seconds"], peer["seconds"])
row("data check, the same work and equal examples, digest", fast, peer["seconds"])
row("data check, and near-duplicates", near, peer["seconds"])
row("data check, and exact o200k_base tokens (all)", exact, peer["seconds"])
PY
echo "load at the end: $(cut -d' ' -f1-3 /proc/loadavg)"
