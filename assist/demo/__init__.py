"""A demo team with a sample library and sample recordings, to look around in."""
