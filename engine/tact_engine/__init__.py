"""The engine: holds messages until their condition is true."""
