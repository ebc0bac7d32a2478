"""The network's side: the listener, one link each, the certificate, and the beacon."""
