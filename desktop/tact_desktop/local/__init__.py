"""This computer's own store: what was said, what is not handed over yet, drafts and settings."""
