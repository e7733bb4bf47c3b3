#!/usr/bin/env bash
# The runtime under load, beside its own Initialize and beside a bare Kestrel handler, all in one run of about two minutes.
#
#   tests/Macp.Benchmarks/load.sh [--macpload PATH]     PATH: the folder of the load client; ../shared/tools/macpload when not said.
#
# Prints the load client's lines and a summary. Exit status: 0 all calls were answered as they should; 1 some were not; 2 wrong usage.
. "$(dirname "$0")/harness.sh"

serve runtime
runtime=(--endpoint "$ready" --pid "$pid")
start bare 'listening on http://' "${benchmarks[@]}" bare --listen 127.0.0.1:0
bare=(--endpoint "$ready" --pid "$pid")

load send --sessions 5000 --inflight 64 --control "${runtime[@]}"
client echo --seconds 2 "${bare[@]}" > "$work/warm" || failed=1
load echo --inflight 64 "${bare[@]}"
load grow --messages 20000 "${runtime[@]}"
load start --sessions 5000 "${runtime[@]}"
fan 10 1000 "${runtime[@]}"

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
