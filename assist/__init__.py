"""Assist listens to every telesales call and brings the few worth coaching to the lead, with the evidence."""

__version__ = "0.1.0"
