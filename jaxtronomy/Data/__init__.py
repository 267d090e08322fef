"""Images, noise, point spread functions and coordinates."""
