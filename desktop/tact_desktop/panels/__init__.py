"""The regions of the window, one to a file."""
