# Sourced by scripts/check and scripts/test: runs a list of parts to the end, tells the time of each
# and which failed.

parts_failed=()
parts_started=$SECONDS

# part NAME COMMAND…: a failing part does not stop the next ones.
part() {
  local name=$1 started=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    printf -- '-- %s: ok, %s\n' "$name" "$(duration $((SECONDS - started)))"
  else
    printf -- '-- %s: FAILED, %s\n' "$name" "$(duration $((SECONDS - started)))"
    parts_failed+=("$name")
  fi
}

# parts_end SCRIPT: the closing line and the exit code.
parts_end() {
  local took
  took=$(duration $((SECONDS - parts_started)))
  if [ "${#parts_failed[@]}" = 0 ]; then
    printf '\n%s: all passed in %s\n' "$1" "$took"
    exit 0
  fi
  local IFS=,
  printf '\n%s: FAILED in %s: %s\n' "$1" "$took" "${parts_failed[*]}"
  exit 1
}

duration() {
  if [ "$1" -lt 60 ]; then
    echo "$1 s"
  else
    echo "$(($1 / 60)) min $(($1 % 60)) s"
  fi
}
