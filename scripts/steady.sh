# shellcheck shell=bash disable=SC2154
# What scripts/serve-steady measures with; sourced by it. Needs dir, port, samples and serve of it.

# await FILE TEXT PROCESS: until the file has the text.
await() {
  until grep -q "$2" "$1" 2>/dev/null; do
    kill -0 "$3" 2>/dev/null || { cat "$1" >&2; fail 2 "did not start"; }
    sleep 0.5
  done
}

# scrape: serve's metrics into a file.
scrape() {
  exec 9<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$port" >&9
  cat <&9 >"$dir/metrics"
  exec 9>&-
}

# metric NAME [LABEL]: the sum over its series.
metric() {
  awk -v name="$1" -v label="${2:-}" \
    '{ n = $1; sub(/\{.*/, "", n) } n == name && index($1, label) { sum += $NF } END { printf "%.0f\n", sum }' "$dir/metrics"
}

# sample SECONDS: a line of figures, after a full collection and between rounds: what is on its way now is no leak.
sample() {
  local n
  for ((n = 0; n < 200; n++)); do
    scrape
    (($(metric axonometer_in_flight) > 0)) || break
    sleep 0.1
  done
  "$JAVA_HOME/bin/jcmd" "$serve" GC.run >/dev/null
  scrape
  printf '%8d %8d %12d %8d %10d\n' "$1" "$(metric axonometer_rounds_total)" "$(metric process_files_open_files)" \
    "$(metric jvm_threads_live_threads)" "$(($(metric jvm_memory_used_bytes 'area="heap"') / 1024))" |
    tee -a "$dir/samples"
}

# median COLUMN FROM TO: of the samples of that part.
median() {
  sed -n "$2,$3p" "$dir/samples" | awk -v c="$1" '{ print $c }' | sort -n |
    awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# flat WHAT COLUMN MORE PER_CENT: whether the last third's median is no more than so much above the middle one's.
flat() {
  local middle last
  middle=$(median "$2" $((samples / 3 + 1)) $((samples * 2 / 3)))
  last=$(median "$2" $((samples * 2 / 3 + 1)) "$samples")
  echo "$1: median $middle in the middle third, $last in the last"
  ((last <= middle + $3 + middle * $4 / 100))
}
