"""From the text of a problem file to a Problem, or to all the faults that are in it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from hwcheck.errors import Fault, InputError, Location, ProblemError, UsageError, did_you_mean
from hwcheck.files import read_text
from hwcheck.graph.op import Op
from hwcheck.limits import FAULTS, PROBLEM, UNROLLED
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.located_yaml import read_yaml
from hwcheck.ops.catalogue import ops, spellings
from hwcheck.problem.fields import EnoughError, Fields, instead
from hwcheck.problem.marking import MARKING, read_marking
from hwcheck.problem.model import DEFAULT_MARKING, Draw, Problem
from hwcheck.problem.network import Network
from hwcheck.problem.questions import read_names, read_questions
from hwcheck.problem.repetition import Member
from hwcheck.problem.values import Values
from hwcheck.yaml_faults import lines_of

__all__ = ["load_problem", "parse_problem", "with_ops"]

KEYS = (
    "title", "description", "source", "level", "minutes", "dims", "for", "inputs", "weights", "network", "loss",
    "upstream", "tolerance", "marking", "questions", "names", "indexing", "seed",
    "draw",
)  # fmt: skip
LARGEST_SEED = 10**12
LEVELS = ("introductory", "intermediate", "advanced")
MOST_MINUTES = 10_000


def load_problem(path: str | Path) -> Problem:
    """Read a problem file. Raises ProblemError with every fault of the file."""
    path = Path(path)
    try:
        text = read_text(path, PROBLEM.bytes)
    except InputError as error:
        raise ProblemError(error.faults) from None
    return parse_problem(text, str(path))


def with_ops(problem: Problem, others: Mapping[str, Op]) -> Problem:
    """The same problem with some ops replaced wherever its lines and questions call them: done wrong on purpose.

    ``others`` maps the name of an op to another, with another value, gradient rule or options. Inside a composite op,
    and in the gradient rules of the others, the true ops stay. Raises ProblemError where the other's shapes do not fit.
    """
    for name in others:
        if name not in ops():
            raise UsageError(f"there is no op {name!r} to replace{did_you_mean(name, ops())}")
    replaced = {alias: other for name, other in others.items() for alias in spellings(ops()[name])}
    catalogue = ChainMap(replaced, cast("MutableMapping[str, Op]", ops()))  # only read
    return parse_problem(problem.text, problem.location.file, catalogue)


def parse_problem(text: str, file: str, catalogue: Mapping[str, Op] | None = None) -> Problem:
    """The problem that a text states; ``file`` is for messages, and its stem is the problem's id.

    ``catalogue`` are the ops that it may call, by name. Raises ProblemError with every fault, sorted by place.
    """
    here = Location(file)
    try:
        tree = read_yaml(text, file, PROBLEM)
    except InputError as error:
        raise ProblemError(error.faults) from None
    if tree is None:
        raise ProblemError([Fault(here, "the file is empty; a problem needs at least 'network' and 'loss'")])
    reader = _Reader(here, text, catalogue or ops())
    more = []
    try:
        problem = reader.read(tree)
    except EnoughError:
        problem = None
        more = [Fault(here, f"these are the first {FAULTS} faults; there are more")]
    faults = reader.fields.faults
    if faults or problem is None:
        raise ProblemError([*sorted(set(faults)), *more])
    return problem


class _Reader:
    """One file on its way."""

    def __init__(self, here: Location, text: str, catalogue: Mapping[str, Op]) -> None:
        self.here = here
        self.text = text
        self.fields = Fields(lines_of(text))
        self.values = Values(self.fields)
        self.network = Network(self.fields, catalogue)

    def read(self, tree: Located) -> Problem | None:
        """The problem, if nothing is wrong with it."""
        fields, network, values = self.fields, self.network, self.values
        given = fields.known(tree, KEYS, "a problem", "inputs: ..., network: ..., loss: L", sections=True)
        if not isinstance(tree, Map):
            return None
        values.read_dims(given.get("dims"))
        fields.repetition.read(given.get("for"), fields)
        draw = values.read_draw(given.get("draw"), Draw())
        inputs = values.read(given.get("inputs"), "inputs", draw, network.declare)
        weights = values.read(given.get("weights"), "weights", draw, network.declare_weight)
        network.start_from(given.get("loss"), given.get("upstream"), self.here)
        lines = self._read_lines(given.get("network"))
        network.finish()
        marking = fields.known(given["marking"], MARKING, "marking", "partial: rows") if "marking" in given else {}
        for_all = read_marking({**given, **marking}, fields, DEFAULT_MARKING)
        questions = read_questions(given.get("questions"), network, fields, for_all, (lines, weights), self.here)
        names = read_names(given.get("names"), network, fields, questions)
        indexing = fields.whole(given["indexing"], "indexing", 0, 1) if "indexing" in given else 0
        seed = fields.whole(given["seed"], "seed", 0, LARGEST_SEED) if "seed" in given else 0
        level = fields.choice(given["level"], "level", LEVELS) if "level" in given else ""
        minutes = fields.whole(given["minutes"], "minutes", 1, MOST_MINUTES) if "minutes" in given else None
        texts = {key: fields.text(given.get(key), key) for key in ("title", "description", "source")}
        if fields.faults:
            return None
        stem = Path(self.here.file).stem
        return Problem(
            id=stem,
            title=" ".join(texts["title"].split()) or stem,
            location=self.here,
            dims=MappingProxyType(values.dims),
            inputs=inputs,
            weights=weights,
            lines=lines,
            quantities=MappingProxyType(network.quantities),
            gradients=MappingProxyType(network.gradients()),
            shares=MappingProxyType(network.shares()),
            values=MappingProxyType(values.stated),
            draws=MappingProxyType(values.draws),
            questions=questions,
            starts=MappingProxyType(network.starts()),
            trail=tuple(network.derivatives.trail),
            loss=network.loss,
            marking=for_all,
            names=MappingProxyType(names),
            indexing=indexing or 0,
            text=self.text,
            places=MappingProxyType(fields.names.places()),
            credit_places=tuple(dict.fromkeys(fields.credits)),
            fixed=MappingProxyType(values.fixed),
            seed=seed or 0,
            level=level or "",
            minutes=minutes,
            description=texts["description"],
            source=texts["source"],
        )

    def _read_lines(self, value: Located | None) -> tuple[str, ...]:
        """The network, line by line; the names of those that have no fault."""
        fields = self.fields
        if value is None or (isinstance(value, Map) and not value.entries):
            place = self.here if value is None else value.location
            fields.fault(place, "a problem needs a network: at least one line such as 'h: relu(W @ x)'")
        if not isinstance(value, Map):
            fields.names.complete = False
        lines = [
            _Line(key, item, fields.repetition.variables(key.text), fields.members(key, "a network line"))
            for key, item in fields.mapping(value, "network", "h: relu(W @ x)")
        ]
        total = sum(len(line.members) for line in lines)
        if total > UNROLLED:
            rule = f"the network would have {total:,} lines once its indices are written out; at most {UNROLLED:,}"
            fields.fault(lines[0].key.location, f"{rule} are allowed")
            fields.names.complete = False
            return ()
        fields.names.expect({member.name: line.item for line in lines for member in line.members})
        for line in lines:
            if not line.members:  # its key has a fault already; its value may have another
                self._read_line(line, None)
        read = []
        named = [line for line in lines if line.members]
        for line, at in fields.repetition.scheduled(named, lambda line: line.indices):
            read.append(self._read_line(line, line.by_values[tuple(at[index] for index in line.indices)]))
        return tuple(filter(None, read))

    def _read_line(self, line: _Line, member: Member | None) -> str:
        """One quantity of a line; its name, or nothing where there is a fault."""
        fields, item = self.fields, line.item
        if isinstance(item, Scalar) and member is not None:
            before = len(fields.faults)
            if line.faulty:  # told at another step of it
                fields.names.doubt(member.name)
            else:
                self.network.add_line(member.name, item, member.at)
            line.faulty |= len(fields.faults) > before
            return member.name
        if isinstance(item, Scalar):
            return ""
        rule = f"the line {line.key.text} must be an expression, {instead(item)}"
        advice = f'; put it in quotes: {line.key.text}: "[...]"' if isinstance(item, List) else ""
        fields.fault(item.location, rule + advice)
        fields.names.doubt(member.name if member else line.key.text)
        return ""


class _Line:
    """A line of the network as it is written: the indices in its key, and the quantities that it stands for."""

    def __init__(self, key: Scalar, item: Located, indices: tuple[str, ...], members: list[Member]) -> None:
        self.key = key
        self.item = item
        self.indices = indices if members else ()  # a line with a fault has no steps
        self.members = members
        self.faulty = False
        self.by_values = {tuple(member.at.values()): member for member in members}
