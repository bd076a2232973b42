"""Mistakes that students make, each as a wrong step of the same network: one file a family."""
