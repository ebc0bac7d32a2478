import json
import subprocess
import sys

LOADED = """
import json, linecache, sys
import tact_desktop.app
ours = [name for name in sys.modules if name.startswith("tact_")]
print(json.dumps([len(ours), [name for name in linecache.cache if "tact_" in name]]))
"""


def test_a_start_does_not_read_and_keep_the_source_of_what_it_imports():
    """Else every module is read twice, and 11 MiB of source stay in memory."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    imported, kept = json.loads(done.stdout)
    assert imported > 100
    assert len(kept) <= 2, kept  # what is imported before that is set right
