"""The lens equation and its inverses."""
