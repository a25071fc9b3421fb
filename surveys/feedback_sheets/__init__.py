"""Feedback sheets (フィードバックシート): figures of sections frozen when a round closes, hidden where few answered, drawn."""
