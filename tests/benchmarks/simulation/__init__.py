"""Students that are simulated by plain NumPy, independent of what marks them: the proof of the marking."""
