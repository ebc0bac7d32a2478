"""Bugs in what the heart stands on: the disk, the clock, links and frames, the client, the window's own store."""

from tests.proof.mutants.bug import CLIENT, DESKTOP, ENGINE, STORE, Mutant

DISK = (
    Mutant(
        "nothing is committed before it is answered",
        f"{STORE}/store.py",
        '            self._db.execute("BEGIN IMMEDIATE")\n            self.reserve.look()\n',
        "            if self._db.in_transaction and not self._performer.erased:\n"
        '                self._db.execute("COMMIT")\n'
        "            if not self._db.in_transaction:\n"
        '                self._db.execute("BEGIN IMMEDIATE")\n            self.reserve.look()\n',
        also=(
            (
                '            self._db.execute("COMMIT")\n            point("after_commit")\n',
                '            point("after_commit")\n',
            ),
        ),
    ),
    Mutant(
        "a commit does not wait for the disk",
        f"{STORE}/store.py",
        '"synchronous = FULL"',
        '"synchronous = NORMAL"',
        "power",
    ),
    Mutant(
        "an error at a commit is swallowed",
        f"{STORE}/store.py",
        "            raise self._failed(error) from error\n        return effects\n",
        "            self._failed(error)\n        return effects\n",
        "tests/engine/store/test_store.py",
    ),
    Mutant(
        "how far releases were counted is not written",
        f"{STORE}/performer.py",
        "        self._live.touched.add(envelope.recipient)\n",
        "",
    ),
    Mutant(
        "the rules of people are not read back after a restart",
        f"{STORE}/store.py",
        "            live.privacy[handle] = msgspec.json.decode(rules, type=Privacy)\n",
        "            msgspec.json.decode(rules, type=Privacy)\n",
    ),
    Mutant(
        "a message that is taken back leaves its text",
        f"{STORE}/performer.py",
        "        if is_over:\n",
        "        if is_over and ended.state is not State.WITHDRAWN:\n",
    ),
    Mutant(
        "a message that expires leaves its text",
        f"{STORE}/performer.py",
        "        if is_over:\n",
        "        if is_over and ended.state is not State.EXPIRED:\n",
    ),
    Mutant(
        "what a batch has gathered is not there for who reads",
        f"{STORE}/ledger.py",
        "        self.flush()\n        return self._db.execute(statement, values)\n",
        "        return self._db.execute(statement, values)\n",
        "tests/engine/store/test_ledger.py",
    ),
    Mutant(
        "what is taken back in a batch is written all the same",
        f"{STORE}/ledger.py",
        "if gathered.put.pop(key, None) is None:",
        "if gathered.put.get(key) is None:",
    ),
    Mutant(
        "what was known of a message stays known when it is edited",
        f"{STORE}/performer.py",
        "        self._known.forget(first.id)\n",
        "",
    ),
    Mutant(
        "what was known of a message stays known when it waits again",
        f"{STORE}/performer.py",
        "        self._known.forget(envelope.id)\n        self._unrelease(envelope)\n",
        "        self._unrelease(envelope)\n",
    ),
    Mutant(
        "the texts of a batch stay in memory",
        f"{STORE}/known.py",
        "        self.contents.clear()\n        if len",
        "        if len",
        "tests/engine/store/test_known.py",
    ),
    Mutant(
        "what is said to a link stays with it until the next word",
        f"{ENGINE}/engine.py",
        "        for link in self._spoken_to:\n            link.flow()\n",
        "",
        "tests/engine/test_engine.py",
    ),
    Mutant(
        "a text that is over stays in the log",
        f"{STORE}/store.py",
        "            if self._performer.erased:\n",
        "            if not self._performer.erased:\n",
        "tests/engine/store/test_erasure.py",
    ),
    Mutant(
        "what is over is never forgotten",
        f"{STORE}/store.py",
        'for table in ("ended", "news"):',
        'for table in ("news",):',
    ),
    Mutant(
        "what is over is forgotten at once",
        f"{STORE}/store.py",
        "TOMBSTONE_DAYS = 30",
        "TOMBSTONE_DAYS = 0",
    ),
)

CLOCK = (
    Mutant(
        "the clock goes back",
        f"{ENGINE}/clock.py",
        "self._floor_ms = max(self._floor_ms, now.utc_ms)",
        "self._floor_ms = now.utc_ms",
        "tests/engine/test_clock.py",
    ),
    Mutant(
        "after a restart the clock is behind what was already told",
        f"{ENGINE}/clock.py",
        "self._floor_ms = max(self._floor_ms, utc_ms)",
        "self._floor_ms = max(self._floor_ms, 0)",
        "tests/engine/test_clock.py",
    ),
)

LINKS = (
    Mutant(
        "a link keeps whatever is not read",
        f"{ENGINE}/net/link.py",
        "if self._queued_bytes > BUFFER_BYTES_MAX and len(self._queue) > 1:",
        "if self._queued_bytes > 1000 * BUFFER_BYTES_MAX and len(self._queue) > 1:",
        "tests/engine/net/test_link.py",
    ),
    Mutant(
        "a frame may be as large as it likes",
        f"{ENGINE}/wire/codec.py",
        "if len(data) > FRAME_BYTES_MAX:",
        "if len(data) > 1000 * FRAME_BYTES_MAX:",
        "tests/engine/wire/test_codec.py",
    ),
    Mutant(
        "whoever has not signed in may do anything",
        f"{ENGINE}/wire/session.py",
        "if self._asked or self.phase not in _PHASES[type(frame)]:",
        "if self._asked:",
        "tests/engine/wire/test_session.py",
    ),
    Mutant(
        "what follows from a batch is said in the wrong order",
        f"{ENGINE}/engine.py",
        "        for effect in effects:\n            PERFORM",
        "        for effect in reversed([*effects]):\n            PERFORM",
    ),
    Mutant(
        "a lost link is not noticed by the heart",
        f"{ENGINE}/engine.py",
        "            self._put(LinkLost(link.number))\n",
        "            pass\n",
        "tests/engine/test_engine.py",
    ),
)

SEATS = (
    Mutant(
        "a client does not ask again what was not answered",
        f"{CLIENT}/dialogue.py",
        "        self._outgoing += [_in_the_end(frame, chosen) for frame in frames]\n",
        "",
    ),
    Mutant(
        "a client does not say again what may not have arrived",
        f"{CLIENT}/dialogue.py",
        "self._outgoing = self._told.taken()",
        "self._outgoing = self._told.taken()[:0]",
        "tests/engine/client/test_dialogue.py",
    ),
    Mutant(
        "a client says again an older presence last",
        f"{CLIENT}/dialogue.py",
        "    for each in chosen:\n",
        "    for each in reversed(chosen):\n",
        "tests/engine/client/test_dialogue.py",
    ),
    Mutant(
        "a client that signs in again says what somebody else has changed since",
        f"{CLIENT}/own_presence.py",
        "(not self._known or name in self._untold)",
        "(not self._known or name in self._chosen)",
        "tests/engine/client/test_own_presence.py",
    ),
    Mutant(
        "a window knows what comes again by its text",
        f"{DESKTOP}/local/history.py",
        "                if connection.execute(ADD_ENTRY, entry_record(entry)).rowcount:\n"
        "                    new.append(self._put(replace(entry, position=self._place())))\n"
        "        return new\n",
        "                place = (entry.conversation, 10**9, 50)\n"
        "                known = {each.text for each in self._entries(queries.NEWEST, place)}\n"
        "                connection.execute(ADD_ENTRY, entry_record(entry))\n"
        "                if entry.text not in known:\n"
        "                    new.append(self._put(replace(entry, position=self._place())))\n"
        "        return new\n",
        "tests/desktop/local/test_history.py",
    ),
)

GROUND = (*DISK, *CLOCK, *LINKS, *SEATS)
