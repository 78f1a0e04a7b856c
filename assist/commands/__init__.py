"""The commands of `assist`, by what they are about."""
