# shellcheck shell=bash
# For scripts that bring a database, jobs and a wallet of their own: the operator's are not passed on, or their
# rounds would be written into the operator's history. Sourced by them; how Java is found and started stays.
for name in "${!AXONOMETER_@}" "${!BT_@}"; do
  case $name in
    AXONOMETER_JDK_DIRS | AXONOMETER_JAVA_OPTS | AXONOMETER_START_UP_CACHE) ;;
    *) unset "$name" ;;
  esac
done
