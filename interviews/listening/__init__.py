"""Listening: the guide, and who attended a training."""
