"""Surface brightness models."""
