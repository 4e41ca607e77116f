"""`python -m simulator` is `campaign-roi`."""

from simulator.cli import main

if __name__ == "__main__":
    main()
