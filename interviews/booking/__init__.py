"""Times: offered, proposed, booked, moved, cancelled."""
