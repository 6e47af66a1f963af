"""`python -m flows`: the same as `newsevents`."""

from flows.cli import main

if __name__ == "__main__":
    main()
