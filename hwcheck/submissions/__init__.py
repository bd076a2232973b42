"""What students hand in: files of several formats, read into one Submission."""
