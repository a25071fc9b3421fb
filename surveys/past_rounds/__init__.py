"""Rounds of earlier years, held before the portal and brought along in three CSV files."""
