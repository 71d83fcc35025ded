"""Fetch the browser assets we ship, check their hashes, and build the icon sprite.

Run `python tools/vendor.py` after changing a version or an icon name, and commit what it writes.
It needs `npm` on the path and uses npm's own configuration to find the packages.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "src/clubassist/web/shared/static"


@dataclass(frozen=True)
class Package:
    """A pinned npm package: `sha256` is of its tarball, `files` go to `vendor/<folder>/<version>/`."""

    name: str
    version: str
    sha256: str
    folder: str
    licence: str
    files: tuple[str, ...] = ()


BOOTSTRAP = Package(
    name="bootstrap",
    version="5.3.9",
    sha256="06bdf78289c3c12ea99d40df84eedf6278c724c73eebf38f11f3a65b44ec8c94",
    folder="bootstrap",
    licence="MIT",
    files=("dist/css/bootstrap.min.css",),
)
HTMX = Package(
    name="htmx.org",
    version="2.0.11",
    sha256="165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
    folder="htmx",
    licence="0BSD",
    files=("dist/htmx.min.js",),
)
TABLER = Package(
    name="@tabler/icons",
    version="3.51.0",
    sha256="b30108713d3fa60aee862c2a133225da8e0f309be0708fe2925763ff810c766c",
    folder="tabler",
    licence="MIT",
)
PACKAGES = (BOOTSTRAP, HTMX, TABLER)

ICON_NAMES = """
adjustments alert-octagon alert-triangle ambulance arrow-left arrow-right arrow-up arrow-up-right
ball-basketball barbell bell bolt book-2 brand-wechat building calendar calendar-event camera certificate
chart-bar check checklist chevron-down chevron-left chevron-right chevron-up circle circle-check circle-dot
circle-x clipboard-check clock cloud-rain coin copy device-mobile dots download external-link eye eye-off
file-text filter fingerprint first-aid-kit flag gift headset heart-handshake heartbeat help-circle history
home hourglass id-badge-2 inbox info-circle key keyboard language layout-dashboard link list-check lock
lock-open login logout mail map-pin menu-2 message message-circle minus mood-happy mood-neutral mood-sad
mood-smile moon note package paperclip pencil phone phone-call phone-plus player-pause player-play plus
printer qrcode receipt refresh robot scale school search send settings shield-check speakerphone star
stethoscope sun sun-moon tag text-size tool trash upload user user-check user-plus users wallet wifi-off
world x
"""

# The first path of every icon only draws the transparent 24 × 24 square.
SQUARE = re.compile(r'<path stroke="none"[^>]*>')
SOURCE_MAP = re.compile(rb"\s*(?:/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=[^\n]*)\s*\Z")


def fetch(package: Package, folder: Path) -> tarfile.TarFile:
    """Download the package with npm and open it; leaves the program when the hash is not the pinned one."""
    npm = shutil.which("npm") or sys.exit("npm is not on the path")
    spec = f"{package.name}@{package.version}"
    before = set(folder.iterdir())
    subprocess.run([npm, "pack", "--silent", spec], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - pinned arguments
    (archive,) = set(folder.iterdir()) - before
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        sys.exit(f"{spec}: sha256 is {found}, expected {package.sha256}")
    return tarfile.open(archive)


def read(tar: tarfile.TarFile, name: str) -> bytes:
    """Return the bytes of `name` inside the package."""
    member = tar.extractfile(f"package/{name}")
    if member is None:
        sys.exit(f"{name} is not a file of the package")
    return member.read()


def copy(package: Package, tar: tarfile.TarFile) -> None:
    """Write the package's files, without the source-map line that sends browsers after a missing file."""
    target = STATIC / "vendor" / package.folder
    shutil.rmtree(target, ignore_errors=True)
    for name in package.files:
        path = target / package.version / Path(name).name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SOURCE_MAP.sub(b"", read(tar, name)) + b"\n")


def sprite(tar: tarfile.TarFile) -> str:
    """Return one SVG with a symbol per icon name; colour and stroke come from the class `sa-ic`."""
    symbols = []
    for name in ICON_NAMES.split():
        svg = read(tar, f"icons/outline/{name}.svg").decode()
        inner = SQUARE.sub("", svg[svg.index(">") + 1 : svg.rindex("</svg>")])
        shapes = re.sub(r"\s*/>", "/>", re.sub(r"\s+", " ", inner)).replace("> <", "><").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def licences(texts: dict[Package, str]) -> str:
    """Return the list of what is shipped, with each licence in full."""
    parts = ["# Licences of the vendored browser assets\n"]
    for package, text in texts.items():
        used = ", ".join(f"`{Path(name).name}`" for name in package.files) or "`shared/icons.svg`"
        title = f"## {package.name} {package.version} ({package.licence}): {used}"
        parts.append(f"{title}\n\n```text\n{text.strip()}\n```\n")
    return "\n".join(parts)


def main() -> None:
    """Fetch, check and write everything under `web/shared/static`."""
    texts = {}
    with tempfile.TemporaryDirectory() as name:
        for package in PACKAGES:
            with fetch(package, Path(name)) as tar:
                texts[package] = read(tar, "LICENSE").decode()
                if package is TABLER:
                    (STATIC / "shared/icons.svg").write_text(sprite(tar), encoding="utf-8")
                else:
                    copy(package, tar)
    (STATIC / "vendor/LICENSES.md").write_text(licences(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
