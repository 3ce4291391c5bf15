"""Who is supervised, by whom, under which order, and which device they wear."""
