"""Who must be told: alerts, their history, and the messages that carry them."""
