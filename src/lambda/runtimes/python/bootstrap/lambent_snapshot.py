"""SnapStart by forking: whether a process that has loaded its function can be copied, and how a copy comes to itself.

The process that was initialised is never given an event. Each copy of it becomes two: one that watches, and the runtime.
"""

import gc
import os
import select
import signal
import socket
import stat
import sys
import threading
import time
import warnings

FORKED = 27
_settle_tries = 10
_settle_seconds = 0.05


def inherited():
    """The descriptors that were there before the function was loaded."""
    return {int(name) for name in os.listdir("/proc/self/fd")}


def obstacle(before):
    """Why this process cannot be copied, or None. A copy has all memory of it, and one thread only."""
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if threads:
        return "its init left %d threads running: %s" % (len(threads), ", ".join(sorted(threads)[:8]))
    # Libraries like OpenBLAS end their threads before a fork, and start others when they are needed.
    _reap(_fork_and_exit())
    gc.collect()
    # Collecting touches every object, and so would take away what copies have of their memory in common.
    gc.freeze()
    natives = _settled(_native_threads)
    if natives:
        return "libraries that its init loaded left %d threads running: %s" % (len(natives), ", ".join(natives[:8]))
    processes = _settled(_processes)
    if processes:
        return "its init left processes running: %s" % ", ".join(processes[:8])
    shared = _shared_memory()
    if shared:
        return "its init made memory that processes share: %s" % ", ".join(shared[:8])
    opened = [what for fd, what in _descriptors() if what and fd not in before]
    if opened:
        return "its init opened what copies would share: %s" % ", ".join(sorted(set(opened))[:8])
    return None


class Forks:
    """In the process that was initialised: makes copies of it, each of which waits until it is let go."""

    def __init__(self, channel):
        self._channel = channel
        self._waiting = {}

    def fork(self, order):
        """True in the copy, once it has been let go."""
        self._reap_all()
        near, far = socket.socketpair()
        original = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pid = os.fork()
        if pid == 0:
            near.close()
            for other in self._waiting.values():
                other.close()
            self._channel.close()
            if far.recv(1) != b"\1":
                os._exit(1)
            far.close()
            _come_to_itself(self._channel, order, original)
            return True
        far.close()
        self._waiting[order["id"]] = near
        self._channel.send(FORKED, b"%d" % pid)
        return False

    def release(self, order):
        near = self._waiting.pop(order["id"], None)
        if near is None:
            return
        try:
            near.send(b"\1" if order["go"] else b"\0")
        except OSError:
            pass
        near.close()

    def _reap_all(self):
        try:
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        except ChildProcessError:
            pass


def _come_to_itself(channel, order, original):
    """Returns in the runtime. What watches it never returns."""
    os.setsid()
    status = os.open(order["status"], os.O_WRONLY | os.O_CLOEXEC)
    output = os.open(order["output"], os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    pid = _fork_as_another(original)
    if pid != 0:
        _watch(pid, status)
    os.close(status)
    os.setpgid(0, 0)
    _own_descriptors(order)
    _fresh_randomness()
    channel.connect(order["channel"])


def _fork_as_another(original):
    """Libraries tell a copy by its process id, and then draw new keys: it must not have the one of its original."""
    pid = os.fork()
    if pid == 0 and os.getpid() == original:
        os._exit(0)
    if pid != original:
        return pid
    _reap(pid)
    return os.fork()


def _watch(pid, status):
    """Reports the runtime's end. Where nobody listens any more, the server is gone, and it ends."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(0, 1)
    os.dup2(0, 2)
    os.closerange(3, status)
    os.closerange(status + 1, 65_536)
    os.write(status, b"started %d\n" % pid)
    poll = select.poll()
    ended = os.pidfd_open(pid)
    poll.register(ended, select.POLLIN)
    poll.register(status, 0)
    while True:
        events = dict(poll.poll())
        if ended in events:
            break
        if status in events:
            _kill_group(pid)
            os._exit(0)
    code = _reap(pid)
    # In a process namespace this one is the first: orphans are its children, and end with it.
    try:
        os.write(status, b"exit %d\n" % (code if code >= 0 else 128 - code))
    except OSError:
        pass
    os._exit(0)


def _kill_group(pid):
    for kill, target in ((os.killpg, pid), (os.kill, pid)):
        try:
            kill(target, signal.SIGKILL)
        except OSError:
            pass


def _own_descriptors(order):
    """Files get a place of their own to read on from; connections are of the process that made them, and end here."""
    for fd, _ in _descriptors():
        try:
            mode = os.fstat(fd).st_mode
            if stat.S_ISSOCK(mode):
                _break(fd)
            elif stat.S_ISREG(mode) or stat.S_ISDIR(mode):
                _open_again(fd, order)
        except OSError:
            pass


def _break(fd):
    one, other = socket.socketpair()
    other.close()
    os.dup2(one.fileno(), fd, os.get_inheritable(fd))
    one.close()


def _open_again(fd, order):
    import fcntl

    path = os.readlink("/proc/self/fd/%d" % fd)
    if path.startswith(order["tmpBefore"] + "/"):
        path = order["tmp"] + path[len(order["tmpBefore"]) :]
    else:
        path = "/proc/self/fd/%d" % fd
    flags = fcntl.fcntl(fd, fcntl.F_GETFL) & ~(os.O_CREAT | os.O_EXCL | os.O_TRUNC)
    place = os.lseek(fd, 0, os.SEEK_CUR) if stat.S_ISREG(os.fstat(fd).st_mode) else None
    again = os.open(path, flags | os.O_CLOEXEC)
    if place is not None:
        os.lseek(again, place, os.SEEK_SET)
    os.dup2(again, fd, os.get_inheritable(fd))
    os.close(again)


def _fresh_randomness():
    """What is drawn from the kernel is fresh by itself; this is for what keeps a state of its own."""
    import random

    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "ssl" in sys.modules:
        sys.modules["ssl"].RAND_add(os.urandom(48), 48.0)
    if "tempfile" in sys.modules:
        sys.modules["tempfile"]._name_sequence = None
    if "uuid" in sys.modules:
        sys.modules["uuid"]._last_timestamp = None


def _descriptors():
    """All but the standard ones, each with a name if copies would share it."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        fd = int(name)
        if fd <= 2:
            continue
        try:
            mode = os.fstat(fd).st_mode
            target = os.readlink("/proc/self/fd/%d" % fd)
        except OSError:
            continue
        alone = stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)
        # What has no name any more cannot be opened by it in the copy's own /tmp.
        found.append((fd, None if alone and not target.endswith(" (deleted)") else target))
    return found


def _shared_memory():
    """Writable mappings that a fork does not copy."""
    with open("/proc/self/maps") as maps:
        fields = [line.split(maxsplit=5) for line in maps]
    return sorted({(field[5].strip() if len(field) > 5 else "anonymous") for field in fields if field[1][1:4:2] == "ws"})


def _native_threads():
    own = str(threading.get_native_id())
    return [_name("/proc/self/task/" + tid) for tid in os.listdir("/proc/self/task") if tid != own]


def _processes():
    with open("/proc/self/task/%d/children" % threading.get_native_id()) as children:
        return [_name("/proc/" + pid) for pid in children.read().split()]


def _name(folder):
    try:
        with open(folder + "/comm") as comm:
            return comm.read().strip()
    except OSError:
        return "one that has just ended"


def _settled(look):
    """What is still there after a moment: a thread that was joined takes one to go."""
    for _ in range(_settle_tries):
        if not look():
            return []
        time.sleep(_settle_seconds)
    return look()


def _fork_and_exit():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pid = os.fork()
    if pid == 0:
        os._exit(0)
    return pid


def _reap(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
