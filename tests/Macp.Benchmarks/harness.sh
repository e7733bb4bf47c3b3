# What the scripts beside it share; sourced by them. Reads their one option, builds, starts servers, and stops them at the end.
set -euo pipefail

me=${0##*/}
root=$(cd "$(dirname "$0")/../.." && pwd)
macpload=$root/../shared/tools/macpload
case $# in
    0) ;;
    2) [ "$1" = --macpload ] || { echo "usage: $me [--macpload PATH]" >&2; exit 2; }; macpload=$2 ;;
    *) echo "usage: $me [--macpload PATH]" >&2; exit 2 ;;
esac
if [ ! -f "$macpload/macpload.csproj" ]; then
    echo "$me: skipped: there is no load client in $macpload; name its folder with --macpload"
    exit 0
fi

work=$(mktemp -d)
started=()
finish() {
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

build() { dotnet build -c Release -v q --nologo "$@" > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }; }
build "$root/src/Macp.Cli"
build "$root/tests/Macp.Benchmarks"
build "$macpload/macpload.csproj" --artifacts-path "$work/artifacts"

# start NAME READY COMMAND...: starts a process; sets $pid, and $ready to what follows the text READY once it has said so.
start() {
    local name=$1 text=$2; shift 2
    "$@" > "$work/$name.out" 2> "$work/$name.err" &
    pid=$!
    started+=("$pid")
    for _ in $(seq 300); do
        if grep -q -e "$text" "$work/$name.out"; then ready=$(sed -n "s|.*$text||p" "$work/$name.out"); return 0; fi
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "$me: $name did not start:" >&2
    cat "$work/$name.err" >&2
    exit 1
}

# serve NAME [FOLDER]: starts a runtime without limits, with its journal in the folder, or with history in memory; sets $pid and $ready, its address.
serve() {
    local histories=(MACP_MEMORY_ONLY=1)
    [ $# = 1 ] || histories=(MACP_DATA_DIR="$2")
    start "$1" 'connect with --endpoint http://' env "${histories[@]}" MACP_MAX_CONCURRENT_STREAMS=10000 MACP_SESSION_START_LIMIT_PER_MINUTE=2147483647 \
        MACP_MESSAGE_LIMIT_PER_MINUTE=2147483647 dotnet "$root/src/Macp.Cli/bin/Release/net10.0/macp.dll" serve --dev --listen 127.0.0.1:0
}

benchmarks=(dotnet "$root/tests/Macp.Benchmarks/bin/Release/net10.0/Macp.Benchmarks.dll")
client() { timeout 120 dotnet "$work/artifacts/bin/macpload/release/macpload.dll" "$@"; }

failed=0
# load COMMAND...: runs the load client and keeps its lines.
load() {
    client "$@" > "$work/line" || failed=1
    tee -a "$work/lines" < "$work/line"
}

# fan SUBSCRIBERS MESSAGES OPTION...: the load client's fanout. It shuts its streams' sockets down in both directions, so that the GOAWAY with which the
# server answers their end may reset them before it has noticed the end itself; then it dies without a line, and is run again.
fan() {
    local subscribers=$1 messages=$2 status=0; shift 2
    for _ in 1 2 3 4 5; do
        status=0
        client fanout --subscribers "$subscribers" --messages "$messages" "$@" > "$work/line" 2> "$work/fan.err" || status=$?
        [ ! -s "$work/line" ] && grep -q 'Connection reset by peer' "$work/fan.err" || break
    done
    cat "$work/fan.err" >&2
    [ $status = 0 ] || failed=1
    tee -a "$work/lines" < "$work/line"
}
