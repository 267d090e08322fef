"""Point sources, lensed and not."""
