"""Windows' rules on another system: Python imports this before anything else, where this folder is on PYTHONPATH.

It takes away what Windows lacks, and refuses what Windows refuses. It cannot show what Windows alone does (its paths, consoles and
priorities).
"""

import ctypes
import errno
import importlib.abc
import importlib.machinery
import os
import sys
import warnings
from pathlib import Path
from types import ModuleType

warnings.filterwarnings("ignore", category=EncodingWarning)
warnings.filterwarnings("error", category=EncodingWarning, module=r"(core|ui|app|pages|__main__)(\.|$)")

del os.nice
_parent = os.getppid()
os.getppid = lambda: _parent  # which does not change when the parent has died


def _refuse_none(cls: type, name: str | None, *arguments: object, **options: object) -> object:
    if name is None:
        raise TypeError("argument of type 'NoneType' is not iterable")
    return object.__new__(cls)


ctypes.CDLL.__new__ = _refuse_none


def _open_here(path: Path) -> bool:
    """Whether this process has a file open."""
    for link in Path("/proc/self/fd").iterdir():
        try:
            if os.path.samestat(link.stat(), path.stat()):
                return True
        except OSError:
            continue
    return False


def _with_closed_files(do):
    def checked(*paths, **options):
        for path in paths:
            if isinstance(path, str | os.PathLike) and not options and _open_here(Path(path)):
                raise PermissionError(errno.EACCES, "it is being used by another process", str(path))
        return do(*paths, **options)

    return checked


for _name in ("replace", "rename", "unlink", "remove"):
    setattr(os, _name, _with_closed_files(getattr(os, _name)))


class _Loader(importlib.machinery.SourceFileLoader):
    """Has distributed.compatibility say that this is Windows; not to those two of its modules that ask the system in two ways,
    or count on its coarse clock.
    """

    def exec_module(self, module):
        compatibility = sys.modules["distributed.compatibility"]
        compatibility.WINDOWS = False
        super().exec_module(module)
        compatibility.WINDOWS = True


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name not in ("distributed.compatibility", "distributed.metrics", "distributed.system_monitor"):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        spec.loader = _Loader(name, spec.origin)
        return spec


sys.modules["multiprocessing.popen_spawn_win32"] = ModuleType("popen_spawn_win32")  # which distributed imports there
sys.meta_path.insert(0, _Finder())
