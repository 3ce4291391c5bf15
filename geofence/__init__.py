"""Where people may not be: exclusion zones, and the stays that positions show in them."""
