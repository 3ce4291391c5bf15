"""The commands, one module for each group; they only read flags and call the house."""
