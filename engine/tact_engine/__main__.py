"""`python -m tact_engine` is `tact-engine`."""

from tact_engine.cli import main

if __name__ == "__main__":
    main()
