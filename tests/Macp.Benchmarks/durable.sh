#!/usr/bin/env bash
# What it costs that an acknowledged message is on the disk: sends to a runtime with a journal, beside its own Initialize and beside the same without a
# journal, all in one run of about two minutes.
#
#   tests/Macp.Benchmarks/durable.sh [--macpload PATH]     PATH: the folder of the load client; ../shared/tools/macpload when not said.
#
# Prints the load client's lines and a summary. Exit status: 0 all calls were answered as they should; 1 some were not; 2 wrong usage.
. "$(dirname "$0")/harness.sh"

serve journal "$work/data"
journal=(--endpoint "$ready" --pid "$pid")
serve memory
memory=(--endpoint "$ready" --pid "$pid")

for inflight in 1 64 256; do
    load send --sessions 2000 --inflight $inflight --seconds 5 --control "${journal[@]}"
    load send --sessions 2000 --inflight $inflight --seconds 5 "${memory[@]}"
done
bytes=$(cat "$work"/data/*.segment | wc -c)
indexes=$(cat "$work"/data/*.index 2>/dev/null | wc -c)

# The lines are key=value pairs behind a name; control_* is Initialize on the journalled runtime, the second send that without a journal.
awk -v bytes="$bytes" -v indexes="$indexes" '
    { delete v; for (i = 2; i <= NF; i++) { split($i, pair, "="); v[pair[1]] = pair[2] } n = v["inflight"] }
    $1 ~ /^control_/ { rate[n] += v["rate"] / 2; p99[n] += v["p99_us"] / 2 }
    $1 == "send" && !(n in sent) { sent[n] = v["rate"]; p50[n] = v["p50_us"]; p[n] = v["p99_us"]; disk[n] = v["server_write_bytes_per_msg"]; accepted += v["accepted"]; next }
    $1 == "send"     { plain[n] = v["rate"] }
    END {
        print "\nsummary, by calls in flight: durable a second, of Initialize, of memory only; p50, p99 in us, of that of Initialize"
        for (i = 0; i < 3; i++) {
            n = i == 0 ? 1 : i == 1 ? 64 : 256
            printf "  %4d  %8.0f  %.2f  %.2f   %8.0f %8.0f  %.1f\n", n, sent[n], sent[n] / rate[n], sent[n] / plain[n], p50[n], p[n], p[n] / p99[n]
        }
        printf "  %.0f bytes of segments in the folder, %.0f of indexes; %.0f messages measured\n", bytes, indexes, accepted
    }' "$work/lines"
exit $failed
