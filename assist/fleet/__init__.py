"""Work on many machines: what speech workers elsewhere need and give, who is alive, what waits and how much may.

A worker of the queue `speech` knows two things, the database of the work queue and the object storage; the store is
only known to the workers near it (`assist.jobs`).
"""
