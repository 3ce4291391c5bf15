"""The schema's history; `supervision migrate` brings a database up to date."""
