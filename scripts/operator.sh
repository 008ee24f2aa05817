# shellcheck shell=bash
# What the operators' scripts share; sourced by them. Sets project, me and axonometer; a --help as the first argument
# prints the comment at the script's head. Data and job folder are those of AXONOMETER_HOME and AXONOMETER_JOBS.
project=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)
me=${0##*/}
# shellcheck disable=SC2034  # for the scripts that source this
axonometer=$project/scripts/axonometer
export AXONOMETER_JOBS=${AXONOMETER_JOBS:-$project/jobs}

# fail CODE MESSAGE: one line on stderr, and the end.
fail() {
  echo "$me: $2" >&2
  exit "$1"
}

# usage: the comment at the script's head.
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# value FLAG [VALUE]: the value of a flag, which must be there.
value() {
  [[ $# -ge 2 && -n $2 ]] || fail 1 "$1 needs a value; see $me --help"
  printf '%s\n' "$2"
}

# rows SQL [FLAG...]: the answer of a query as CSV without its header, one LF a line. One that is cut is no answer.
at_most=100000
rows() {
  local answer
  answer=$("$axonometer" sql "$1" --format csv --limit "$at_most" "${@:2}") || return
  (($(wc -l <<<"$answer") <= at_most)) || fail 5 "more than $((at_most - 1)) rows; this script would miss some"
  tail -n +2 <<<"$answer" | tr -d '\r'
}

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  usage
  exit 0
fi
