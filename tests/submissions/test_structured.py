"""The fuzzer itself: one change leaves nothing behind for the next, so that a seed tells what is tried."""

from __future__ import annotations

import copy
import json
import random

from tests.submissions import structured


def test_changes_of_a_tree_leave_the_leaves_as_they_are() -> None:
    before = copy.deepcopy(structured._LEAVES)
    chance = random.Random(5)  # noqa: S311  no secret
    tree = json.dumps({"cells": [{"outputs": [], "source": ["a"]}, {"data": {}}]}).encode()
    made = [structured.structured("a.json", tree, chance, [tree]) for _ in range(2_000)]
    assert before == structured._LEAVES
    assert len(set(made)) > 500
