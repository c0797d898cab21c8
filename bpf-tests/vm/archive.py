# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Debian packages of other suites and architectures: downloaded by apt and unpacked, never installed.

Each suite and architecture has an apt of its own, with its lists and its idea of what is installed (nothing) in the
cache folder; the system's apt is only asked which mirror it uses. Any user can do that."""
import contextlib
import fcntl
import getpass
import os
import pathlib
import re
import shutil
import subprocess
import time

KEYS = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FRESH = 24 * 3600  # seconds for which lists are taken as they are


class Unreachable(Exception):
    """What cannot be downloaded, in words for the reader."""


def cache_folder():
    if own := os.environ.get("BPFXX_CACHE"):
        return pathlib.Path(own)
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "bpfxx"


def mirror():
    """Where Debian is, for the system's apt: what stands before /debian."""
    if given := os.environ.get("BPFXX_MIRROR"):
        return given.rstrip("/")
    targets = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True,
                             check=False)
    for uri in targets.stdout.splitlines():
        if found := re.fullmatch(r"(.*)/debian/?", uri):
            return found[1]
    raise Unreachable("apt has no source whose address ends in /debian: set BPFXX_MIRROR to what stands before it")


class Archive:
    """One suite for one architecture."""

    def __init__(self, suite, architecture):
        self.name = f"{suite}-{architecture}"
        self.suite, self.architecture = suite, architecture
        self.root = cache_folder() / "apt" / self.name
        self.config = self.root / "apt.conf"

    def _prepare(self):
        for folder in ("etc/apt.conf.d", "etc/preferences.d", "etc/sources.list.d", "state/lists/partial",
                       "cache/archives/partial"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        (self.root / "status").touch()
        where = mirror()
        lines = [f"deb [signed-by={KEYS}] {where}/debian {self.suite} main"]
        # Security updates exist for releases, not for backports, and at the end of a release not for all architectures.
        if not self.suite.endswith("-backports") and self.architecture in ("amd64", "arm64"):
            lines.append(f"deb [signed-by={KEYS}] {where}/debian-security {self.suite}-security main")
        (self.root / "etc/sources.list").write_text("\n".join(lines) + "\n")
        self.config.write_text(
            f'Dir "{self.root}"; Dir::Etc "{self.root}/etc"; Dir::State "{self.root}/state";\n'
            f'Dir::State::status "{self.root}/status"; Dir::Cache "{self.root}/cache";\n'
            f'APT::Architecture "{self.architecture}"; APT::Architectures {{ "{self.architecture}"; }};\n'
            f'APT::Sandbox::User "{getpass.getuser()}"; APT::Get::List-Cleanup "0"; Acquire::Languages "none";\n'
            'Acquire::GzipIndexes "true"; Dir::Cache::srcpkgcache "";\n'
            'Acquire::Retries "5"; Acquire::http::Timeout "60"; Acquire::Check-Valid-Until "false"; Debug::NoLocking "true";\n')

    def _apt(self, *command):
        return subprocess.run(command, capture_output=True, text=True, check=False,
                              env={**os.environ, "APT_CONFIG": str(self.config), "LC_ALL": "C"},
                              cwd=self.root / "cache/archives")

    @contextlib.contextmanager
    def _alone(self):
        self.root.mkdir(parents=True, exist_ok=True)
        with open(self.root / "lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _refresh(self):
        stamp = self.root / "updated"
        if stamp.exists() and time.time() - stamp.stat().st_mtime < FRESH:
            return
        if not KEYS.exists():
            raise Unreachable(f"{KEYS} is missing: apt install debian-archive-keyring")
        self._prepare()
        said = self._apt("apt-get", "-qq", "update")
        if said.returncode == 0 and list((self.root / "state/lists").glob("*Packages*")):
            stamp.touch()
        elif not stamp.exists():
            raise Unreachable(f"apt-get update for {self.name}: {said.stderr.strip() or said.stdout.strip()}")

    def kernel(self, package):
        """The packages of the newest kernel, by the name of the one that always depends on it: its image, and from 7.x
        on what that consists of."""
        with self._alone():
            self._refresh()
            names = [package]
            for pattern in (r"Depends: (linux-image-\S+)", r"Depends: (linux-(?:base|binary|modules)-[\d.]+\S+)"):
                said = self._apt("apt-cache", "depends", "--important", names[-1])
                names += re.findall(pattern, said.stdout)
            if len(names) == 1:
                raise Unreachable(f"{self.name} has no {package}: {said.stderr.strip()}")
            return names[1:]

    def unpack(self, target, packages, closure=False):
        """Packages, and if asked for what they depend on, as a folder that holds nothing else. It is kept: what it was
        made of stands in .packages."""
        with self._alone():
            self._refresh()
            if closure:
                said = self._apt("apt-get", "-y", "--no-install-recommends", "--print-uris", "install", *packages)
            else:
                said = self._apt("apt-get", "--print-uris", "download", *packages)
            wanted = re.findall(r"^'[^']+' (\S+\.deb)", said.stdout, re.M)
            if said.returncode != 0 or not wanted:
                if (target / ".packages").exists():
                    return target
                raise Unreachable(f"{self.name}: {' '.join(packages)}: {said.stderr.strip() or said.stdout.strip()}")
            contents = "\n".join(sorted(wanted)) + "\n"
            if (target / ".packages").exists() and (target / ".packages").read_text() == contents:
                return target
            if closure:
                said = self._apt("apt-get", "-y", "-qq", "--no-install-recommends", "--download-only", "install",
                                 *packages)
            else:
                said = self._apt("apt-get", "-qq", "download", *packages)
            if said.returncode != 0:
                raise Unreachable(f"{self.name}: {' '.join(packages)}: {said.stderr.strip()}")
            fresh = target.with_name(target.name + ".new")
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(parents=True)
            for name in wanted:
                subprocess.run(["dpkg-deb", "-x", self.root / "cache/archives" / name, fresh], check=True)
            for deb in (self.root / "cache/archives").glob("*.deb"):
                deb.unlink()
            (fresh / ".packages").write_text(contents)
            shutil.rmtree(target, ignore_errors=True)
            fresh.rename(target)
            return target
