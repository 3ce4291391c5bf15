"""The figures of docs/how-a-violation-is-decided.md: `python -m docs.figures.draw`."""
