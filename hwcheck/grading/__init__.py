"""Marking: compare, score, one student, many."""
