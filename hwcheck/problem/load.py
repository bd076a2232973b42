"""From the text of a problem file to a Problem, or to all the faults that are in it."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from hwcheck.errors import Fault, InputError, Location, ProblemError
from hwcheck.files import read_text
from hwcheck.graph.node import Array, Shape
from hwcheck.graph.options import spell_shape
from hwcheck.limits import PROBLEM
from hwcheck.located import List, Located, Map, Scalar, kind
from hwcheck.located_yaml import read_yaml
from hwcheck.ops.catalogue import ops
from hwcheck.problem.fields import Fields
from hwcheck.problem.model import DEFAULT_TOLERANCE, Draw, Problem
from hwcheck.problem.network import Network
from hwcheck.problem.questions import read_names, read_questions
from hwcheck.problem.tolerance import read_tolerance

__all__ = ["load_problem", "parse_problem"]

KEYS = (
    "title", "description", "source", "dims", "inputs", "weights", "network", "loss", "upstream",
    "tolerance", "questions", "names", "seed", "draw",
)  # fmt: skip
VALUE_KEYS = ("shape", "value", "draw", "fixed")
MAX_ENTRIES = 10_000_000


def load_problem(path: str | Path) -> Problem:
    """Read a problem file. Raises ProblemError with every fault of the file."""
    path = Path(path)
    try:
        return parse_problem(read_text(path, PROBLEM.bytes), str(path))
    except ProblemError:
        raise
    except InputError as error:
        raise ProblemError(error.faults) from None


def parse_problem(text: str, file: str) -> Problem:
    """The problem that a text states; ``file`` is for messages, and its stem is the problem's id."""
    tree = read_yaml(text, file, PROBLEM)
    here = Location(file)
    if tree is None:
        raise ProblemError([Fault(here, "the file is empty; a problem needs at least 'network' and 'loss'")])
    if not isinstance(tree, Map):
        raise ProblemError(
            [Fault(tree.location, f"a problem is a mapping (title: ..., network: ...), not {kind(tree)}")]
        )
    reader = _Reader(here)
    problem = reader.read(tree)
    if reader.fields.faults or problem is None:
        raise ProblemError(sorted(set(reader.fields.faults)))
    return problem


class _Reader:
    """One file on its way: what has been read so far, by name."""

    def __init__(self, here: Location) -> None:
        self.here = here
        self.fields = Fields()
        self.dims: dict[str, int] = {}
        self.values: dict[str, Array] = {}
        self.draws: dict[str, Draw] = {}
        self.fixed: set[str] = set()
        self.taken: dict[str, Location] = {}

    def read(self, tree: Map) -> Problem | None:
        """The problem, if nothing is wrong with it."""
        fields = self.fields
        given = fields.known(tree, KEYS, "a problem")
        self._read_dims(given.get("dims"))
        draw = self._draw(given.get("draw"), Draw())
        network = Network(fields, self.dims)
        inputs = self._read_values(given.get("inputs"), "inputs", draw, network)
        weights = self._read_values(given.get("weights"), "weights", draw, network)
        network.start_from(given.get("loss"), given.get("upstream"), self.here)
        lines = self._read_lines(given.get("network"), network)
        network.finish()
        tolerance = read_tolerance(given.get("tolerance"), fields, DEFAULT_TOLERANCE)
        questions = read_questions(given.get("questions"), network, fields, tolerance, (lines, weights), self.here)
        seed = fields.whole(given["seed"], "seed", 0) if "seed" in given else 0
        names = read_names(given.get("names"), network, fields)
        texts = {key: fields.text(given.get(key), key) for key in ("title", "description", "source")}
        if fields.faults:
            return None
        stem = Path(self.here.file).stem
        return Problem(
            id=stem,
            title=texts["title"] or stem,
            location=self.here,
            dims=MappingProxyType(self.dims),
            inputs=inputs,
            weights=weights,
            lines=lines,
            quantities=MappingProxyType(network.quantities),
            gradients=MappingProxyType(network.gradients()),
            values=MappingProxyType(self.values),
            draws=MappingProxyType(self.draws),
            questions=questions,
            starts=MappingProxyType(network.starts()),
            loss=network.loss.name if network.loss else None,
            tolerance=tolerance,
            names=MappingProxyType(names),
            fixed=frozenset(self.fixed),
            seed=seed or 0,
            description=texts["description"],
            source=texts["source"],
        )

    def _name(self, key: Scalar, what: str) -> str | None:
        """A name that an expression can use, and that nothing else has."""
        name = unicodedata.normalize("NFKC", key.text)
        if not name.isidentifier() or keyword.iskeyword(name):
            rule = "letters, digits and _, not beginning with a digit, and no word of the language"
            self.fields.fault(key.location, f"{key.text!r} cannot be the name of {what}: a name has {rule}")
        elif name in ops() or name in ("grad", "jacobian"):
            self.fields.fault(key.location, f"{name!r} is the name of an op and cannot be the name of {what}")
        elif name in self.taken:
            line = self.taken[name].line
            self.fields.fault(
                key.location, f"{name!r} is already defined on line {line}; every name stands for one thing"
            )
        else:
            self.taken[name] = key.location
            return name
        return None

    def _read_dims(self, value: Located | None) -> None:
        for key, item in self.fields.mapping(value, "dims"):
            name = self._name(key, "a size")
            size = self.fields.whole(item, f"the size {key.text}", 1, 10**6, names=self._sizes())
            if name is not None:
                self.dims[name] = size or 1

    def _sizes(self) -> Mapping[str, float]:
        return {name: float(size) for name, size in self.dims.items()}

    def _read_values(self, value: Located | None, section: str, draw: Draw, network: Network) -> tuple[str, ...]:
        """Inputs or weights: ``name: number``, ``name: [..]`` or ``name: {shape: [..], value: ..}``."""
        names = []
        for key, item in self.fields.mapping(value, section):
            name = self._name(key, f"one of the {section}")
            shape = self._read_value(key, item, name or key.text, draw)
            if name is not None:
                network.declare(name, shape)
                names.append(name)
        return tuple(names)

    def _read_value(self, key: Scalar, item: Located, name: str, draw: Draw) -> Shape | None:
        """The shape of an input or weight, its stated numbers noted; None where there is a fault."""
        fields = self.fields
        if not isinstance(item, Map):
            numbers = fields.array(item, name, self._sizes())
            if numbers is None:
                return None
            self.values[name] = numbers
            self.draws[name] = draw
            return numbers.shape
        given = fields.known(item, VALUE_KEYS, f"the value of {name}")
        self.draws[name] = self._draw(given.get("draw"), draw)
        if fields.flag(given.get("fixed"), f"fixed of {name}"):
            self.fixed.add(name)
        shape = self._shape(given["shape"], name) if "shape" in given else None
        if "value" not in given:
            if "shape" not in given:
                fields.fault(key.location, f"{name} needs a shape, a value, or both")
            elif name in self.fixed:
                fields.fault(key.location, f"{name} is fixed, but has no value")
            return shape
        numbers = fields.array(given["value"], name, self._sizes())
        if numbers is None or ("shape" in given and shape is None):
            return None
        if shape is not None and numbers.shape == ():
            numbers = np.full(shape, numbers)  # one number fills any shape
        if shape is not None and numbers.shape != shape:
            fields.fault(
                given["value"].location,
                f"the shape of {name} is stated as {spell_shape(shape)}, but its value is {spell_shape(numbers.shape)}",
            )
            return None
        self.values[name] = numbers
        return numbers.shape

    def _shape(self, value: Located, name: str) -> Shape | None:
        """Sizes, each a whole number or an expression of dims."""
        items = value.items if isinstance(value, List) else (value,)
        sizes = [self.fields.whole(item, f"a size of {name}", 1, 10**6, names=self._sizes()) for item in items]
        shape = tuple(size for size in sizes if size is not None)
        entries = 1
        for size in shape:
            entries *= size
        if entries > MAX_ENTRIES:
            self.fields.fault(
                value.location, f"{name} would have {entries:,} entries; at most {MAX_ENTRIES:,} are allowed"
            )
            return None
        return shape if len(shape) == len(sizes) else None

    def _draw(self, value: Located | None, default: Draw) -> Draw:
        if value is None:
            return default
        given = self.fields.known(value, ("low", "high", "decimals"), "draw")
        bounds: dict[str, Any] = {
            key: self.fields.number(given[key], f"draw's {key}") for key in ("low", "high") if key in given
        }
        decimals = self.fields.whole(given["decimals"], "draw's decimals", 0, 15) if "decimals" in given else None
        low, high = bounds.get("low", default.low), bounds.get("high", default.high)
        if low is None or high is None:
            return default
        if low >= high:
            self.fields.fault(value.location, f"draw needs low < high, but low is {low:g} and high is {high:g}")
        return Draw(low, high, default.decimals if decimals is None else decimals)

    def _read_lines(self, value: Located | None, network: Network) -> tuple[str, ...]:
        entries = list(self.fields.mapping(value, "network"))
        if not entries and not self.fields.faults:
            place = value.location if value is not None else self.here
            self.fields.fault(place, "a problem needs a network: at least one line 'name: expression'")
        lines = []
        network.expect({unicodedata.normalize("NFKC", key.text): item for key, item in entries})
        for key, item in entries:
            name = self._name(key, "a network line")
            if not isinstance(item, Scalar):
                self.fields.fault(item.location, f"the line {key.text} must be an expression, not {kind(item)}")
                network.fail(key.text)
            elif name is not None:
                network.add_line(name, item)
                lines.append(name)
        return tuple(lines)
