"""The state of a page: a record whose fields are the parameters of its address, and what keeps the two alike.

    @dataclass(frozen=True)
    class State:
        part: str = setting("test", Choice(("test", "validation")))
        threshold: float = setting(0.9, Range(0.0, 1.0, float))

    STATE = PageState.of("confusion", State)

    state = STATE.arrive()
    st.segmented_control("Images", PARTS, key=STATE.key("part"))
    ...
    STATE.write()

One row says all there is to know of a parameter: its name, its default, and its kind, which reads it from a text and says
what it may be. The rest follows: what an address brings is read and brought inside the limits, with a sentence for each
value that was not; a control whose key is `STATE.key("part")` changes it; what was set stays when one comes back to the page;
the address is written when the page has been drawn; and what a browser sends that is not allowed counts as what was set before.
"""

from collections.abc import Callable, Collection
from dataclasses import fields
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id

from core.kinds import SettingsError, exactly, objection, read_setting
from ui import links
from ui.absent import Absent
from ui.parameters import Parameter, RunAtEpoch, RunKey, Several

T = TypeVar("T")
Values = dict[str, Any]
Reader = Callable[[links.Link], tuple[Values, list[str]]]


def move(key: str, value: Any) -> None:
    """Set a control by its key, before it is drawn, as `move_all` does."""
    move_all({key: value})


def move_all(values: Values) -> None:
    """Set controls by their keys, before they are drawn.

    One that is told its own value again would jump under a quick hand, so it is not. But a browser tells the server what each
    of its controls shows, and one that has not done so has yet to draw it: Streamlit tells it a value once, and a control whose
    script came too late for that would show its lowest value, and say so.
    """
    shown = _shown()
    for key, value in values.items():
        if key not in shown or key not in st.session_state or st.session_state[key] != value:
            st.session_state[key] = value


def _shown() -> set[str | None]:
    """The keys of the controls that the browser has drawn, or that have been drawn in this run of the page."""
    context = get_script_run_ctx()
    if context is None:
        return set()
    said = {user_key_from_element_id(state.id) for state in context.session_state.get_widget_states()}
    return said | context.shared.widget_user_keys_this_run.snapshot()


def parameters_of(record: Any) -> list[Parameter]:
    """The parameters that a record's fields declare."""
    found = []
    for spec in fields(record):
        if "limits" in spec.metadata:
            found.append(Parameter(spec.name, spec.metadata["limits"], spec.default))
        else:
            found += parameters_of(spec.default)
    return found


def _made(record: Any, values: Values) -> Any:
    return record(
        **{
            spec.name: values[spec.name] if "limits" in spec.metadata else _made(type(spec.default), values)
            for spec in fields(record)
        }
    )


def _values(record: Any) -> Values:
    found: Values = {}
    for spec in fields(record):
        value = getattr(record, spec.name)
        found |= {spec.name: value} if "limits" in spec.metadata else _values(value)
    return found


class PageState(Generic[T]):
    """The state of one page, of each visitor their own.

    A control's value is there under its key as long as the control is on the page, and forgotten by Streamlit then; all of
    them together are kept for good.
    """

    def __init__(
        self,
        page: str,
        parameters: Collection[Parameter],
        make: Callable[[Values], T],
        values: Callable[[T], Values],
        prefix: str | None = None,
        reader: Reader | None = None,
        complete: Callable[[Values, Collection[str]], Values] = lambda values, given: values,
        more: Collection[str] = (),
    ):
        """`make` turns values into the record, and `values` turns them back.

        `prefix` stands before a parameter's name in the keys of the controls. `reader` is for an address that says in other
        ways, too, what is to be set, with parameters that are called `more`; `complete` decides what the names that were taken
        from an address leave open.
        """
        self.page, self.make, self.values = page, make, values
        self.parameters = {parameter.name: parameter for parameter in parameters}
        self.defaults = {parameter.name: parameter.default for parameter in parameters}
        self._prefix, self._kept = f"{page}_" if prefix is None else prefix, f"{page}_state"
        self._reader, self._complete = reader or self.read, complete
        self.names = {*self.parameters, *more}
        self._repeated = [name for name, one in self.parameters.items() if _is_repeated(one)]

    @classmethod
    def of(cls, page: str, record: type[T], **more: Any) -> "PageState[T]":
        """The state whose record is a frozen dataclass: each field is a `setting`, or a record of further ones."""
        return cls(page, parameters_of(record), lambda values: _made(record, values), _values, **more)

    def key(self, name: str) -> str:
        """What Streamlit calls the control of a parameter."""
        return self._prefix + name

    def arrive(self, here: Collection[str] = (), came: Callable[[], None] = lambda: None) -> T:
        """What the page shows: what its address brings, if that is new, else what is set; with a sentence for all that could
        not be taken.

        `here` are the keys of the runs that there is something to see of; one that is gone makes way for another. `came` is
        called when somebody has just come by this address.
        """
        query = links.arriving(self.page, self.names, self._repeated)
        values, sentences = self._reader(query) if query is not None else (self._now(), [])
        found, said = _here(self, values, here, query)
        links.note([*sentences, *said])
        self.put(**found)
        if query is not None:
            st.session_state[f"{self.page}_brought"] = found
            came()
        links.show_notices()
        return self.now()

    def brought(self, name: str) -> Any:
        """What the last address asked for: it is among the stops of a control, whatever those are."""
        return st.session_state.get(f"{self.page}_brought", self.defaults).get(name, self.defaults[name])

    def now(self) -> T:
        """What is set at this moment."""
        return self.make(self._now())

    def put(self, **values: Any) -> None:
        """Set parameters, before their controls are drawn or in a callback."""
        st.session_state[self._kept] = {**self._recalled(), **values}
        move_all({self.key(name): self.parameters[name].widget(value) for name, value in values.items()})

    def reset(self, *names: str) -> None:
        """Set parameters, or all of them, to their defaults."""
        self.put(**{name: self.defaults[name] for name in names or self.defaults})

    def write(self, unsaid: Collection[str] = (), **more: str) -> None:
        """Make the address one that brings anybody else to what is set.

        `unsaid` are parameters that say nothing at this moment, such as the last epoch's; `more` stands before all others.
        """
        links.write(self.page, {**more, **self.link(self.now(), unsaid)})

    def link(self, record: T, unsaid: Collection[str] = ()) -> links.Link:
        """A record as the parameters of an address: whatever differs from its default."""
        link = {
            name: self.parameters[name].link(value)
            for name, value in self.values(record).items()
            if name not in unsaid and (value != self.defaults[name] or self.parameters[name].always)
        }
        return {name: words for name, words in link.items() if words != []}  # none of several has no words

    def read(self, query: links.Link) -> tuple[Values, list[str]]:
        """The values that an address asks for, else the defaults; and a sentence for each that had to be replaced."""
        values, taken, sentences = dict(self.defaults), set(), []
        for name, parameter in self.parameters.items():
            if name in query:
                given = query[name]
                values[name], said = _read(parameter, given if isinstance(given, list) else [given])
                sentences += said
                if not said:
                    taken.add(name)
        return self._complete(values, taken), sentences

    def _recalled(self) -> Values:
        return {**self.defaults, **st.session_state.get(self._kept, {})}

    def _now(self) -> Values:
        """The values of all parameters. One whose control is not on the page is recalled."""
        values = self._recalled()
        for name, parameter in self.parameters.items():
            value = st.session_state.setdefault(self.key(name), parameter.widget(values[name]))
            try:
                values[name] = parameter.checked(value)
            except SettingsError:  # a browser may send anything
                st.session_state[self.key(name)] = parameter.widget(values[name])
        st.session_state[self._kept] = values
        return values


def recall(state: PageState[T]) -> T:
    """What is set, for a fragment that has controls: they are told it as `arrive` tells all of the page."""
    now = state.now()
    state.put(**state.values(now))
    return now


def touched(state: PageState[Any]) -> bool:
    """Whether the browser has just brought another value of a parameter than its page was drawn with. For callbacks.

    Of a control that is no parameter but follows from them (a preset's name), a browser may still send what it was before a
    parameter changed: a choice that comes along with another change is no press.
    """
    kept = {name: state.parameters[name].widget(value) for name, value in state._recalled().items()}
    return any(st.session_state.get(state.key(name), value) != value for name, value in kept.items())


def _here(
    state: PageState[Any], values: Values, here: Collection[str], query: links.Link | None
) -> tuple[Values, list[Absent]]:
    """The values without runs that there is nothing to see of, and those of them that somebody asked for."""
    found, absent, was_here = dict(values), [], query is None
    for name, kind, default, _ in state.parameters.values():
        asked = query is None or name in query
        if isinstance(kind, RunKey) and values[name] not in here:
            found[name] = default if not was_here and default in here else next(iter(here))
            found[kind.epoch] = None
            if asked:
                absent.append(Absent(values[name], state.page, was_here, "showing another one"))
        elif isinstance(kind, Several) and isinstance(kind.kind, RunAtEpoch):
            found[name] = _those(values[name], here)
            missing = [token.partition("@")[0] for token in values[name] if token not in found[name]]
            then = "choose another one in its place" if was_here else ""
            absent += [Absent(key, state.page, was_here, then) for key in missing if asked]
            if not was_here:
                found[name] = found[name] or _those(default, here)
    return found, absent


def _those(tokens: tuple[str, ...], here: Collection[str]) -> tuple[str, ...]:
    return tuple(token for token in tokens if token.partition("@")[0] in here)


def _is_repeated(parameter: Parameter) -> bool:
    return isinstance(parameter.kind, Several) and not parameter.kind.separator


def _read(parameter: Parameter, texts: list[str]) -> tuple[Any, list[str]]:
    name, kind, default, _ = parameter
    if not isinstance(kind, Several):
        return read_setting(name, kind, default, texts[0])
    found, sentences = [], []
    for word in kind.words(texts):
        try:  # one of several that is not allowed is left out, not moved
            found.append(exactly(kind.kind, word))
        except SettingsError as error:
            sentences.append(objection(name, error, "it was left out"))
    found = list(dict.fromkeys(found))
    if len(found) > kind.most:
        sentences.append(f"At most {kind.most} {kind.called} fit side by side: here are the first {kind.most}.")
    if len(found) < kind.fewest:
        too_few = f"There must be {kind.fewest} to {kind.most} {kind.called}: here are the usual ones."
        return default, [*sentences[: kind.most], too_few]
    return tuple(found[: kind.most]), sentences[: kind.most]
