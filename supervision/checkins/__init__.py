"""The room of check-ins: what supervised people must do, when it is due, and whether they did."""
