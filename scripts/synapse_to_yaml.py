#!/usr/bin/env python3
"""Prints the `synapse:` block of a job file for a subclass of bittensor's Synapse.

  synapse_to_yaml.py template.protocol:Dummy
  synapse_to_yaml.py neurons/protocol.py:Prompt --value messages='["hello"]'

Needs a Python in which the class can be imported. What the axon sees decides the body hash, so what
a job file cannot say is refused: each such thing is one line on stderr, and the exit code is 1.
The class does not say which fields are sent and which come back. Here a field is sent when it has
no default or is hashed; --request and --response say otherwise.
"""

import argparse
import enum
import importlib
import importlib.util
import json
import math
import os
import sys
import types
import typing
import warnings
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ["BT_NO_PARSE_CLI_ARGS"] = "1"  # the SDK would read this program's arguments as its own

from pydantic import BaseModel  # noqa: E402
from pydantic.fields import FieldInfo  # noqa: E402
from pydantic_core import PydanticUndefined  # noqa: E402

PLAIN = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    Any: "any",
    Decimal: "decimal",
    datetime: "datetime",
    date: "date",
    UUID: "uuid",
    bytes: "bytes",
    list: "list",
    dict: "dict",
    tuple: "tuple",
    set: "set",
    frozenset: "frozenset",
}
EMPTY = {
    "str": "", "int": 0, "float": 0.0, "bool": False, "decimal": "0", "datetime": 0, "date": 0, "bytes": "",
    "uuid": str(UUID(int=0)), "any": None,
}  # fmt: skip
ALLOWED = (
    "a job file knows str, int, float, bool, Any, Decimal, datetime, date, UUID, bytes, list, dict, tuple, set,"
    " frozenset, Optional, Union, Literal, Enum and nested models"
)
CHANGING = ("func", "__get_pydantic_core_schema__", "strip_whitespace", "to_lower", "to_upper")
SCALARS = EMPTY.keys() - {"any"}


class Refused(Exception):
    """What a job file cannot say, a line each."""

    def __init__(self, *lines: str):
        super().__init__("\n".join(lines))
        self.lines = lines


class Reader:
    """Reads one class; collects the nested models it needs, the used ones first."""

    def __init__(self, synapse: type, base: type, streaming: bool, ignore_validators: bool):
        self.synapse = synapse
        self.base = base
        self.streaming = streaming
        self.ignore_validators = ignore_validators
        self.models: dict[str, dict[str, dict]] = {}
        self._classes: dict[str, type] = {}
        self._reading: list[type] = []
        self.lines: list[str] = []

    def refuse(self, where: str, why: str) -> None:
        self.lines.append(f"{where}: {why}")

    def block(self, sent: set[str], answered: set[str], values: dict[str, Any]) -> dict[str, Any]:
        fields = self._own_fields()
        hashed, note = self._hash_fields(fields)
        self._know(sent | answered | values.keys(), fields)
        request: dict[str, dict] = {}
        response: dict[str, dict] = {}
        for name, field in fields.items():
            where = f"{self.synapse.__name__}.{name}"
            declared = self._field(where, name in hashed, field)
            is_request = name in sent or (
                name not in answered and (field.is_required() or name in hashed or name in values)
            )
            if is_request and name not in answered:
                if name in values:
                    declared["value"] = values[name]
                elif field.is_required():
                    declared["value"] = self._empty(field.annotation)
                request[name] = declared
            elif name in values:
                self.refuse(where, "--value is for what is sent, and --response says it comes back")
            else:
                if field.is_required():
                    self.refuse(where, "has no default, so it is always sent; take it out of --response")
                response[name] = declared
            if field.is_required() and name != name.lower():
                self.refuse(
                    where,
                    "is required and has an upper-case letter: HTTP servers lower-case header names,"
                    " so no axon can be asked; give it a default in the class",
                )
        self._check_validators(self.synapse, hashed)
        if not response:
            self.refuse(
                self.synapse.__name__,
                "nothing is left that the axon fills in; name those fields with --response",
            )
        if self.lines:
            raise Refused(*self.lines)
        block: dict[str, Any] = {"name": self.synapse.__name__}
        if self.streaming:
            block["streaming"] = True
        if self.models:
            block["models"] = self.models
        if request:
            block["request"] = request
        block["response"] = response
        if hashed:
            block["hash-fields"] = hashed
        return block | ({"#": note} if note else {})

    def _own_fields(self) -> dict[str, FieldInfo]:
        own = self.synapse.model_fields
        base = self.base.model_fields
        return {n: f for n, f in own.items() if n not in base and n != "required_hash_fields"}

    def _know(self, named: set[str], fields: dict[str, FieldInfo]) -> None:
        for name in sorted(named - fields.keys()):
            self.refuse(
                self.synapse.__name__, f"has no field {name}; its own fields are {sorted(fields)}"
            )

    def _hash_fields(self, fields: dict[str, FieldInfo]) -> tuple[list[str], str]:
        """The names in the order they are hashed in, and how the class declares them."""
        redeclared = self.synapse.model_fields.get("required_hash_fields")
        if redeclared is None:
            listed = list(getattr(self.synapse, "required_hash_fields", ()))
            effective, note = listed, ""
            for name in listed:
                if name not in self.synapse.model_fields:
                    self.refuse(
                        self.synapse.__name__, f"hashes {name}, which is no field: its axon fails on every query"
                    )
        else:
            listed = list(redeclared.get_default(call_default_factory=True) or ())
            effective = [name for name in self.synapse.model_fields if name in listed]
            note = "required_hash_fields is a field of the class, so axons hash in class order"
        for name in effective:
            if name in self.base.model_fields:
                self.refuse(
                    f"{self.synapse.__name__}.{name}",
                    "is hashed and is a field of every synapse; a job file hashes a class's own fields only",
                )
        return effective, note

    def _field(self, where: str, hashed: bool, field: FieldInfo) -> dict[str, Any]:
        for what, given in (
            ("an alias", field.alias or field.validation_alias or field.serialization_alias),
            ("exclude", field.exclude),
            ("a discriminator", field.discriminator),
        ):
            if given:
                self.refuse(where, f"has {what} ({given!r}), which a job file cannot say")
        declared = {"type": self._type(where, field.annotation, hashed)}
        self._metadata(where, field.metadata, hashed)
        if not field.is_required():
            default = field.get_default(call_default_factory=True)
            if default is PydanticUndefined:
                self.refuse(where, "has a default made from other fields, which a job file cannot say")
            else:
                declared["default"] = self._json(where, default)
        return declared

    def _metadata(self, where: str, metadata: typing.Iterable[Any], hashed: bool) -> None:
        for given in metadata:
            if any(getattr(given, name, None) for name in CHANGING):
                self._validator(where, type(given).__name__.lstrip("_"), hashed)

    def _type(self, where: str, kind: Any, hashed: bool) -> str:
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        plain = kind if origin is None or arguments else origin  # typing.List is list
        if plain in (set, frozenset):
            return self._set(where, plain, "any", hashed)
        if isinstance(plain, typing.Hashable) and plain in PLAIN:
            return PLAIN[plain]
        if origin is typing.Annotated:
            self._metadata(where, arguments[1:], hashed)
            return self._type(where, arguments[0], hashed)
        if origin in (typing.Union, types.UnionType):
            inner = [self._type(where, a, hashed) for a in arguments if a is not type(None)]
            choice = inner[0] if len(inner) == 1 else f"union[{', '.join(inner)}]"
            return f"optional[{choice}]" if type(None) in arguments else choice
        if origin is typing.Literal:
            return f"literal[{', '.join(self._constant(where, a) for a in arguments)}]"
        if origin is list:
            return f"list[{self._type(where, arguments[0], hashed)}]"
        if origin is dict:
            key = self._type(where, arguments[0], hashed)
            if key not in SCALARS:
                self.refuse(where, f"is a dict with {key} keys; a job file knows keys of {', '.join(sorted(SCALARS))}")
            return f"dict[{key}, {self._type(where, arguments[1], hashed)}]"
        if origin is tuple:
            if arguments in ((), ((),)):
                return "tuple[()]"
            return f"tuple[{', '.join('...' if a is ... else self._type(where, a, hashed) for a in arguments)}]"
        if origin in (set, frozenset):
            return self._set(where, origin, self._type(where, arguments[0], hashed), hashed)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return self._enum(where, kind, hashed)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self._model(where, kind, hashed)
        shown = getattr(kind, "__name__", None) or str(kind)
        self.refuse(where, f"is of type {shown}; {ALLOWED}")
        return "any"

    def _set(self, where: str, kind: type, inner: str, hashed: bool) -> str:
        if inner not in EMPTY:
            self.refuse(where, f"is a {kind.__name__} of {inner}; a job file knows sets of {', '.join(sorted(EMPTY))}")
        elif hashed and inner not in ("int", "bool"):
            self.refuse(where, f"is a hashed {kind.__name__} of {inner}, whose order in Python cannot be told")
        return f"{kind.__name__}[{inner}]"

    def _constant(self, where: str, value: Any) -> str:
        if isinstance(value, enum.Enum) or not isinstance(value, (str, int, bool, type(None))):
            self.refuse(where, f"has the literal {value!r}; a job file knows text, whole numbers, True, False and None")
        elif isinstance(value, str) and ("\\" in repr(value) or ("'" in value and '"' in value)):
            self.refuse(where, f"has the constant {value!r}; a job file knows printable text without \\ and with one kind of quote")
        elif isinstance(value, int) and abs(value) >= 10**18:
            self.refuse(where, f"has the constant {value}; a job file knows 18 digits there")
        return repr(value)

    def _enum(self, where: str, kind: type[enum.Enum], hashed: bool) -> str:
        plain = "enum[int, " if issubclass(kind, int) else "enum["
        opening = {enum.Enum.__str__: plain, int.__repr__: "intenum[", str.__str__: "strenum["}.get(kind.__str__)
        if issubclass(kind, enum.IntEnum) and kind.__str__ is enum.IntEnum.__str__:
            opening = "intenum["  # also on Python 3.10, where it does not print as a number yet
        if hashed and opening is None:
            self.refuse(where, f"is hashed and {kind.__name__} prints itself in its own way, which a job file cannot say")
        members = (f"{member.name}={self._constant(where, member.value)}" for member in kind)
        return f"{opening or plain}{kind.__name__}, {', '.join(members)}]"

    def _model(self, where: str, kind: type[BaseModel], hashed: bool) -> str:
        name = kind.__name__
        if kind in self._reading:
            self.refuse(where, f"is of type {name}, which contains itself; a job file's models cannot")
            return "any"
        if self._classes.get(name, kind) is not kind:
            self.refuse(where, f"there are two classes {name}; a job file tells models by name")
        elif name not in self._classes:
            self._reading.append(kind)
            fields = {
                n: self._field(f"{name}.{n}", hashed, f) for n, f in kind.model_fields.items()
            }
            self._reading.pop()
            if kind.model_config.get("extra") == "allow" and hashed:
                self.refuse(where, f"{name} keeps unknown fields, which a job file cannot say")
            self._check_validators(kind, list(fields) if hashed else [])
            self._classes[name] = kind
            self.models[name] = fields
        return name

    def _check_validators(self, kind: type[BaseModel], hashed: list[str]) -> None:
        found = kind.__pydantic_decorators__
        for decorator in (*found.field_validators.values(), *found.field_serializers.values()):
            for name in decorator.info.fields:
                touched = hashed if name == "*" else [name] if name in hashed else []
                for field in touched:
                    self._validator(f"{kind.__name__}.{field}", decorator.cls_var_name, True)
        for decorator in (*found.model_validators.values(), *found.model_serializers.values()):
            if decorator.cls_var_name != "set_name_type" and hashed:
                self._validator(kind.__name__, decorator.cls_var_name, True)

    def _validator(self, where: str, name: str, hashed: bool) -> None:
        if hashed and not self.ignore_validators:
            self.refuse(
                where,
                f"is hashed after {name}, code that may change it and that a job file cannot run;"
                " when it only checks, add --ignore-validators",
            )

    def _json(self, where: str, value: Any) -> Any:
        if isinstance(value, BaseModel):
            return {n: self._json(where, getattr(value, n)) for n in type(value).model_fields}
        if isinstance(value, enum.Enum):
            return self._json(where, value.value)
        if isinstance(value, dict):
            return {self._key(k): self._json(where, v) for k, v in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._json(where, v) for v in value]
        if isinstance(value, (Decimal, date, UUID)):
            return str(value)
        if isinstance(value, bytes):
            try:
                return value.decode()
            except UnicodeDecodeError:
                self.refuse(where, f"has the default {value!r}, which is not UTF-8 and has no form in JSON")
                return ""
        if isinstance(value, float) and not math.isfinite(value):
            self.refuse(where, f"has the default {value}, which JSON does not have")
        elif value is not None and not isinstance(value, (bool, int, float, str)):
            self.refuse(where, f"has the default {value!r}, which JSON does not have")
            return None
        return value

    @staticmethod
    def _key(value: Any) -> str:
        """The text that pydantic reads as this key."""
        return value.decode(errors="replace") if isinstance(value, bytes) else str(value)

    def _empty(self, kind: Any) -> Any:
        """The smallest value of the type, for the operator to replace."""
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is typing.Annotated:
            return self._empty(arguments[0])
        if origin in (typing.Union, types.UnionType):
            return None if type(None) in arguments else self._empty(arguments[0])
        if origin is typing.Literal:
            return self._json("", arguments[0])
        if origin is tuple and ... not in arguments:
            return [self._empty(a) for a in arguments if a != ()]
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return next(iter(kind)).value
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return {n: self._empty(f.annotation) for n, f in kind.model_fields.items() if f.is_required()}
        if dict in (kind, origin):
            return {}
        return EMPTY.get(PLAIN.get(kind, ""), [])


def load(target: str) -> type:
    """The class named by module:Class or by file.py:Class."""
    place, _, name = target.rpartition(":")
    if not place:
        raise Refused(f"{target}: write module:Class or file.py:Class")
    try:
        if place.endswith(".py"):
            file = Path(place).resolve()
            sys.path.insert(0, str(file.parent))
            spec = importlib.util.spec_from_file_location(file.stem, file)
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[file.stem] = module
            spec.loader.exec_module(module)
        else:
            sys.path.insert(0, os.getcwd())
            module = importlib.import_module(place)
    except Exception as e:  # whatever the module's own code raises
        raise Refused(f"{place}: cannot be imported: {type(e).__name__}: {e}") from e
    found = getattr(module, name, None)
    if not isinstance(found, type):
        raise Refused(f"{place}: has no class {name}")
    return found


def block_of(
    synapse: type,
    sent: set[str] = frozenset(),
    answered: set[str] = frozenset(),
    values: dict[str, Any] | None = None,
    ignore_validators: bool = False,
) -> dict[str, Any]:
    """The block as a dict; `#` holds a remark. Refused when a job file cannot say the class."""
    import bittensor as bt

    if not issubclass(synapse, bt.Synapse):
        raise Refused(f"{synapse.__name__}: is no subclass of bittensor's Synapse")
    streaming = issubclass(synapse, bt.StreamingSynapse)
    reader = Reader(synapse, bt.Synapse, streaming, ignore_validators)
    return reader.block(set(sent), set(answered), values or {})


def yaml(value: Any) -> str:
    """JSON, which is YAML once invisible characters are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else escaped(ord(c)) for c in text)


def escaped(point: int) -> str:
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def text_of(block: dict[str, Any]) -> str:
    lines = ["synapse:"]
    if "#" in block:
        lines.append(f"  # {block['#']}.")
    for key in ("name", "streaming"):
        if key in block:
            lines.append(f"  {key}: {yaml(block[key])}")
    if "models" in block:
        lines.append("  models:")
        for model, fields in block["models"].items():
            lines.append(f"    {model}:" if fields else f"    {model}: {{}}")
            lines += [f"      {name}: {flow(field)}" for name, field in fields.items()]
    for key in ("request", "response"):
        if key in block:
            lines.append(f"  {key}:")
            lines += [f"    {name}: {flow(field)}" for name, field in block[key].items()]
    if "hash-fields" in block:
        lines.append(f"  hash-fields: {yaml(block['hash-fields'])}")
    return "\n".join(lines)


def flow(field: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {yaml(value)}" for key, value in field.items()) + "}"


def names(text: str) -> set[str]:
    return {name.strip() for name in text.split(",") if name.strip()}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", metavar="module:Class", help="or file.py:Class")
    parser.add_argument("--request", metavar="A,B", type=names, default=set(), help="fields that are sent")
    parser.add_argument("--response", metavar="A,B", type=names, default=set(), help="fields that come back")
    parser.add_argument(
        "--value",
        metavar="FIELD=JSON",
        action="append",
        default=[],
        help="what is sent in a field; without it the smallest value of its type, for you to replace",
    )
    parser.add_argument(
        "--ignore-validators",
        action="store_true",
        help="take hashed fields with validators of their own, which must not change the value",
    )
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")  # pydantic warns of required_hash_fields as a field
    try:
        values = {}
        for given in arguments.value:
            name, equals, value = given.partition("=")
            try:
                values[name] = json.loads(value)
            except ValueError as e:
                raise Refused(f"--value {given}: write FIELD=JSON, text in double quotes ({e})") from e
        if both := arguments.request & arguments.response:
            raise Refused(f"{sorted(both)} stand in --request and in --response")
        synapse = load(arguments.target)
        print(text_of(block_of(synapse, arguments.request, arguments.response, values, arguments.ignore_validators)))
        return 0
    except Refused as refused:
        for line in refused.lines:
            print(f"synapse_to_yaml: {line}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
