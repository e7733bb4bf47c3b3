#!/usr/bin/env bash
# What attacks on a runtime do to those who keep to their limits: their p99 under attack beside that of quiet windows of the same run, of about six minutes.
#
#   tests/Macp.Benchmarks/overload.sh [--seconds N] [--connections N]     N: seconds of a window, 5 when not said; idle connections, 10000 when not said.
#
# Prints a table, in Markdown. Exit status: 0 each p99 under attack is at most twice the quiet one; 1 some is not, or a message was refused; 2 wrong usage.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in src/Macp.Cli tests/Macp.Benchmarks; do
    dotnet build -c Release -v q --nologo "$root/$project" > "$log" 2>&1 || { cat "$log" >&2; exit 1; }
done

# Each connection is an open file, of the server and of whoever opens it.
ulimit -n "$(ulimit -H -n)"
printf '%s; at most %s open files a process\n' "$(uptime)" "$(ulimit -n)"
dotnet "$root/tests/Macp.Benchmarks/bin/Release/net10.0/Macp.Benchmarks.dll" overload "$@"
