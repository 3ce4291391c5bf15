"""Simulated trackers, with known right answers, that send test pings; and replay of real tracks."""
