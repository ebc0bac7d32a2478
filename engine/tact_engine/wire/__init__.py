"""What crosses the wire, without a wire: frames, their encoding, and the phases of one link."""
