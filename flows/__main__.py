"""The command wpferry.

Worker processes import this module again, as Python's multiprocessing does: what only the command needs is imported
when it runs, which saves each worker half a second.
"""


def main() -> None:
    """Run the command line."""
    from flows.cli import main as run

    run()


if __name__ == "__main__":
    main()
