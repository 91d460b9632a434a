# Sourced by the commands: finds a Python that Odoo 19 accepts.
checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

start='import runpy, sys
sys.path[0], name = sys.argv[1:3]
del sys.argv[1:3]
runpy.run_module(name, run_name="__main__", alter_sys=True)'

run_workshop() {
    command=$1
    shift
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.10; do
        if [ -n "$candidate" ] && "$candidate" -c \
            'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
            # What is compiled is kept apart: half of each start of Odoo, whose source has none.
            unset PYTHONDONTWRITEBYTECODE
            export PYTHONPYCACHEPREFIX="${PYTHONPYCACHEPREFIX:-$checkout/var/pycache}"
            # Not -m: it would look into the working folder first, which may be another checkout.
            PYTHONPATH=$checkout \
                exec "$candidate" -c "$start" "$checkout" "workshop.$command" "$@"
        fi
    done
    echo "Error: Odoo 19 needs Python 3.10 to 3.13, and none was found." >&2
    echo "Next step: apt-get install python3, or give one: PYTHON=/path/to/python3 $0" >&2
    exit 1
}
