# shellcheck shell=bash
# The start-up cache: the jar unpacked beside itself, with its classes loaded and linked, for what is
# in this jar, for this very Java and these options. Made once, in some seconds; without it everything
# works, only slower to start. Sourced by scripts/axonometer.

# make_cache ROOT JAR CACHE OPTION...: makes it in a folder of its own, then moves it into place.
make_cache() (
  # shellcheck source=scripts/own-set-up.sh
  . "$1/scripts/own-set-up.sh" # never the operator's wallet
  mkdir -p "${3%/*}" && scratch=$(mktemp -d "${3%/*}/new.XXXXXX") || exit 1
  trap 'rm -rf "$scratch"' EXIT
  mkdir "$scratch/cache" || exit 1
  "$JAVA_HOME/bin/java" -Djarmode=tools -jar "$2" extract --destination "$scratch/cache/app" || exit 1
  AXONOMETER_DB=h2 AXONOMETER_HOME=$scratch/home AXONOMETER_JOBS=$1/jobs "$JAVA_HOME/bin/java" "${@:4}" \
    -XX:AOTCacheOutput="$scratch/cache/classes.aot" -jar "$scratch/cache/app/axonometer.jar" train-start-up
  # A round may fail where there are no addresses for simulated axons; the classes of the rest are there.
  [[ -s $scratch/cache/classes.aot ]] || exit 1
  # Another start may have been quicker.
  [[ -d $3 ]] || mv "$scratch/cache" "$3" || exit 1
  forget_others "$3"
)

# forget_others CACHE: deletes the caches of other jars that no program runs from.
forget_others() {
  local other
  for other in "${1%/*}"/[0-9]*; do
    [[ $other == "$1" ]] || in_use "$other" || rm -rf "$other"
  done
}

# in_use CACHE: whether a program that we can see runs from it, and still reads classes there; also when there is no ps.
in_use() {
  local running
  ! running=$(ps -Aww -o args= 2>/dev/null) || [[ $running == *"$1/"* ]]
}

# start_up_cache ROOT JAR OPTION...: sets cache to its folder, making it when there is none; 1 when
# there can be none.
start_up_cache() {
  local key
  # A jar's last part is its directory, with the sizes and sums of all that is in it.
  key=$(tail -c 262144 "$2" | cksum; cat "$JAVA_HOME/release"; printf '%s\n' "${@:3}")
  cache=$1/target/start-up/$(printf '%s' "$key" | cksum | tr -c '0-9\n' -)
  if [[ ! -d $cache && -w $1/target ]]; then
    echo "axonometer: preparing faster starts, once" >&2
    make_cache "$1" "$2" "$cache" "${@:3}" >/dev/null 2>&1 || echo "axonometer: that failed; starting without" >&2
  fi
  [[ -d $cache ]]
}
