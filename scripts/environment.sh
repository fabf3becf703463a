# Sourced by the scripts beside it. Makes .venv where it is missing and installs what a script needs:
#
#     prepare NAME [EXTRAS] [PACKAGE...]
#
# sets $bin to the folder of the installed programs. A stamp remembers what was installed, so that a second
# call takes no time; it is out of date as soon as pyproject.toml or constraints.txt changes.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  echo "tidymedia needs Python 3.11 or newer, and none was found. Install it, or name it: PYTHON=/path/to/python $0" >&2
  return 1
}

prepare() {
  local name=$1 extras=${2:-} venv="$root/.venv" python stamp wanted
  shift
  [[ $# -eq 0 ]] || shift
  if ! "$venv/bin/python" -c '' >/dev/null 2>&1 && ! "$venv/Scripts/python" -c '' >/dev/null 2>&1; then
    python=$(find_python)
    echo "Making $venv with $("$python" --version)" >&2
    "$python" -m venv --clear "$venv" || {
      echo "The environment could not be made. On Debian and Ubuntu: apt-get install python3-venv" >&2
      return 1
    }
  fi
  bin="$venv/bin"
  [[ -d "$bin" ]] || bin="$venv/Scripts"
  stamp="$venv/.installed-$name"
  wanted=$("$bin/python" - "$root" "$extras" "$@" <<'PYTHON'
import hashlib
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
digest = hashlib.sha256(repr((str(root), sys.version, sys.argv[2:])).encode())
for name in ("pyproject.toml", "constraints.txt"):
    digest.update((root / name).read_bytes())
print(digest.hexdigest())
PYTHON
)
  if [[ ! -f "$stamp" || "$(cat "$stamp")" != "$wanted" ]]; then
    echo "Installing tidymedia${extras:+ with $extras}; the first time this takes a minute or two" >&2
    "$bin/python" -m pip install --quiet --disable-pip-version-check \
      -c "$root/constraints.txt" -e "$root$extras" "$@" >&2
    echo "$wanted" >"$stamp"
  fi
}
