"""``hwcheck list``."""

from __future__ import annotations

import re

from hwcheck import load_problem
from hwcheck.problem.library import library, topic
from tests.support.program import Program


def test_every_problem_that_comes_with_hwcheck_is_listed(program: Program) -> None:
    code, out, err = program("list")
    assert (code, err) == (0, "")
    whole = re.sub(r"\n +", " ", out)  # a long title goes on in the next line
    rows = {row.split()[0]: row for row in whole.splitlines()[2:]}
    assert {"gan", "autoencoder"} <= set(rows)
    assert set(rows) == set(library())
    for name, path in library().items():
        problem = load_problem(path)
        for told in (topic(path), problem.level, str(problem.minutes or ""), str(len(problem.questions))):
            assert f" {told} " in rows[name] or not told
        assert rows[name].endswith(f" {problem.title}")
