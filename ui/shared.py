"""What is heavy, held once for all visitors."""

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core import checkpoints, labels, naming
from core.analysis import known
from core.charts import pictures
from core.charts.colours import Colours
from core.checkpoints import CheckpointError
from core.config import Config
from core.data import Digits, Images, load_digits, load_test
from core.files.folder import FolderError
from core.host.hosting import hosting
from core.host.log import count_what_repeats
from core.host.memory import share_memory
from core.kinds import SettingsError
from core.labels import LabelError
from core.mlp import MLP
from core.runs import Gone, Run, RunError, Runs
from core.sketch.handwriting import HandwritingError
from core.training import Checkpoint
from ui.pictures import png
from ui.words import linked

TURNING = {chr(point) for point in (0x85, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
VANISHED = "The file did not arrive, or is gone again: choose it once more."
HELD = "digit_lab_of_the_process"
T = TypeVar("T")
JOINER = "\u2060"
LOOKED_FOR = re.compile(r"(?i)(?:[a-z]://|w(?=ww\.)|:(?=\S)|[\w.+-]@(?=\S)|<-|->|--|<=|>=)")
SECONDS_BEFORE_WARM_UP = 2.0  # the first page is painted by then
# Of torch, before it is imported. Its threads wait for each other by spinning: on two cores that are training besides, two
# of them took ten times as long as one to explain an answer (190 ms against 15), and nothing is gained where there is quiet.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@st.cache_resource(show_spinner="Reading MNIST …")
def digits() -> Digits:
    """MNIST; its arrays are read-only, so everybody can have the same ones."""
    return of_the_process(load_digits)


def images_of(part: str) -> Images:
    """The images (n, 28, 28) uint8 and the labels (n,) of a part, read-only. The test's are there without the other 60,000."""
    return load_test() if part == "test" else digits().part(part)


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """Every run of this server."""
    return begin()


def begin() -> Runs:
    """Begin what a server does for as long as it lives, unless that was done; and return its runs, for those who are no page."""
    of_the_process(_begin)
    return of_the_process(Runs)


@st.cache_resource(max_entries=16, show_spinner=False)
def saved(key: str, state_id: str) -> Checkpoint:
    """A saved state of a run with its network, loaded once. Only to be looked at: everybody has the same one.

    Raises Gone where the run was deleted or trained further meanwhile.
    """
    return runs().load(key, state_id)


def checkpoint(run: Run) -> Checkpoint:
    """The newest saved state of a run, as `saved` gives it."""
    return saved(run.key, run.state_id)


def live_templates(state: bytes, colours: Colours) -> bytes:
    """A live MLP's templates as a PNG; everybody who watches it gets the same one."""
    return _live_templates(checkpoints.state_id(state), colours, state)


@st.cache_data(max_entries=64, show_spinner=False)
def _live_templates(state_id: str, colours: Colours, _state: bytes) -> bytes:
    model = checkpoints.loads(_state).model
    assert isinstance(model, MLP)
    return png(pictures.templates(model.w1, colours), scale=3)


def tell_what_is_published(config: Config) -> None:
    """Say what others have come to with a network such as this one, where that is known."""
    if line := known.line(config):
        st.caption(linked(line), help=known.sources(config))


@contextmanager
def told_if_gone() -> Iterator[None]:
    """What is drawn in here ends in a sentence, and a way on, where its run was deleted or trained further meanwhile.

    Around the body of a page and around that of a fragment, which is drawn without its page.
    """
    try:
        yield
    except Gone as error:
        st.warning(plain(str(error)), icon=":material/history:")
        st.page_link("pages/runs.py", label="**Choose another run**", icon=":material/library_books:")


def tell_what_made_way() -> None:
    """Say how many runs were deleted to make room for others, below their list."""
    n, most = runs().room.made_way, runs().room.megabytes
    if n:
        oldest = "oldest run that nobody had pinned was" if n == 1 else f"{n:,} oldest runs that nobody had pinned were"
        st.caption(
            f":material/delete_sweep: Since this server began, the {oldest} deleted, so that all of them stay below {most:,} MB. "
            "A run that is pinned stays."
        )


def tell_what_is_left_out() -> None:
    """Say which files the list of runs leaves out, below it."""
    sentences = runs().left_out()
    if sentences:
        more = f" (and {len(sentences) - 1} more like it)" if len(sentences) > 1 else ""
        st.caption(f":material/warning: Left out of this list{more}: {plain(sentences[0])}")


@contextmanager
def told_in_passing() -> Iterator[None]:
    """What a press leads to: where it cannot be done, a sentence that passes says why."""
    try:
        yield
    except (RunError, LabelError, FolderError, CheckpointError, HandwritingError) as error:
        st.toast(plain(str(error)), icon=":material/error:")


def has_vanished(file: object) -> bool:
    """Whether a file that was chosen is gone: Streamlit holds it for as long as the tab is connected. What is said is VANISHED."""
    return file is not None and not isinstance(file, UploadedFile)


def run_names(configs: Iterable[Config]) -> dict[str, str]:
    """What runs are called on this server, by key; those that were uploaded with a word that says so."""
    every = [*configs]
    return naming.names(every, labels.read(runs().folder), _origins(every))


def line_names(configs: Iterable[Config]) -> list[str]:
    """What several runs are called in a legend, by what they differ in."""
    every = [*configs]
    return naming.line_names(every, labels.read(runs().folder), _origins(every))


def _origins(configs: Iterable[Config]) -> dict[str, str]:
    """How the uploads among runs came here, by key."""
    find = runs().find
    found = [find(config.key) for config in configs]
    return {run.key: run.origin for run in found if run is not None and run.origin}


def run_name(config: Config) -> str:
    """What a run is called on this server."""
    return run_names([config])[config.key]


def plain(text: str) -> str:
    """A text that came from outside (typed, in a link, a file or an error), as Markdown of one line that shows it as it is.

    A backslash is enough for Markdown itself. What Streamlit looks for in the text after that (addresses, :emoji:, arrows)
    is broken up by a word joiner, which nobody sees. Characters that turn the line around or end it are left out.
    """
    seen = "".join(c if ord(c) > 31 and c not in TURNING else " " for c in str(text) if c not in "\x00\x7f")
    seen = LOOKED_FOR.sub(lambda found: found[0][0] + JOINER + found[0][1:], seen)
    seen = re.sub(r"[\\`*_\[\]<~$|]|&(?=#?\w+;)|^[-+>#=]", r"\\\g<0>", seen)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", seen)


def of_the_process(make: Callable[[], T]) -> T:
    """What this makes, made once in the life of the process, for the folder of the checkpoints.

    Any visitor's browser can have Streamlit forget all that it has cached, for everybody. It can also read this module anew when a
    file changes: what is made is held in one that comes from no file, and known there by name.
    """
    held: dict[Any, Any] = sys.modules.setdefault(HELD, ModuleType(HELD)).__dict__
    local = "<" in make.__qualname__  # a function within another, of which there may be many of one name
    which = make if local else f"{make.__module__}.{make.__qualname__}", checkpoints.FOLDER
    with held.setdefault("lock", threading.Lock()):
        if which not in held:
            held[which] = make()
        return held[which]


def _begin() -> bool:
    """What a server does when it is asked for the first time."""
    share_memory()
    with suppress(SettingsError):  # which every page says
        host = hosting()
        count_what_repeats(host.log == "json")
        if not host.sparing:
            threading.Thread(target=_warm_up, daemon=True, name="warm-up").start()
    return True


def _warm_up() -> None:
    """Import torch once the first page is there, or as soon as one needs it, so that nobody waits for it at the first prediction."""
    of_the_process(_torch_is_wanted).wait(SECONDS_BEFORE_WARM_UP)
    import core.cnn  # noqa: F401


def _torch_is_wanted() -> threading.Event:
    return threading.Event()


def torch_is_here() -> bool:
    """Whether the CNN's module has been imported, to its end."""
    return hasattr(sys.modules.get("core.cnn"), "CNNLearner")


def torch_is_coming() -> bool:
    """Whether torch is imported meanwhile, from now on at once: a page that nobody has asked anything need not wait for it.

    It is not where it is there already, and on a sparing server, which imports it where it cannot do without.
    """
    if torch_is_here() or runs().hosting.sparing:
        return False
    of_the_process(_torch_is_wanted).set()
    return True
