# shellcheck shell=bash
# The official SDK in a virtual environment below target/interop, installed once. Sourced.

# install_sdk ROOT: makes it where there is none of these very requirements; ends the script when
# that cannot be.
install_sdk() {
  local parts=$1/scripts/interop.d python=$1/target/interop/python wanted
  wanted=$(sha256sum "$parts/requirements.txt")
  if [[ -f $python/installed && $(<"$python/installed") == "$wanted" ]]; then
    return
  fi
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "${0##*/}: needs Python 3.11 or newer, found $(python3 --version)" >&2
    exit 1
  }
  echo "${0##*/}: installing the official SDK, once" >&2
  rm -rf "$python"
  mkdir -p "${python%/*}"
  python3 -m venv "$python" || {
    echo "${0##*/}: Python cannot make a virtual environment; install python3-venv" >&2
    exit 1
  }
  "$python/bin/pip" install --quiet --disable-pip-version-check --requirement "$parts/requirements.txt"
  echo "$wanted" >"$python/installed"
}
