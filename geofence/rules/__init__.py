"""The rules that decide whether someone was in a zone: pure, over arrays, no clock, no I/O."""
