"""Template tags of the pages about hope surveys."""
