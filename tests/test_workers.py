"""Worker processes end with the pool, with an interrupted block, and with a killed parent."""

import os
import signal
import subprocess
import sys
import time

import pytest
from processes import ROOT, is_gone

from flows.workers import worker_pool

SLEEPER = """
import os, sys, time
from flows.workers import worker_pool
def nap(seconds):
    time.sleep(seconds)
if __name__ == "__main__":
    with worker_pool(2) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(nap, 60).result()
"""


def test_work_is_done_elsewhere():
    with worker_pool(1) as pool:
        pid = pool.submit(os.getpid).result()
    assert pid != os.getpid()
    assert is_gone(pid)


def test_leaving_on_an_error_does_not_wait_for_the_work():
    def interrupted():
        with worker_pool(1) as pool:
            pids.append(pool.submit(os.getpid).result())
            pool.submit(time.sleep, 60)
            raise KeyboardInterrupt

    pids: list[int] = []
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - start < 30
    assert is_gone(pids[0])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_do_not_outlive_a_killed_parent(tmp_path, how):
    script = tmp_path / "sleeper.py"
    script.write_text(SLEEPER)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment) as parent:
        worker = int(parent.stdout.readline())
        parent.send_signal(how)
        parent.wait(20)
    assert is_gone(worker)
