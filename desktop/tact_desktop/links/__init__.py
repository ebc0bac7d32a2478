"""Links and files of Tact: what was opened with it, and that this computer opens it for them."""
