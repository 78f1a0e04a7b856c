"""`assist queue`: what waits to be worked on; pause and resume."""

import click

from assist import jobs
from assist.commands.common import acting, opened, say
from assist.fleet import overview, switch
from assist.texts import N_

_LOGIN = click.option("--user", "login", help="Sign-in name of who does it. Default: the first admin.")


@click.group()
def queue() -> None:
    """What waits to be worked on, and by whom; pause and resume."""


@queue.command()
def show() -> None:
    """How much waits in each queue, and which workers are alive."""
    with opened() as store:
        work = overview.of(store)
        jobs.close()
    if work.pause:
        say(N_("Paused by %(name)s."), name=work.pause.by)
    say(
        N_("%(unfinished)s recordings are not judged yet; %(room)s more fit."),
        unfinished=work.unfinished,
        room=work.room,
    )
    for line in work.queues:
        say(
            N_("%(queue)s: %(waiting)s wait (the longest %(minutes)s min), %(running)s at work, %(workers)s workers"),
            queue=line.queue,
            waiting=line.waiting,
            minutes=round(line.oldest / 60, 1),
            running=line.running,
            workers=work.workers_of(line.queue),
        )
    for sign in work.workers:
        say(
            N_("%(name)s: %(queues)s, last sign %(silent)s s ago, %(hears)s"),
            name=sign.name,
            queues=" ".join(sign.queues),
            silent=round(sign.silent),
            hears=sign.hears or "—",
        )


@queue.command()
@_LOGIN
def pause(login: str | None) -> None:
    """Begin nothing new until `assist queue resume`; what was begun is finished."""
    with opened() as store:
        switch.pause(store, acting(store, login))
        jobs.close()
    say(N_("Paused. Recordings still come in; `assist queue resume` goes on."))


@queue.command()
@_LOGIN
def resume(login: str | None) -> None:
    """Go on with what waits."""
    with opened() as store:
        switch.resume(store, acting(store, login))
        jobs.close()
    say(N_("Resumed."))
