"""A budget of time for the work on one document: what takes longer is broken off, and the next document is begun.

Seconds of the processor, not of the clock: a busy machine refuses no document that a quiet one accepts. Work in C that
never looks at signals ends first; `flows.read.limits` bounds what such libraries are given.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

HAS_TIMER: Final = hasattr(signal, "setitimer")
LOOKS_PER_SECOND: Final = 20  # where there is no timer, or in a thread that hears no signal
AGAIN: Final = 0.1  # seconds until it is told once more: Python swallows what is raised in a finalizer or a callback


class OutOfTimeError(BaseException):
    """The budget is spent; no `except Exception` of a library may swallow that."""


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Give the block so many seconds of the processor; 0 is no limit. Inside of another budget that one counts.

    Raises:
        OutOfTimeError: they are spent.
    """
    if seconds <= 0 or _active.on:
        yield
        return
    _active.on = True
    is_main = threading.current_thread() is threading.main_thread()
    try:
        with (_timer if HAS_TIMER and is_main else _watchdog)(seconds):
            yield
    finally:
        _active.on, _active.pause = False, _no_pause


@contextmanager
def untimed() -> Iterator[None]:
    """Work that a document is the first to need and all others use, such as reading a lexicon: nobody pays for it."""
    resume = _active.pause()
    try:
        yield
    finally:
        resume()


def _nothing() -> None:
    """To resume where no budget runs."""


def _no_pause() -> Callable[[], None]:
    return _nothing


class _Active(threading.local):
    on = False
    pause: Callable[[], Callable[[], None]] = staticmethod(_no_pause)


_active = _Active()


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    """By the system's timer and its signal, which only the main thread of a process hears."""
    is_on = True

    def raise_error(_signal: int, _frame: FrameType | None) -> None:
        if is_on:
            raise OutOfTimeError

    def pause() -> Callable[[], None]:
        left, _ = signal.setitimer(signal.ITIMER_PROF, 0)

        def resume() -> None:
            if left:
                signal.setitimer(signal.ITIMER_PROF, left, AGAIN)

        return resume

    before = signal.signal(signal.SIGPROF, raise_error)
    _active.pause = pause
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        try:
            yield
        finally:
            is_on = False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before or signal.SIG_DFL)


@contextmanager
def _watchdog(seconds: float) -> Iterator[None]:
    """By another thread that raises the error in this one."""
    identity, done, lock = threading.get_ident(), threading.Event(), threading.Lock()
    spent = _clock_of(identity)
    end = spent() + seconds
    is_late = is_paused = False

    def watch() -> None:
        nonlocal is_late, end
        while not done.wait(1 / LOOKS_PER_SECOND):
            with lock:
                if not is_paused and spent() >= end and not done.is_set():
                    is_late, end = True, spent() + AGAIN
                    _raise_in(identity, OutOfTimeError)

    def pause() -> Callable[[], None]:
        nonlocal is_paused
        if is_paused:
            return _nothing
        is_paused, began = True, spent()

        def resume() -> None:
            nonlocal end, is_paused
            end += spent() - began
            is_paused = False

        return resume

    _active.pause = pause
    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            done.set()
            if is_late:
                _raise_in(identity, None)  # if it has not come yet, it must not come later


def _clock_of(identity: int) -> Callable[[], float]:
    """Seconds that the thread has had of the processor; of the clock where the system does not tell."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    clock = time.pthread_getcpuclockid(identity)
    return lambda: time.clock_gettime(clock)


def _raise_in(identity: int, error: type[BaseException] | None) -> None:
    given = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(identity), given)
