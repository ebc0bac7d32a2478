"""What is kept besides messages: drafts, settings, and how far the engine's news are stored."""

import json
from typing import Any

from tact_desktop.local import queries
from tact_desktop.local.rows import PUT_DRAFT, draft_of, draft_record, records
from tact_desktop.local.store_file import StoreFile
from tact_desktop.state.draft import Draft


class Notes(StoreFile):
    """Drafts and settings of this computer."""

    def draft(self, conversation: str) -> Draft:
        """What stands in the composer of a conversation."""
        with self._reading() as connection:
            found = list(records(connection.execute(queries.DRAFT, (conversation,))))
        return draft_of(found[0]) if found else Draft()

    def set_draft(self, conversation: str, draft: Draft) -> None:
        """Keeps what stands in the composer."""
        with self._change() as connection:
            connection.execute(PUT_DRAFT, draft_record(conversation, draft))

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting, or `default` where it was never set."""
        found = self._rows(queries.SETTING, (key,))
        return json.loads(found[0][0]) if found else default

    def set_setting(self, key: str, value: Any) -> None:
        """Keeps a setting; `value` is anything that JSON can hold."""
        with self._change() as connection:
            connection.execute(queries.PUT_SETTING, (key, json.dumps(value)))

    def noted_serial(self) -> int:
        """The last serial of the engine's news that is stored here."""
        return self._rows(queries.SERIAL)[0][0]
