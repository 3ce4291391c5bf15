"""The demonstration: a made-up agency with people, zones and simulated trackers, and its trial."""
