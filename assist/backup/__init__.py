"""Backups of an Assist folder, taken while it runs, and restoring them.

A backup folder holds many backups; what never changes lies in it once:

    assist-backup.json          says that it is one, and to whom its files are sealed
    deletions.jsonl             who was deleted: never comes back, whichever backup is restored
    recordings/<aa>/<sha256>    every recording that any of its backups needs (`.age` where sealed)
    000007-20261122T013000Z/    one backup: databases and small files, and manifest.json, written last

A backup without its manifest is none; the next run clears it away.
"""
