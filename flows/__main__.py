"""`python -m flows`: the same as `newsevents`."""


def main() -> None:
    """Run the command line; worker processes, which import this module too, need nothing of it."""
    from flows.cli import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
