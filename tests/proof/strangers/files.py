"""As many open files as the system lets a process have."""

import sys

WANTED = 65_536


def allow_many_files() -> int:
    """Raise the soft limit as far as may be; how many files there may be now, or nought where nobody counts them."""
    if sys.platform == "win32":
        return 0
    import resource  # only there where files are counted

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
