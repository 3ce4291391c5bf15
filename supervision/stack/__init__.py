"""What the system stands on: its own database, its own broker, and the processes between them."""
