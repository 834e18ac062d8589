"""Fetch a package by name and version with its registry's own client, and read text files out of it."""

import gzip
import hashlib
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path


def fetch(source: dict, folder: Path) -> Path:
    """The package file of `source`, fetched into `folder` unless it lies there already."""
    name, version = source["name"], source["version"]
    home = folder / source["kind"] / re.sub(r"\W+", "-", f"{name} {version}")
    if not home.exists():
        home.mkdir(parents=True)
        subprocess.run(client(source["kind"], name, version), cwd=home, check=True, capture_output=True)
    return next(home.iterdir())


def client(kind: str, name: str, version: str) -> list[str]:
    """The command that brings one package file into the current folder."""
    if kind == "pypi":
        return [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", f"{name}=={version}"]
    if kind == "npm":
        return ["npm", "pack", "--silent", f"{name}@{version}"]
    return ["apt-get", "download", f"{name}={version}"]


def sha256(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def texts(package: Path, patterns: list[str]) -> Iterator[tuple[str, str]]:
    """(path, text) of the package's UTF-8 files whose path matches one of the glob patterns, in order of path."""
    for path, data in sorted(members(package)):
        plain = path.removesuffix(".gz")
        if any(fnmatch(plain, pattern) for pattern in patterns):
            try:
                yield plain, (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8")
            except UnicodeDecodeError:
                continue


def members(package: Path) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every plain file in a wheel, an npm tarball or a Debian package."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            yield from ((name, wheel.read(name)) for name in wheel.namelist())
        return
    if package.suffix == ".deb":
        unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
        archive = tarfile.open(fileobj=unpack.stdout, mode="r|")
    else:
        archive = tarfile.open(package)
    with archive:
        for member in archive:
            if member.isfile():
                yield member.name.removeprefix("./"), archive.extractfile(member).read()
