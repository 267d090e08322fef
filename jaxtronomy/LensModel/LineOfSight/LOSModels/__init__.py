"""Line-of-sight models: shear and flexion."""
