# shellcheck shell=sh
# Finds a JDK 25 and exports JAVA_HOME. Sourced (POSIX sh) by mvnw, scripts/axonometer and .ci/run.
# AXONOMETER_JDK_DIRS, colon-separated, replaces the folders that are searched.

# is_jdk FOLDER TOOL: true when FOLDER is a Java 25 that has bin/TOOL (java to run, javac to build).
is_jdk() {
  [ -x "$1/bin/$2" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

# find_jdk TOOL: JAVA_HOME, then the java on PATH, then the usual folders; 1 when none of them fits.
find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME" "$1"; then
    export JAVA_HOME
    return 0
  fi
  if on_path=$(command -v java); then
    on_path=$(readlink -f "$on_path") || on_path=/nowhere/bin/java
    if is_jdk "${on_path%/bin/java}" "$1"; then
      JAVA_HOME=${on_path%/bin/java}
      export JAVA_HOME
      return 0
    fi
  fi
  usual="/usr/lib/jvm:/usr/local/lib/jvm:/usr/java:/opt:/opt/java:${HOME:-/nowhere}/.sdkman/candidates/java"
  usual="$usual:${HOME:-/nowhere}/.jdks:/Library/Java/JavaVirtualMachines"
  old_ifs=$IFS
  IFS=:
  for folder in ${AXONOMETER_JDK_DIRS-$usual}; do
    for candidate in "$folder"/* "$folder"/*/Contents/Home; do
      if is_jdk "$candidate" "$1"; then
        IFS=$old_ifs
        JAVA_HOME=$candidate
        export JAVA_HOME
        return 0
      fi
    done
  done
  IFS=$old_ifs
  return 1
}
