#!/usr/bin/env bash
# The server under load: jobs accepted and finished, requests with many jobs stored, followers of one job, start and memory.
#   benchmarks/server.sh [sqlite|postgres] [JOBS=500] [STORED=100000] [FOLLOWERS=1000]
# Jobs go to a stand-in for OpenAI on this machine, whose jobs end within a second. Needs a built tree; compiles the tests' classes.
set -euo pipefail
cd "$(dirname "$0")/.."
where=${1:-sqlite} jobs=${2:-500} stored=${3:-100000} followers=${4:-1000}
./tuneplane --version >/dev/null
.ci/test-classes
. .ci/jdk
work=$(mktemp -d)
started=()
finish() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
classes="target/test-classes:target/classes:$(cat target/test-classpath.txt)"

beside() { # main class; prints its address. It ends with the file that is its standard input.
  mkfifo "$work/$1.in"
  java -Xmx1g -cp "$classes" "$1" <"$work/$1.in" >"$work/$1.out" 2>"$work/$1.err" &
  started+=($!)
  exec {hold}>"$work/$1.in"
  until [ -s "$work/$1.out" ]; do sleep 0.1; kill -0 "${started[-1]}" || { cat "$work/$1.err" >&2; exit 1; }; done
}

beside io.tuneplane.backend.openai.FakeOpenAiProcess
export TUNEPLANE_OPENAI_BASE_URL=$(cat "$work/io.tuneplane.backend.openai.FakeOpenAiProcess.out")
export TUNEPLANE_OPENAI_API_KEY=sk-canary-7Jq2fZ0wTq TUNEPLANE_OPENAI_MODELS=smollm2-135m-instruct TUNEPLANE_OPENAI_PRIVATE_ADDRESSES=127.0.0.1
jdbc="jdbc:sqlite:$work/data/tuneplane.db"
if [ "$where" = postgres ]; then
  beside io.tuneplane.store.PostgresProcess
  export TUNEPLANE_DATABASE_URL=$(cat "$work/io.tuneplane.store.PostgresProcess.out")
  jdbc="jdbc:postgresql://${TUNEPLANE_DATABASE_URL#*@}?user=postgres&password=postgres"
fi

serve() {
  local start=${EPOCHREALTIME/./}
  : >"$work/out"
  ./tuneplane serve --port 0 --data-dir "$work/data" >"$work/out" 2>"$work/server.err" &
  server=$!
  started+=("$server")
  until grep -q "on http" "$work/out"; do sleep 0.01; kill -0 "$server" || { cat "$work/server.err" >&2; exit 1; }; done
  url=$(awk '{print $NF}' "$work/out")
  until curl -fs "$url/readyz" >/dev/null; do sleep 0.01; done
  echo "ready after $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
}

load() { java -cp target/classes benchmarks/ServerBenchmark.java "$url" "$(cat "$work/data/admin.key")" smollm2-135m-instruct "$@"; }

echo "$where; $(nproc) processors, load before: $(cut -d' ' -f1-3 /proc/loadavg)"
serve
sleep 20
echo "resident after 20 idle seconds: $(awk '/VmRSS/ {printf "%.0f MB", $2 / 1024}' "/proc/$server/status")"
load jobs 50 >/dev/null # to warm up
load jobs "$jobs"
java -cp 'target/tuneplane.jar:target/lib/*' benchmarks/ManyJobs.java "$jdbc" "$stored"
load requests 1000
load followers "$followers"
kill "$server"
wait "$server" || true
serve
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
