"""Qt item models over the window's state: each announces the smallest difference, so that a view stays in place."""
