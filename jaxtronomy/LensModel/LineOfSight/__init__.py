"""Line-of-sight effects on a main deflector."""
