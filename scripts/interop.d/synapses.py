"""The synapse classes that are asked, one probe each, with the values a job sends.

Together their hash fields cover every kind of value whose Python text form an axon hashes. A class
answers with what it saw, so that a probe proves both directions.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Optional, Union

import bittensor as bt
from pydantic import BaseModel

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


class AnyProbe(Echo):
    payload: Any
    required_hash_fields: ClassVar[tuple[str, ...]] = ("payload",)


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


@dataclass(frozen=True)
class Probe:
    """One job: the class, its types in a job file's words, what is sent and what must come back."""

    synapse: type[bt.Synapse]
    types: dict[str, str]
    values: dict[str, Any]
    hashed: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()  # as the class lists them when it hashes in class order
    outcome: str = "OK"
    status: int = 200
    answer: str = "echo"
    defaults: frozenset[str] = frozenset()
    models: dict[str, dict] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The job's name: the class name in lower case, with hyphens."""
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in self.synapse.__name__).lstrip("-")

    def job_synapse(self) -> dict[str, Any]:
        """The class as a job file declares it, with the values that are sent."""
        request = {
            name: {"type": kind, "value": self.values[name]} | ({"default": None} if name in self.defaults else {})
            for name, kind in self.types.items()
        }
        answer_type = "optional[int]" if self.synapse is Dummy else "optional[str]"
        declared = {
            "name": self.synapse.__name__,
            "request": request,
            "response": {self.answer: answer_type},
            "hash-fields": list(self.listed or self.hashed),
            "hash-order": "class" if self.listed else "declared",
        }
        return declared | ({"models": self.models} if self.models else {})

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


SETTINGS = {
    "depth": {"type": "int", "default": 3},
    "tags": {"type": "list[str]", "default": []},
    "ratio": {"type": "float", "default": 0.5},
}
ORDERED = {"alpha": "first", "beta": 2, "gamma": True}
ORDERED_TYPES = {"alpha": "str", "beta": "int", "gamma": "bool"}

PROBES = [
    Probe(Dummy, {"dummy_input": "int"}, {"dummy_input": 21}, answer="dummy_output"),
    Probe(TextProbe, {"prompt": "str"}, {"prompt": AWKWARD}, ("prompt",)),
    Probe(IntProbe, {"count": "int"}, {"count": -9007199254740993}, ("count",)),
    Probe(
        FloatProbe,
        {"rate": "float", "tiny": "float", "whole": "float"},
        {"rate": 0.1, "tiny": 5e-324, "whole": 1e16},
        ("rate", "tiny", "whole"),
    ),
    Probe(BoolProbe, {"strict": "bool"}, {"strict": True}, ("strict",)),
    Probe(
        ListProbe,
        {"words": "list[str]", "weights": "list[float]"},
        {"words": ["plain", AWKWARD, ""], "weights": [1.0, -0.5, 1e-05]},
        ("words", "weights"),
    ),
    Probe(
        DictProbe,
        {"limits": "dict[str, dict[str, float]]"},
        {"limits": {"zeta": {"low": 0.0, "high": 1e22}, "ålpha": {}, "it's": {"x": -2.5}}},
        ("limits",),
    ),
    Probe(
        NoneProbe,
        {"note": "optional[str]", "seed": "optional[int]"},
        {"note": None, "seed": None},
        ("note", "seed"),
        defaults=frozenset({"note", "seed"}),
    ),
    Probe(
        AnyProbe,
        {"payload": "any"},
        {"payload": {"b": [1, 1.0, None, True, {"deep": [AWKWARD, []]}], "a": {}, "n": 3.5e-07}},
        ("payload",),
    ),
    Probe(
        ModelProbe,
        {"settings": "Settings"},
        {"settings": {"tags": ["a'b"], "depth": 7}},
        ("settings",),
        models={"Settings": SETTINGS},
    ),
    Probe(
        CoercedProbe,
        {
            "whole": "float",
            "several": "tuple[int, ...]",
            "by_number": "dict[int, bool]",
            "either": "union[int, str]",
        },
        {"whole": 5, "several": [3], "by_number": {"10": True, "9": False}, "either": "12"},
        ("whole", "several", "by_number", "either"),
    ),
    Probe(OrderProbe, ORDERED_TYPES, ORDERED, ("gamma", "alpha", "beta")),
    Probe(FieldStyleProbe, ORDERED_TYPES, ORDERED, listed=("gamma", "alpha", "beta")),
    Probe(ForbiddenProbe, {"prompt": "str"}, {"prompt": "let me in"}, outcome="REFUSED", status=403),
    Probe(FailingProbe, {"prompt": "str"}, {"prompt": "fall over"}, outcome="AXON_ERROR", status=500),
    Probe(UnknownProbe, {"prompt": "str"}, {"prompt": "anyone"}, outcome="REFUSED", status=404),
]
