"""Reports: what is shown, made of blocks, and one painter a format."""
