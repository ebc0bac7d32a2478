"""Who is who: device keys and what they prove."""
