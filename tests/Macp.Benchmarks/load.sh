#!/usr/bin/env bash
# The runtime under load, beside its own Initialize and beside a bare Kestrel handler, all in one run of about two minutes.
#
#   tests/Macp.Benchmarks/load.sh [--macpload PATH]     PATH: the folder of the load client; ../shared/tools/macpload when not said.
#
# Prints the load client's lines and a summary. Exit status: 0 all calls were answered as they should; 1 some were not; 2 wrong usage.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
macpload=$root/../shared/tools/macpload
case $# in
    0) ;;
    2) [ "$1" = --macpload ] || { echo "usage: load.sh [--macpload PATH]" >&2; exit 2; }; macpload=$2 ;;
    *) echo "usage: load.sh [--macpload PATH]" >&2; exit 2 ;;
esac
if [ ! -f "$macpload/macpload.csproj" ]; then
    echo "load.sh: skipped: there is no load client in $macpload; name its folder with --macpload"
    exit 0
fi

work=$(mktemp -d)
servers=()
finish() {
    for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

build() { dotnet build -c Release -v q --nologo "$@" > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }; }
build "$root/src/Macp.Cli"
build "$root/tests/Macp.Benchmarks"
build "$macpload/macpload.csproj" --artifacts-path "$work/artifacts"

# start NAME COMMAND...: starts a server; sets $pid and $address once it has said that it is ready.
start() {
    local name=$1; shift
    "$@" > "$work/$name.out" 2> "$work/$name.err" &
    pid=$!
    servers+=("$pid")
    for _ in $(seq 300); do
        address=$(sed -n 's|.*listening on http://||p' "$work/$name.out")
        [ -z "$address" ] || return 0
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "load.sh: $name did not start:" >&2
    cat "$work/$name.err" >&2
    exit 1
}

client() { timeout 120 dotnet "$work/artifacts/bin/macpload/release/macpload.dll" "$@"; }

failed=0
# load COMMAND...: runs the load client and keeps its lines.
load() {
    client "$@" > "$work/line" || failed=1
    tee -a "$work/lines" < "$work/line"
}

export MACP_MEMORY_ONLY=1 MACP_SESSION_START_LIMIT_PER_MINUTE=2147483647 MACP_MESSAGE_LIMIT_PER_MINUTE=2147483647
start runtime dotnet "$root/src/Macp.Cli/bin/Release/net10.0/macp.dll" serve --dev --listen 127.0.0.1:0
runtime=(--endpoint "$address" --pid "$pid")
start bare dotnet "$root/tests/Macp.Benchmarks/bin/Release/net10.0/Macp.Benchmarks.dll" bare --listen 127.0.0.1:0
bare=(--endpoint "$address" --pid "$pid")

load send --sessions 5000 --inflight 64 --control "${runtime[@]}"
client echo --seconds 2 "${bare[@]}" > "$work/warm" || failed=1
load echo --inflight 64 "${bare[@]}"
load grow --messages 20000 "${runtime[@]}"
load start --sessions 5000 "${runtime[@]}"
# The load client may be cut off while it closes its streams, before it prints; once more then.
load fanout "${runtime[@]}"
[ -s "$work/line" ] || load fanout "${runtime[@]}"

# The lines are key=value pairs behind a name; echo is bare Kestrel, control_* is Initialize on the runtime.
awk '
    { delete v; for (i = 2; i <= NF; i++) { split($i, pair, "="); v[pair[1]] = pair[2] } }
    $1 ~ /^control_/ { rate += v["rate"] / 2; p99 += v["p99_us"] / 2; cpu += v["server_cpu_us_per_msg"] / 2 }
    $1 == "send"     { for (k in v) send[k] = v[k] }
    $1 == "echo"     { for (k in v) bare[k] = v[k] }
    $1 == "grow"     { if (!(first > 0)) first = v["us_per_msg"]; last = v["us_per_msg"]
                       if (!(first_p50 > 0)) first_p50 = v["p50_us"]; last_p50 = v["p50_us"] }
    $1 == "start"    { session = v["rss_kb_per_session"]; starts = v["rate"] }
    $1 == "fanout"   { delivered = v["delivered_rate"]; whole = v["missing"] == 0 && v["once"] == "True" && v["ordered"] == "True" }
    function line(what, figure, goal) { printf "  %-46s %12s   %s\n", what, figure, goal }
    END {
        print "\nsummary"
        line("accepted messages a second", sprintf("%.0f", send["rate"]), "")
        line("  of the Initialize rate of the same run", sprintf("%.3f", send["rate"] / rate), "goal: at least 0.7")
        line("  of the rate of bare Kestrel", sprintf("%.3f", send["rate"] / bare["rate"]), "")
        line("p99 of a message, us", send["p99_us"], "")
        line("  of the p99 of Initialize", sprintf("%.2f", send["p99_us"] / p99), "goal: at most 2")
        line("server CPU a message, us", send["server_cpu_us_per_msg"], "goal: at most 12")
        line("  of Initialize, of bare Kestrel", sprintf("%.1f, %.1f", cpu, bare["server_cpu_us_per_msg"]), "")
        line("one session of 20,000: last tenth to first", sprintf("%.2f", last / first), "goal: 0.9 to 1.1")
        line("  by the median call", sprintf("%.2f", last_p50 / first_p50), "")
        line("starts a second; resident KiB a session", sprintf("%.0f; %s", starts, session), "")
        line("deliveries a second to 10 streams; all, in order", sprintf("%.0f; %s", delivered, whole ? "yes" : "no"), "")
    }' "$work/lines"
exit $failed
