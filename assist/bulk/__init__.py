"""Many recordings at once, and many findings: imports, watched folders, exports."""
