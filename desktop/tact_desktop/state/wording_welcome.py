"""The sentences of the first run."""

WRITE_NAME = "Write your name, so that your colleagues know who you are."
NAME_WITHOUT_HANDLE = (
    "Use at least two letters from a to z or digits in your name; a short name is made from them."
)
CHOOSE_ENGINE = "Choose your office's engine, start one on this computer, or enter an address."
BAD_ADDRESS = "This is not an address. Write a host, or host:port."
SEARCHING = "Looking for engines in this network…"
NO_NETWORK = "This computer is not connected to a network. Connect it, or start an engine on this computer."
NO_ANSWER = (
    "No engine answered. Often a guest Wi-Fi or a firewall keeps computers apart. "
    "Ask a colleague for the address shown in their Help ▸ Connection."
)
