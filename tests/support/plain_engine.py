"""`tact-engine` without encryption, for comparisons alone: no option of the engine itself does that."""

import sys
from functools import partial

from tact_engine import cli
from tact_engine.settings import Settings

if __name__ == "__main__":
    setattr(sys.modules[cli.__name__], "Settings", partial(Settings, tls=False))  # noqa: B010 - its name is imported
    cli.main(prog_name="tact-engine")
