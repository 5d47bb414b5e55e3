"""Hooks of SnapStart, under the name that AWS's Python runtimes have for them.

Both register functions are decorators as well. The bootstrap calls the hooks of a function whose versions have SnapStart.
"""

_before_snapshot = []
_after_restore = []


def register_before_snapshot(func, *args, **kwargs):
    _before_snapshot.append((func, args, kwargs))
    return func


def register_after_restore(func, *args, **kwargs):
    _after_restore.append((func, args, kwargs))
    return func


def get_before_snapshot():
    """In the order in which they run: the last that was registered is the first."""
    return _before_snapshot[::-1]


def get_after_restore():
    return _after_restore[:]
