"""Light profiles, one module each."""
