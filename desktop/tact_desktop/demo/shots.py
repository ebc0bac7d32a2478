"""The pictures of the README, taken of real windows on a real engine."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from tact_desktop import theme
from tact_desktop.demo.hands import Hands
from tact_desktop.demo.pictures import Album
from tact_desktop.demo.stage import Stage
from tact_desktop.settings import local_zone
from tact_desktop.state.draft import Preset
from tact_desktop.state.entry import Stage as Standing

PEOPLE = {
    "tom": "Tom Hale",
    "mary": "Mary Okafor",
    "john": "John Ruiz",
    "eunji": "Eun-ji Park",
    "dmitri": "Dmitri Volkov",
}
WIDE, COMPACT = (1240, 760), (683, 720)


async def shots(application: QApplication, folder: str) -> int:
    """Make the pictures in `folder`; 0."""
    del application
    album = Album(Path(folder))
    async with Stage(local_zone(), PEOPLE) as stage:
        await _converse(stage)
        tom = stage["tom"]
        tom.window.show()
        for scheme in (theme.Scheme.LIGHT, theme.Scheme.DARK):
            theme.theme().set_scheme(scheme)
            await _take(stage, album, tom, scheme.value)
    return 0


async def _take(stage: Stage, album: Album, tom: Hands, scheme: str) -> None:
    """The window wide, with the editor open, compact, and the list of what waits by itself."""
    window = tom.window
    window.resize(*WIDE)
    tom.clear()
    tom.choose(Preset.NOT_ANGRY)
    tom.type("The printer thing is solved, by the way.")
    await stage.settle()
    album.take(f"window-{scheme}", [window])
    window.composer.choose(Preset.CUSTOM)
    await stage.settle()
    album.take(f"editor-{scheme}", [window])
    window.composer.close_editor()
    window.resize(*COMPACT)
    await stage.settle()
    album.take(f"compact-{scheme}", [window])
    window.show_waiting(True)
    await stage.settle()
    album.take(f"waiting-{scheme}", [window.waiting])
    window.show_waiting(False)


async def _converse(stage: Stage) -> None:
    """An ordinary morning between Tom and Mary, with some messages that wait."""
    tom, mary, eunji = stage["tom"], stage["mary"], stage["eunji"]
    tom.open("mary")
    mary.open("tom")
    await _said(stage, mary, tom, "Morning! Did the Q3 draft reach you?")
    await _said(stage, tom, mary, "Yes, reading it now 🙂")
    await _said(stage, tom, mary, "Page four needs another look, the rest is fine.")
    tom.sign_out()
    await stage.until(lambda: not mary.desk.presence_of("tom").online, "Tom is offline")
    first = mary.write("Please call me before lunch.")
    await stage.until(lambda: mary.stage_of(first) is Standing.HELD, "it waits")
    tom.come_back()
    await stage.until(lambda: tom.sees(first), "it arrives")
    await _said(stage, tom, mary, "Will do, at half past eleven.")
    stage["john"].desk.set_presence(
        {"UserAvailability": "DISCREET", "Activity": "LUNCH", "StatusText": "back at one"}
    )
    eunji.sign_out()
    mary.desk.set_presence(
        {"UserAvailability": "NOT_AVAILABLE", "UserMood": "ANGRY", "StatusText": "quarterly review"}
    )
    stage["dmitri"].open("tom")
    stage["dmitri"].write("Coffee at three?")
    await stage.until(
        lambda: tom.desk.presence_of("mary").value("UserMood") == "ANGRY", "Tom sees Mary's mood"
    )
    await stage.until(lambda: not tom.desk.presence_of("eunji").online, "Tom sees that Eun-ji is offline")
    tom.open("eunji")
    tom.write("Photos of the new lab are on the share.", Preset.ONLINE)
    tom.open("mary")
    tom.desk.mark_read("mary", tom.desk.page("mary").last_position)
    tom.write("May I take Friday off?", Preset.NOT_ANGRY)
    tom.write("And can we talk about the roadmap?", Preset.AVAILABLE)
    await stage.until(lambda: all(e.stage is Standing.HELD for e in tom.desk.waiting()), "three wait")


async def _said(stage: Stage, by: Hands, to: Hands, text: str) -> None:
    id = by.write(text)
    await stage.until(lambda: to.sees(id), f"{to.name} sees it")
    await stage.until(lambda: by.stage_of(id) in (Standing.DELIVERED, Standing.READ), "it is acknowledged")
