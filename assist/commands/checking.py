"""`assist library check`."""

import json
from pathlib import Path

import click

from assist.commands.common import say
from assist.config import Settings
from assist.texts import N_


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def check(file: Path, as_json: bool) -> None:
    """Tell what FILE (assist-library/1) cannot tell apart: examples that will be taken for something else."""
    from assist.scripts import overlap
    from assist.scripts.formats import yaml_format
    from models import encoder

    library = yaml_format.loads(file.read_bytes(), file.name)
    settings = Settings()
    found = overlap.overlaps(library, encoder.load(settings.encoder_model, settings.device))
    if as_json:
        rows = [notice.to_dict(library.language) for notice in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif not found:
        say(N_("Nothing in this library is easily confused."))
    else:
        for notice in found:
            click.echo(f"{notice.key}: {notice.text(library.language)}")
