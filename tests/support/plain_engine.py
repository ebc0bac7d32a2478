"""`tact-engine` without encryption, for comparisons alone: no option of the engine itself does that."""

from functools import partial

from tact_engine import cli
from tact_engine.settings import Settings

if __name__ == "__main__":
    settings.Settings = partial(Settings, tls=False)  # pyright: ignore[reportAttributeAccessIssue]
    cli.main(prog_name="tact-engine")
