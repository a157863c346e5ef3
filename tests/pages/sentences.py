"""Every sentence that a page shows, read off the messages that Streamlit would send to a browser."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

# Fields of a message that somebody reads. Of the others, ids and addresses are none of it, and pictures are not words.
READ = {"body", "label", "help", "delta", "alt", "caption", "text", "placeholder", "error_msg"}
CHOICES = {"options", "content"}  # of a control, and of its buttons
# What a component of ours is sent, and what of it is words.
SAID = {"names", "name", "alt", "head", "learns", "words", "digit", "sure", "verdict"}
IN_CHARTS = {"VegaLiteChart": {"title", "text"}}
CODE = {"Code"}  # of a program, which is no sentence
FORMULA = "latex"  # neither is a formula

ROWS = "| What | The report says |"  # begins a table whose rows are held against what they are about: `tables`

STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
ICON = re.compile(r":material/\w+:")
COLOUR = re.compile(r":(?:green|red|orange|blue|gray|violet)(?:-badge)?\[([^]]*)]")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>()#+\-.!|$:~^&])")
ENDS = re.compile(r"(?:(?<=[.?!])|(?<=[.?!][)”]))(?<!No\.)(?<!al\.) +(?=[A-Z“(\d])")
BULLETS = re.compile(r"^(?:#+|[-*>]) +")


# A link to a page of the lab: its words, and where it leads, e.g. "glossary#loss". What it says besides is a definition.
LEADS = re.compile(r'\[([^]]*)]\(((?:\./|[a-z]+)(?:\?[^)# "]*)?(?:#[\w-]+)?)(?: "[^"]*")?\)')
GLOSSARY = re.compile(r'\[([^]]*)]\(glossary#[\w-]+ "[^"]*"\)')


class Text(NamedTuple):
    """What stands somewhere on a page: where, as it was sent but for links to pages of the lab, and where these lead."""

    kind: str  # the message and its field, e.g. "Markdown.body"
    text: str
    leads: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """Its sentences as somebody reads them, without the marks of Markdown. A row of a table is a sentence."""
        lines = [BULLETS.sub("", line.strip(" ")) for line in self.text.splitlines()]
        return [part.strip() for line in map(_plain, lines) for part in ENDS.split(line) if part.strip()]


def unlinked(text: str) -> str:
    """A text in Markdown as it reads: words that lead elsewhere in the lab are words."""
    return LEADS.sub(r"\1", text)


def _plain(line: str) -> str:
    """A line of Markdown without its marks."""
    line = ESCAPED.sub(r"\1", COLOUR.sub(r"\1", ICON.sub("", line).replace("**", "").replace("`", ""))).replace(
        "\u00a0", " "
    )
    return line.replace("*", "") if line.startswith("|") else line


def texts(at: AppTest) -> list[Text]:
    """Every text on a page, in the order in which it stands there. Texts in the cells of tables are `tables`."""
    found = []
    for node in _nodes(at._tree):
        proto = getattr(node, "proto", None)
        if proto is None or proto.DESCRIPTOR.name in CODE or node.type == FORMULA:
            continue
        for kind, text, _ in _of_message(proto, proto.DESCRIPTOR.name):
            leads = tuple(lead for _, lead in LEADS.findall(text))
            found.append(Text("Table.body" if text.startswith(ROWS) else kind, unlinked(text), leads))
    return found


def tables(at: AppTest) -> dict[str, pd.DataFrame]:
    """The page's tables by their keys; a table without one by its place."""
    found = {}
    for place, node in enumerate(at.dataframe):
        key = node.proto.id.rpartition("-")[2] if node.proto.id else str(place)
        found[key] = node.value
    return found | {f"table {place}": table for place, table in enumerate(rows_of_the_report(at))}


def rows_of_the_report(at: AppTest) -> list[pd.DataFrame]:
    """The tables of the page Report, one of each section."""
    return [table_of(node.value) for node in at.markdown if node.value.startswith(ROWS)]


def table_of(text: str) -> pd.DataFrame:
    """A table in Markdown, by its first column. Words that lead to the glossary are words."""
    text = GLOSSARY.sub(r"\1", text)
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return pd.DataFrame([row[1:] for row in rows], index=[row[0] for row in rows], columns=head[1:])


def component(at: AppTest, name: str) -> dict[str, Any]:
    """What a component of ours was sent."""
    for node in _nodes(at._tree):
        proto = getattr(node, "proto", None)
        if proto is not None and proto.DESCRIPTOR.name == "BidiComponent" and proto.component_name.endswith(name):
            return json.loads(proto.json or proto.mixed.json)
    raise AssertionError(f"no {name} on the page")


def _nodes(block: Block) -> Iterator:
    for child in block.children.values():
        yield child
        if isinstance(child, Block):
            yield from _nodes(child)


def _of_message(message, kind: str) -> Iterator[Text]:
    """The texts of a message and of the messages in it."""
    name = message.DESCRIPTOR.name
    if name == "BidiComponent":
        if message.component_name.endswith("reel"):  # weights, which say nothing
            return
        yield from _of_json(json.loads(message.json or message.mixed.json or "{}"), kind, SAID)
        return
    if name == "Metric":
        yield Text("Metric", f"{message.label}: {message.body}")
        yield from [Text("Metric.delta", f"{message.label}, {message.delta}")] * bool(message.delta)
        yield from [Text("Metric.help", message.help)] * bool(message.help)
        return
    for field, value in message.ListFields():
        many = field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        for one in value if many else [value]:
            if field.message_type is not None:
                yield from _of_message(one, f"{kind}.{field.name}")
            elif isinstance(one, bytes) and name in ("ArrowData", "Arrow") and not kind.startswith("Dataframe"):
                yield from _of_chart(one, kind)
            elif isinstance(one, str) and field.name == "spec":
                yield from _of_json(json.loads(one), f"{kind}.spec", IN_CHARTS[name])
            elif isinstance(one, str) and field.name in READ | CHOICES and (words := STYLE.sub("", one)):
                yield Text(f"{kind}.{field.name}", words)


def _of_json(value: Any, kind: str, names: set[str], name: str = "") -> Iterator[Text]:
    """The texts under some of the names of a nested structure."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _of_json(one, kind, names, key)
    elif isinstance(value, list):
        for one in value:
            yield from _of_json(one, kind, names, name)
    elif isinstance(value, str) and name in names and value:
        yield Text(f"{kind}.{name}", value)


def _of_chart(data: bytes, kind: str) -> Iterator[Text]:
    """The texts in the data of a chart, each once: what its marks say when they are pointed at."""
    with pa.ipc.open_stream(data) as stream:
        table = stream.read_all().to_pandas()
    for column in table.select_dtypes(["object", "string"]):
        for text in dict.fromkeys(str(value) for value in table[column]):
            if not text.startswith("#"):  # a colour
                yield Text(f"{kind}.{column}", text)
