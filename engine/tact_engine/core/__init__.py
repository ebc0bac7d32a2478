"""The pure heart of Tact: presence, conditions, envelopes and the courier that decides."""
