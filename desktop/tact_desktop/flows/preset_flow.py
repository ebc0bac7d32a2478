"""Presets of one's own: kept with what this computer keeps, offered in the composer."""

from PySide6.QtCore import QObject

from tact_desktop.desk import Desk
from tact_desktop.panels.composer import Composer
from tact_desktop.state import own_presets
from tact_desktop.state.own_presets import PRESETS_SETTING, Presets
from tact_engine.core.conditions import Condition
from tact_engine.core.errors import StoreError


class PresetFlow(QObject):
    """Shows the presets and keeps what a person makes of them."""

    def __init__(self, desk: Desk, composer: Composer, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._composer = desk, composer
        self._presets = own_presets.known(desk.history.setting(PRESETS_SETTING, []))
        composer.preset_saved.connect(self._save)
        composer.preset_renamed.connect(self._rename)
        composer.preset_deleted.connect(self._delete)
        composer.show_presets(self._presets)

    def _save(self, name: str, condition: Condition) -> None:
        self._become(own_presets.saved(self._presets, name, condition))

    def _rename(self, name: str, new: str) -> None:
        self._become(own_presets.renamed(self._presets, name, new))

    def _delete(self, name: str) -> None:
        self._become(own_presets.deleted(self._presets, name))

    def _become(self, presets: Presets) -> None:
        try:
            self._desk.history.set_setting(PRESETS_SETTING, own_presets.kept(presets))
        except StoreError as error:
            self._desk.complained.emit(str(error))
            return
        self._presets = presets
        self._composer.show_presets(presets)
