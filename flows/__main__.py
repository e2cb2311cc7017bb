"""Lets `python -m flows` stand for the command wpferry."""

from flows.cli import main

if __name__ == "__main__":
    main()
