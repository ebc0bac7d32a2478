"""What the window knows, as plain values: no Qt, no files, no clock; old + event → new."""
