"""What a teacher states: the problem file, read into a Problem."""
