"""A fuzzer: broken submissions and broken texts, read and graded as in a run, and what must hold of each.

::

    python -m tests.submissions.fuzz COUNT [SEED] [SHARE OF WHOLE DOCUMENTS, 0 to 1]

The same count, seed and corpus give the same inputs. Whole documents are files of the corpus (fixtures/submissions)
that were changed byte by byte, word by word, spliced, or within their format; the other inputs are texts of numbers,
of arrays and of names as an answer. Each is read and graded, and every fiftieth is also reported in all ways.
Only InputError may come out. What breaks that is kept in the file that is named, and the program ends.
"""

from __future__ import annotations

import json
import math
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import category

from hwcheck.bounded import answer_here
from hwcheck.errors import InputError, Location
from hwcheck.grading.grade import Grader
from hwcheck.grading.result import Result
from hwcheck.grading.understand import understand
from hwcheck.located import Scalar
from hwcheck.problem.library import find_problem
from hwcheck.problem.load import load_problem
from hwcheck.reports.grade_view import FEEDBACK, GradeView, class_blocks
from hwcheck.reports.json import grade_json
from hwcheck.reports.plain import paint
from hwcheck.reports.read_view import ReadView, read_json
from hwcheck.submissions.model import Answer, Submission
from hwcheck.submissions.read import parse_submission
from tests.submissions import test_any_name, test_hostile_texts
from tests.submissions.corpus import files
from tests.submissions.markup import mutate
from tests.submissions.mutations import changed, seeds, with_member_changed
from tests.submissions.structured import structured

__all__ = ["Fuzzer", "Input", "Outcome", "inputs", "read"]

_WIDTH = 100
_TOLD = 50  # of so many inputs one is reported, too
_TOGETHER = 64
_SLOW = 2.0  # seconds of the processor, of so many
_QUESTIONS = ("I", "O", "I6", "O6", "Err6", "Err", "w_new", "theta6_new", "theta_new")  # of data-mining
_ANSWERS = 8  # of a sheet of texts


class Input(NamedTuple):
    """One input: what it is for, and a file; or several texts, each an answer of one sheet."""

    problem: str
    kind: str
    file: str
    content: bytes | tuple[Answer, ...]

    @property
    def inputs(self) -> int:
        """A file counts as one, and so does each text of a sheet of answers."""
        return 1 if isinstance(self.content, bytes) else len(self.content)


class Outcome(NamedTuple):
    """What became of many inputs, by kind and outcome, and for each kind the slowest with its seconds."""

    counts: Mapping[tuple[str, str], int]
    slowest: Mapping[str, tuple[float, str]]


@cache
def grader(problem: str) -> Grader:
    """The grader of a problem of the library."""
    return Grader(load_problem(find_problem(problem)))


def _problems() -> dict[str, str]:
    return {Path(entry.file).name: entry.problem for entry in files()}


def inputs(seed: int, documents: float = 0.4) -> Iterator[Input]:
    """Inputs without end, the same ones for the same seed; this share of them are whole documents."""
    chance = random.Random(seed)  # noqa: S311  no secret
    problems, known = _problems(), seeds()
    contents = [data for _, data in known]
    sheets = mutate.documents(seed, mutate.sources())
    texts = _texts(seed)
    sheet_share = documents / (documents + (1 - documents) / _ANSWERS)
    while True:
        if chance.random() >= sheet_share:
            yield next(texts)
            continue
        name, data = chance.choice(known)
        problem = problems.get(name, "data-mining")
        kind = chance.randrange(4)
        if kind == 0:
            packed = data[:2] == b"PK" and chance.random() < 0.7
            yield Input(problem, "bytes", name, (with_member_changed if packed else changed)(data, chance, known))
        elif kind == 1:
            problem = chance.choice(("gan", "gan", "autoencoder", "data-mining"))
            ending = chance.choice(mutate.ENDINGS)
            yield Input(problem, "markup", f"sheet{ending}", next(sheets).encode("utf-8", "replace"))
        elif kind == 2:
            yield Input(problem, "structure", name, structured(name, data, chance, contents))
        else:
            ends = name.rpartition(".")[2]
            other = chance.choice([data for own, data in known if own.endswith(ends)])
            at, to = chance.randrange(len(data) + 1), chance.randrange(len(other) + 1)
            yield Input(problem, "splice", name, data[:at] + other[to : to + 5000])


def _texts(seed: int) -> Iterator[Input]:
    """Sheets of texts: of numbers and arrays as answers, or as names."""
    chance = random.Random(seed + 1)  # noqa: S311  no secret
    arrays = test_hostile_texts.mutated(seed, 10**12)
    names = test_any_name.mutants(seed, 10**12)
    place = Location("ada.yaml", 3, 5)
    while True:
        named = chance.random() < 0.25
        answers = []
        for question in chance.sample(_QUESTIONS, _ANSWERS):
            name, text = (next(names), "0.5") if named else (question, next(arrays))
            loose, scanned = chance.random() < 0.2, chance.random() < 0.2
            answers.append(Answer(name, Scalar(text, place), place, loose, scanned))
        yield Input("data-mining", "name" if named else "array or number", "ada.yaml", tuple(answers))


def read(given: Input) -> Submission | None:
    """What an input hands in; None where it is refused. A refusal says where and why."""
    if isinstance(given.content, tuple):
        return Submission(given.file, "ada", None, given.content, Location(given.file))
    try:
        submission = parse_submission(given.content, given.file)
        grader(given.problem).check(submission)
    except InputError as error:
        refusal = error
    else:
        return submission
    assert refusal.faults
    assert all(fault.message and fault.location.file.startswith(given.file) for fault in refusal.faults)
    return None


def _check(result: Result, marker: Grader) -> None:
    assert math.isfinite(result.score)
    assert 0 <= result.score <= result.max_score
    assert len(result.answers) == len(marker.problem.questions)
    assert all(0 <= answer.points <= answer.question.points + 1e-12 for answer in result.answers)
    assert all(fault.message for fault in result.faults)


def _report(submission: Submission, result: Result, marker: Grader) -> None:
    """Every output that a run could make of it: JSON that a strict reader takes, text without control characters."""
    understood = understand(submission, marker.problem)
    documents = [read_json([understood], [])]
    pages = [paint(ReadView(understood, values, _WIDTH).blocks(), _WIDTH) for values in (False, True)]
    for feedback in FEEDBACK:
        documents.append(grade_json(result.problem, [result], [], feedback))
        pages += [
            paint(GradeView(result, feedback, _WIDTH).blocks(), _WIDTH),
            paint(class_blocks([result], [], feedback), _WIDTH),
        ]
    for document in documents:
        json.loads(document.encode("utf-8"), parse_constant=_refuse_constant)
    for page in pages:
        page.encode("utf-8")
        hidden = [sign for sign in page if not sign.isprintable() and sign != "\n" and category(sign) != "Zs"]
        assert not hidden, hidden


def _refuse_constant(text: str) -> float:
    raise AssertionError(f"{text} is no JSON")


class Fuzzer:
    """Inputs while they are tried: those of one problem are graded together, as a class is."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.slowest: dict[str, tuple[float, str]] = {}
        self._waiting: dict[str, list[tuple[int, Input, Submission]]] = {}

    def run(self, given: Iterator[Input], count: int) -> Outcome:
        """Try so many. Whatever is raised but InputError is a mistake of hwcheck and gets out, with its input kept."""
        done = 0
        for number, each in enumerate(given):
            if done >= count:
                break
            done += each.inputs
            with self._watched(number, each):
                submission = read(each)
            self.counts[each.kind, "refused" if submission is None else "read"] += each.inputs
            if submission is not None:
                waiting = self._waiting.setdefault(each.problem, [])
                waiting.append((number, each, submission))
                if len(waiting) == _TOGETHER:
                    self._grade(each.problem)
        for problem in self._waiting:
            self._grade(problem)
        return Outcome(self.counts, self.slowest)

    def _grade(self, problem: str) -> None:
        """Grade what waits for a problem; where that fails or is slow, one by one, to know which it is."""
        waiting, self._waiting[problem] = self._waiting[problem], []
        marker = grader(problem)
        begin = time.process_time()
        try:
            results = list(marker.grade_all(submission for _, _, submission in waiting))
        except BaseException:
            self._one_by_one(marker, waiting)
            raise
        if time.process_time() - begin > _SLOW:
            self._one_by_one(marker, waiting)
        for (number, each, submission), result in zip(waiting, results, strict=True):
            with self._watched(number, each):
                _check(result, marker)
                if number % _TOLD == 0:
                    _report(submission, result, marker)

    def _one_by_one(self, marker: Grader, waiting: Sequence[tuple[int, Input, Submission]]) -> None:
        for number, each, submission in waiting:
            with self._watched(number, each):
                marker.grade(submission)

    @contextmanager
    def _watched(self, number: int, each: Input) -> Iterator[None]:
        """Keeps an input that breaks a rule, and the time of the slowest."""
        begin = time.perf_counter()  # the clock, because to ask for the time of the processor takes longer than most
        try:
            yield
        except BaseException:
            print(f"number {number} broke a rule; it is kept in {_kept(each)}", file=sys.stderr)  # noqa: T201
            raise
        taken = time.perf_counter() - begin
        if taken > self.slowest.get(each.kind, (0.0, ""))[0]:
            self.slowest[each.kind] = taken, f"{each.file}, number {number}"


def _kept(given: Input) -> str:
    content = given.content if isinstance(given.content, bytes) else repr(given.content).encode("utf-8", "replace")
    with tempfile.NamedTemporaryFile(prefix=f"{given.problem}-", suffix=f"-{given.file}", delete=False) as file:
        file.write(content)
    return file.name


def _in_this_process(task: str, data: bytes, file: str) -> Any:
    """What the helper process would do, without the way there and back."""
    module, _, function = task.partition(":")
    try:
        return getattr(import_module(module), function)(data, file)
    except (RecursionError, MemoryError):  # which the helper tells
        raise InputError.at(Location(file), "too deep or too large to be read") from None


def main(words: Sequence[str]) -> None:
    """Try as many as is said, and tell what came of them."""
    given = dict(zip(("count", "seed", "documents"), words, strict=False))
    count, seed, documents = int(given["count"]), int(given.get("seed", "0")), float(given.get("documents", "0.4"))
    answer_here(_in_this_process)
    begin = time.process_time()
    outcome = Fuzzer().run(inputs(seed, documents), count)
    for kind in sorted({kind for kind, _ in outcome.counts}):
        read, refused = (outcome.counts.get((kind, each), 0) for each in ("read", "refused"))
        seconds, which = outcome.slowest[kind]
        print(f"{kind:16} {read + refused:9,}: {read:9,} read, {refused:9,} refused; slowest {seconds:.3f} s ({which})")  # noqa: T201
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{count:,} inputs of seed {seed} in {time.process_time() - begin:.0f} s; {memory:.0f} MB at most")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
