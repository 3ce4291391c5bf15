"""The foundation every room stands on; it imports nothing else of ours."""
