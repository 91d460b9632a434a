# Sourced by the commands: finds a Python that Odoo 19 accepts.
checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

run_workshop() {
    command=$1
    shift
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.10; do
        if [ -n "$candidate" ] && "$candidate" -c \
            'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
            PYTHONPATH=$checkout PYTHONDONTWRITEBYTECODE=1 \
                exec "$candidate" -m "workshop.$command" "$@"
        fi
    done
    echo "Error: Odoo 19 needs Python 3.10 to 3.13, and none was found." >&2
    echo "Next step: apt-get install python3, or give one: PYTHON=/path/to/python3 $0" >&2
    exit 1
}
