#!/usr/bin/env bash
# What subscribers get, and what they cost while nothing happens in their sessions; one run of less than three minutes.
#
#   tests/Macp.Benchmarks/fanout.sh [--macpload PATH]   PATH: the folder of the load client; ../shared/tools/macpload when not said.
#
# Prints the load client's lines and a summary. Exit status: 0 all was answered, and delivered once and in order; 1 it was not; 2 wrong usage.
. "$(dirname "$0")/harness.sh"

serve one
one=(--endpoint "$ready" --pid "$pid")
serve other
other=(--endpoint "$ready" --pid "$pid")

# The code has its final form only after a while.
warm() { client send --sessions 100 --seconds 2 "$@" && fan 50 10000 "$@"; }
{ warm "${one[@]}" && warm "${other[@]}" && rm "$work/lines"; } > "$work/warm" || failed=1

for _ in 1 2 3; do
    fan 1 20000 "${one[@]}"
    fan 10 20000 "${one[@]}"
    fan 100 10000 "${one[@]}"
done

# send IDLE OPTION...: messages a second, where so many idle subscribers are attached.
send() {
    client send --sessions 1000 --seconds 1 --warmup 0 "${@:2}" > "$work/line" || failed=1
    sed "s/\$/ idle=$1/" "$work/line" | tee -a "$work/lines"
}

# compare WITH WITHOUT: the runtime with idle subscribers and the one without, by turns. What it costs to attach them has its time before.
compare() {
    local -n with=$1 without=$2
    start idle ' subscribers attached' "${benchmarks[@]}" idle --subscribers 1000 --endpoint "${with[1]}"
    sleep 2
    for _ in 1 2 3 4 5; do send 0 "${without[@]}"; send 1000 "${with[@]}"; send 1000 "${with[@]}"; send 0 "${without[@]}"; done
    kill "$pid" || failed=1
    wait "$pid" || true
    sleep 2
}
compare one other
compare other one

# spread NAME KEY=VALUE FIGURE: the median and the range of a figure, over the lines of this name with this pair.
spread() {
    awk -v name="$1" -v pair="$2" -v figure="$3=" '
        $1 == name { for (i = 2; i <= NF; i++) { if ($i == pair) wanted = NR; if (index($i, figure) == 1) value = substr($i, length(figure) + 1) } }
        wanted == NR { print value }' "$work/lines" | sort -g |
        awk '{ v[NR] = $1 } END { if (NR) printf "%g (%g to %g)", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[1], v[NR] }'
}
line() { printf '  %-52s %30s   %s\n' "$@"; }

printf '\nsummary: median (least to most)\n'
for goal in 1:15,000 10:85,000 100:375,000; do
    line "deliveries a second to ${goal%:*}" "$(spread fanout "subscribers=${goal%:*}" delivered_rate)" "goal: at least ${goal#*:}"
    line '  server CPU a delivery, us' "$(spread fanout "subscribers=${goal%:*}" server_cpu_us_per_delivery)" ''
done
line 'runs that lost, repeated or reordered something' "$(grep '^fanout' "$work/lines" | grep -vc ' missing=0 once=True ordered=True ' || true)" 'goal: 0'
without=$(spread send idle=0 rate) with=$(spread send idle=1000 rate)
line 'accepted messages a second, nobody subscribed' "$without" ''
line '  with 1,000 idle subscribers' "$with" ''
line '  the one of the other' "$(awk "BEGIN { printf \"%.3f\", ${with%% *} / ${without%% *} }")" 'goal: at least 0.95'
line '  server CPU a message, us, without' "$(spread send idle=0 server_cpu_us_per_msg)" ''
line '  server CPU a message, us, with' "$(spread send idle=1000 server_cpu_us_per_msg)" ''
exit $failed
