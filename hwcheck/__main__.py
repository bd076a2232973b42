"""``python -m hwcheck``: the command line, where the program itself is on no path."""

from hwcheck.cli.main import main

if __name__ == "__main__":
    main()
