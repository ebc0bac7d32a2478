"""The window: people, conversations and what waits."""
