"""Which desktop entry opens a kind of thing, as the XDG specification of MIME applications looks it up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FILE_BYTES_MAX = 4 << 20
LISTS = "mimeapps.list"
CACHE = "mimeinfo.cache"


@dataclass(frozen=True)
class Folders:
    """Where a desktop looks, first what comes first; the first of each is this person's own."""

    config: tuple[Path, ...]
    data: tuple[Path, ...]
    desktops: tuple[str, ...]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Folders":
        """The folders that `environment` names, and the usual ones where it names none."""
        home = Path(environment.get("HOME") or Path.home())

        def folders(name: str, usual: str) -> tuple[Path, ...]:
            named = (environment.get(name) or usual).split(":")
            return tuple(Path(each) for each in named if each.startswith("/"))

        own_config = folders("XDG_CONFIG_HOME", "") or (home / ".config",)
        own_data = folders("XDG_DATA_HOME", "") or (home / ".local/share",)
        return cls(
            (own_config[0], *folders("XDG_CONFIG_DIRS", "/etc/xdg")),
            (own_data[0], *folders("XDG_DATA_DIRS", "/usr/local/share:/usr/share")),
            tuple(filter(None, environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":"))),
        )


def handler(folders: Folders, kind: str) -> Path | None:
    """The entry that opens `kind`, a MIME type or "x-scheme-handler/…"; None where there is none."""
    found = (_entry(folders, name) for name in _names(folders, kind))
    return next(filter(None, found), None)


def _names(folders: Folders, kind: str) -> Iterator[str]:
    """The names of entries in the order of their rank: defaults, what was added, what says so of itself."""
    applications = [each / "applications" for each in folders.data]
    named = (*(f"{each}-{LISTS}" for each in folders.desktops), LISTS)
    lists = [folder / name for folder in (*folders.config, *applications) for name in named]
    for section in ("[Default Applications]", "[Added Associations]"):
        for each in lists:
            yield from _listed(each, section, kind)
    for each in applications:
        yield from _listed(each / CACHE, "[MIME Cache]", kind)


def _listed(path: Path, section: str, kind: str) -> Iterator[str]:
    """What one file names for `kind`; nothing where the file is missing, too large or no text."""
    try:
        lines = path.read_text("utf-8").splitlines() if path.stat().st_size <= FILE_BYTES_MAX else []
    except (OSError, ValueError):
        return
    inside = ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            inside = line
        key, _, value = line.partition("=")
        if inside == section and key.strip() == kind:
            yield from filter(None, map(str.strip, value.split(";")))


def _entry(folders: Folders, name: str) -> Path | None:
    """The file of an entry; a dash in its name may stand for a folder."""
    places = (
        each / "applications" / file for each in folders.data for file in (name, name.replace("-", "/", 1))
    )
    return next((place for place in places if place.is_file()), None)
