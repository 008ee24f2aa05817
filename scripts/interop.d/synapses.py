"""The synapse classes that are asked, one probe each, with the values a job sends.

Together their hash fields cover every kind of value whose Python text form an axon hashes. A class
answers with what it saw, so that a probe proves both directions.
"""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Optional, Union
from uuid import UUID

import bittensor as bt
from pydantic import BaseModel, Field, StringConstraints, field_validator

# A body hash is over str(value) at the top level and repr(element) inside a container, so the same
# text stands at both: quotes, a backslash, control, combining, astral, joined and invisible characters.
AWKWARD = "naïve ‘quotes’ 'single' \"double\" back\\slash tab\t 日本語 Ελλάς é 👩\u200d🔬 nbsp\u00a0 \u2028end"


class Echo(bt.Synapse):
    """Answers with the hashed values as the axon saw them."""

    echo: Optional[str] = None


class Dummy(bt.Synapse):
    """The subnet template's example: no hash fields at all."""

    dummy_input: int
    dummy_output: Optional[int] = None


class TextProbe(Echo):
    prompt: str
    required_hash_fields: ClassVar[tuple[str, ...]] = ("prompt",)


class IntProbe(Echo):
    count: int
    required_hash_fields: ClassVar[tuple[str, ...]] = ("count",)


class FloatProbe(Echo):
    rate: float
    tiny: float
    whole: float
    required_hash_fields: ClassVar[tuple[str, ...]] = ("rate", "tiny", "whole")


class BoolProbe(Echo):
    strict: bool
    required_hash_fields: ClassVar[tuple[str, ...]] = ("strict",)


class ListProbe(Echo):
    words: list[str]
    weights: list[float]
    required_hash_fields: ClassVar[tuple[str, ...]] = ("words", "weights")


class DictProbe(Echo):
    limits: dict[str, dict[str, float]]
    required_hash_fields: ClassVar[tuple[str, ...]] = ("limits",)


class NoneProbe(Echo):
    note: Optional[str] = None
    seed: Optional[int] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = ("note", "seed")


class RequiredOptionalProbe(Echo):
    """Its field has no default and is None: the official dendrite leaves out the header the axon needs."""

    note: Optional[str]
    required_hash_fields: ClassVar[tuple[str, ...]] = ("note",)


class AnyProbe(Echo):
    payload: Any
    required_hash_fields: ClassVar[tuple[str, ...]] = ("payload",)


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


class Settings(BaseModel):
    """A nested model; what a query leaves out is filled in before hashing."""

    depth: int = 3
    tags: list[str] = []
    ratio: float = 0.5


class ModelProbe(Echo):
    settings: Settings
    required_hash_fields: ClassVar[tuple[str, ...]] = ("settings",)


class CoercedProbe(Echo):
    """Hashes other values than it is sent: 5.0 for 5, (3,) for [3], {10: True} for {"10": true}."""

    whole: float
    several: tuple[int, ...]
    by_number: dict[int, bool]
    either: Union[int, str]
    required_hash_fields: ClassVar[tuple[str, ...]] = ("whole", "several", "by_number", "either")


class OrderProbe(Echo):
    """Hashes in the order of its tuple, which is not the order of the class."""

    alpha: str
    beta: int
    gamma: bool
    required_hash_fields: ClassVar[tuple[str, ...]] = ("gamma", "alpha", "beta")


class FieldStyleProbe(Echo):
    """Declares the hash fields the old way, as a pydantic field: hashed in class order whatever it lists."""

    alpha: str
    beta: int
    gamma: bool
    required_hash_fields: list[str] = ["gamma", "alpha", "beta"]


class ForbiddenProbe(Echo):
    """Every caller is blacklisted."""

    prompt: str


class FailingProbe(Echo):
    """The axon's own function raises."""

    prompt: str


class UnknownProbe(Echo):
    """No axon serves it."""

    prompt: str


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 5


class Word(enum.StrEnum):
    YES = "y"


class Mixed(int, enum.Enum):
    ONE = 1


class EnumProbe(Echo):
    """Hashes what the official dendrite cannot send, but an axon can read."""

    colour: Colour
    level: Level
    levels: list[Level]
    word: Word
    mixed: Mixed
    day: date
    days: list[date]
    times: list[datetime]
    identity: UUID
    raw: bytes
    numbers: set[int]
    fixed: frozenset[int]
    by_rate: dict[float, bytes]
    mode: Literal["fast", "slow", 3]
    price: Decimal
    pair: tuple[int, str]
    bounded: Annotated[int, Field(ge=3)] = 4
    required_hash_fields: ClassVar[tuple[str, ...]] = (
        "bounded", "colour", "mode", "price", "pair", "level", "levels", "word", "mixed", "day", "days", "times",
        "identity", "raw", "numbers", "fixed", "by_rate",
    )  # fmt: skip


@dataclass(frozen=True)
class Probe:
    """One query: the class, what is sent and what must come back."""

    synapse: type[bt.Synapse]
    values: dict[str, Any]
    outcome: str = "OK"
    status: int = 200
    answer: str = "echo"

    @property
    def name(self) -> str:
        """The job's name: the class name in lower case, with hyphens."""
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in self.synapse.__name__).lstrip("-")

    def request(self) -> bt.Synapse:
        return self.synapse(**self.values)

    def expected_answer(self) -> Any:
        """What the axon's answer field holds after a good query."""
        return answer_to(self.request()) if self.outcome == "OK" else None


def answer_to(synapse: bt.Synapse) -> Any:
    if isinstance(synapse, Dummy):
        return synapse.dummy_input * 2
    seen = synapse.model_dump()
    names = [n for n in type(synapse).model_fields if n not in Echo.model_fields and n != "required_hash_fields"]
    return " | ".join(f"{name}={seen[name]!r}" for name in names)


ORDERED = {"alpha": "first", "beta": 2, "gamma": True}

PROBES = [
    Probe(Dummy, {"dummy_input": 21}, answer="dummy_output"),
    Probe(TextProbe, {"prompt": AWKWARD}),
    Probe(IntProbe, {"count": -9007199254740993}),
    Probe(FloatProbe, {"rate": 0.1, "tiny": 5e-324, "whole": 1e16}),
    Probe(BoolProbe, {"strict": True}),
    Probe(ListProbe, {"words": ["plain", AWKWARD, ""], "weights": [1.0, -0.5, 1e-05]}),
    Probe(DictProbe, {"limits": {"zeta": {"low": 0.0, "high": 1e22}, "ålpha": {}, "it's": {"x": -2.5}}}),
    Probe(NoneProbe, {"note": None, "seed": None}),
    Probe(RequiredOptionalProbe, {"note": None}, outcome="AXON_ERROR", status=500),
    Probe(AnyProbe, {"payload": {"b": [1, 1.0, None, True, {"deep": [AWKWARD, []]}], "a": {}, "n": 3.5e-07}}),
    Probe(ModelProbe, {"settings": {"tags": ["a'b"], "depth": 7}}),
    Probe(
        CoercedProbe,
        {"whole": 5, "several": [3], "by_number": {"10": True, "9": False}, "either": "12"},
    ),
    Probe(OrderProbe, ORDERED),
    Probe(FieldStyleProbe, ORDERED),
    Probe(ForbiddenProbe, {"prompt": "let me in"}, outcome="REFUSED", status=403),
    Probe(FailingProbe, {"prompt": "fall over"}, outcome="AXON_ERROR", status=500),
    Probe(UnknownProbe, {"prompt": "anyone"}, outcome="REFUSED", status=404),
]

# Compared by their hash alone.
HASH_PROBES = [
    Probe(
        EnumProbe,
        {
            "colour": "r", "mode": "slow", "price": "1.10", "pair": [3, "it's"], "bounded": 5,
            "level": 5, "levels": [1, 5], "word": "y", "mixed": "1",
            "day": "2024-01-02", "days": [86400], "times": ["2024-01-02T03:04:05", "2024-01-02"],
            "identity": "{12345678-1234-5678-9234-567812345678}", "raw": "it's é",
            "numbers": [-1, 16, 8, 2**64 - 1, 0, 24, 32], "fixed": [9, 1], "by_rate": {"1.50": "a", "1e16": "b"},
        },
    ),  # fmt: skip
]


class Node(BaseModel):
    """Contains itself."""

    child: Optional["Node"] = None


class Number(enum.Enum):
    """Prints itself in its own way."""

    ONE = 1

    def __str__(self) -> str:
        return "one"


class Unsayable(bt.Synapse):
    """Has something no job file can say in every field but the last."""

    raw: complex
    Upper: int
    number: Number
    node: Node
    unordered: set[str]
    frozen: frozenset[tuple[int, int]] = frozenset()
    by_pair: dict[tuple[int, int], int] = {}
    aliased: int = Field(3, alias="other")
    endless: float = float("inf")
    shouted: str
    stripped: Annotated[str, StringConstraints(strip_whitespace=True)]
    answer: Optional[str] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = (
        "shouted", "stripped", "number", "unordered", "name", "absent",
    )

    @field_validator("shouted")
    def upper(cls, value: str) -> str:
        return value.upper()


class NothingComesBack(bt.Synapse):
    """Every field is sent."""

    prompt: str


REFUSED_CLASSES = {
    Unsayable: [
        "Unsayable: hashes absent, which is no field",
        "Unsayable.name: is hashed and is a field of every synapse",
        "Unsayable.raw: is of type complex",
        "Unsayable.Upper: is required and has an upper-case letter",
        "Unsayable.number: is hashed and Number prints itself in its own way",
        "Node.child: is of type Node, which contains itself",
        "Unsayable.unordered: is a hashed set of str",
        "Unsayable.frozen: is a frozenset of tuple[int, int]",
        "Unsayable.by_pair: is a dict with tuple[int, int] keys",
        "Unsayable.aliased: has an alias ('other')",
        "Unsayable.endless: has the default inf",
        "Unsayable.stripped: is hashed after StringConstraints, code that may change it",
        "Unsayable.shouted: is hashed after upper, code that may change it",
    ],
    NothingComesBack: ["NothingComesBack: nothing is left that the axon fills in"],
}
