#!/usr/bin/env bash
# Follows the README's walk-through to the letter: packs this repository, goes to an empty folder outside of it, writes the files that the
# README names, runs the commands that it gives, and looks for the output that it shows.
# Ends with "walkthrough: N steps passed"; at the first step that fails it says which, and exits with another status than 0.
set -euo pipefail
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
log=$work/log
steps=0 step="" server=""

finish() {
  local status=$?
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ "$status" = 0 ] || { cat "$log" 2>/dev/null || true; echo "walkthrough: FAILED after $steps steps: $step"; }
  rm -rf "$work"
}
trap finish EXIT

begin() { step=$1; echo "== $step"; }
passed() { steps=$((steps + 1)); }

begin "dotnet pack"
# Debug, since CI has built that already.
dotnet pack "$repository/Macp.Modes.sln" -c Debug -o "$work/packages" -v quiet >"$log" 2>&1
ls "$work/packages"
passed

# Beside the usual source; with a cache of its own, so that no package of an earlier day is taken for today's.
export NUGET_PACKAGES=$work/cache
cat >"$work/nuget.config" <<'CONFIG'
<configuration><packageSources><add key="walkthrough" value="packages" /></packageSources></configuration>
CONFIG

# Each fenced block becomes a file, numbered in the README's order and named for its language; beside it stands the name that the README gives it.
mkdir "$work/blocks"
awk -v folder="$work/blocks" '
  /^## / && !fenced  { inside = ($0 == "## Write a mode of your own") }
  !inside            { next }
  /^```/ && fenced   { fenced = 0; name = ""; close(block); next }
  /^```/             { fenced = 1; block = sprintf("%s/%02d.%s", folder, ++number, substr($0, 4)); if (name) print name > (block ".name"); next }
  fenced             { print > block; next }
  /^`[^`]+`.*:$/     { name = substr($0, 2, index(substr($0, 2), "`") - 1) }
' "$repository/README.md"

cd "$work"
for block in "$work"/blocks/*; do
  case $block in
    *.name) ;;
    *.sh)
      begin "$(cat "$block")"
      # In this shell, so that the next step goes on in the folder where this one ends.
      source "$block" >"$log" 2>&1
      passed
      ;;
    *.text)
      begin "its output is as shown"
      cat "$log"
      while IFS= read -r line; do grep -qF -- "$line" "$log" || { step="the output lacks: $line"; exit 1; }; done <"$block"
      passed
      ;;
    *)
      step="the README names no file for $(basename "$block")"
      name=$(cat "$block.name")
      begin "writing $name"
      mkdir -p "$(dirname "$name")"
      cp "$block" "$name"
      passed
      ;;
  esac
done

begin "the host serves the auction, and the scenario conforms"
dotnet Auction.Host/bin/Debug/net10.0/Auction.Host.dll serve --dev --listen 127.0.0.1:0 --data "$work/data" >"$work/server" 2>&1 &
server=$!
for _ in $(seq 100); do
  endpoint=$(grep -oE 'http://[0-9.:]+' "$work/server" || true)
  if [ -n "$endpoint" ] || ! kill -0 "$server"; then break; fi
  sleep 0.1
done
dotnet run --no-build --project Auction.Host -- conform auction.json --endpoint "$endpoint" >"$log" 2>&1
cat "$log"
passed

begin "nothing of the compiler's has come with the packages"
if grep -l Microsoft.CodeAnalysis ./*/obj/project.assets.json >"$log"; then exit 1; fi
passed

echo "walkthrough: $steps steps passed"
