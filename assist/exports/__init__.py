"""Findings for a warehouse: tables that grow, in a format that is documented and only ever added to."""
