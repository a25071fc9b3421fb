"""Interviews in the calendars of the two: invitations by mail, a reminder the day before, a personal feed."""
