#!/bin/sh
# Runs the given Python program under the first Python of this machine that is new enough.
# $PYTHON wins; version names come after python3, since python3 is what its owner chose.

try() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    if [ -n "$candidate" ] && try "$candidate"; then
        exec "$candidate" "$@"
    fi
done

found=$( (python3 --version || python --version) 2>/dev/null)
echo "Ampera needs Python 3.11 or newer; this machine has ${found:-none}. Name another one with PYTHON=/path/to/python3." >&2
exit 1
