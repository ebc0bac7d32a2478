"""Whether the person at this computer is away from it: one source a platform, and a watch over it."""
