"""What the commands are made of: locks, ports, signals, words at the terminal."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time

import pytest

from workshop import debian, lock, paths, postgres, processes
from workshop.console import Stop


def python(script: str, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def as_in_a_terminal():
    """Undo what nohup, or a shell's background job, hands down."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def test_a_failure_is_one_message_and_the_next_step():
    process = python("""
        from workshop import console
        def main(arguments):
            raise console.Stop("the sky is low", "look up")
        console.run(main)
    """)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (1, "")
    assert errors.strip().splitlines() == ["Error: the sky is low", "Next step: look up"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_cleanly(number):
    process = python(
        """
        import time
        from workshop import console
        def main(arguments):
            try:
                print("ready", flush=True)
                time.sleep(60)
            finally:
                print("put away", flush=True)
        console.run(main)
    """,
        preexec_fn=as_in_a_terminal,
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (130, "put away\n")
    assert errors.strip() == "Stopped."


def test_a_closed_pipe_is_not_a_trace():
    process = python("""
        import time
        from workshop import console
        def main(arguments):
            for _line in range(2000):
                console.say("x" * 100)
            return 0
        console.run(main)
    """)
    process.stdout.readline()
    process.stdout.close()
    process.wait(20)
    assert "Traceback" not in process.stderr.read()


def test_a_command_is_of_its_own_checkout_wherever_it_is_called_from(tmp_path):
    """Two checkouts of one person: the working folder says nothing of which is meant."""
    other = tmp_path / "workshop"
    other.mkdir()
    (other / "__init__.py").write_text("raise SystemExit('of another checkout')\n")
    command = [paths.CHECKOUT / "bin" / "demo", "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: bin/demo")


def test_one_at_a_time(tmp_path):
    path = tmp_path / "a.lock"
    with lock.alone(path, "busy", "wait"):
        with pytest.raises(Stop, match="busy"):
            with lock.alone(path, "busy", "wait"):
                pytest.fail("two at a time")
    with lock.alone(path, "busy", "wait"):
        pass


def test_a_second_run_waits_and_says_so(tmp_path, capsys):
    path = tmp_path / "a.lock"
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = python(f"""
            from pathlib import Path
            from workshop.lock import lock
            with lock(Path({str(path)!r}), "the cake"):
                print("mine", flush=True)
        """)
        assert "Waiting for another run that is preparing the cake" in process.stdout.readline()
        fcntl.flock(held, fcntl.LOCK_UN)
        assert process.communicate(timeout=20)[0] == "mine\n"


def test_a_taken_port_is_left_to_its_owner():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not processes.is_free(port)
        assert processes.free_port(port) > port


def test_a_chosen_port_is_not_given_to_another_run():
    chosen = processes.free_port(9869)
    other = python(f"""
        from workshop.processes import free_port
        print(free_port({chosen}))
    """)
    assert int(other.communicate(timeout=20)[0]) > chosen


def test_a_child_that_does_not_listen_is_ended():
    process = python("""
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("ready", flush=True)
        time.sleep(60)
    """)
    process.stdout.readline()
    started = time.monotonic()
    processes.stop(process, seconds=0.5)
    assert process.returncode == -signal.SIGKILL
    assert time.monotonic() - started < 10
    assert processes.alive(os.getpid())


def test_the_mirror_of_this_machine_is_found():
    if not os.path.exists("/etc/apt"):
        pytest.skip("this machine has no apt")
    assert debian.mirror().rstrip("/").endswith("debian")


def test_a_folder_of_another_user_is_not_taken(tmp_path):
    """What stands in /tmp under our name may be a link to /etc."""
    elsewhere, cluster = tmp_path / "elsewhere", postgres.Cluster("test", None)
    elsewhere.mkdir(mode=0o755)
    link, broken, file = (tmp_path / name for name in ("link", "broken", "file"))
    link.symlink_to(elsewhere)
    broken.symlink_to(tmp_path / "nowhere")
    file.touch()
    for path in (link, broken, file):
        with pytest.raises(Stop, match="belongs to another user, or is no folder"):
            cluster._own(path)
    assert elsewhere.stat().st_mode & 0o777 == 0o755, "left as it was"
    cluster._own(tmp_path / "ours")
    cluster._own(tmp_path / "ours")
    assert (tmp_path / "ours").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_root_takes_no_folder_of_somebody_else(tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 4321, 4321)
    with pytest.raises(Stop, match="belongs to another user"):
        postgres.Cluster("test", None)._own(theirs)
    assert theirs.stat().st_uid == 4321
