# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""One virtual machine: a kernel, files in its memory, and jobs that run one after the other. It has no disk and no
network, and needs no root."""
import lzma
import os
import pathlib
import re
import secrets
import select
import shlex
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BOOT = 120  # seconds until the first process reports; three seconds are usual
ATTEMPTS = 3  # of booting
COMMAND_LINE = ("panic=-1 quiet loglevel=4 nokaslr audit=0 rcupdate.rcu_expedited=1 cryptomgr.notests "
                "random.trust_cpu=on random.trust_bootloader=on")


class Files:
    """What the machine finds in its memory: an archive as cpio writes it ("newc")."""

    def __init__(self, out):
        self.out, self.count, self.made = out, 0, set()

    def _add(self, name, mode, data=b"", device=(0, 0)):
        self.count += 1
        path = name.encode() + b"\0"
        fields = (self.count, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + path
        self.out.write(head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4))

    def folder(self, path):
        path = str(path).strip("/")
        if path in ("", ".") or path in self.made:
            return
        self.folder(os.path.dirname(path))
        self.made.add(path)
        self._add(path, 0o040755)

    def file(self, path, data, mode=0o644):
        path = str(path).strip("/")
        if path in self.made:
            return
        self.folder(os.path.dirname(path))
        self.made.add(path)
        self._add(path, 0o100000 | mode, data.encode() if isinstance(data, str) else data)

    def copy(self, source, path=None):
        source = pathlib.Path(source)
        self.file(path or source, source.read_bytes(), 0o755 if os.access(source, os.X_OK) else 0o644)

    def device(self, path, major, minor):
        self.folder(os.path.dirname(path))
        self._add(path.strip("/"), 0o020600, device=(major, minor))

    def link(self, path, target):
        path = path.strip("/")
        if path in self.made:
            return
        self.folder(os.path.dirname(path))
        self.made.add(path)
        self._add(path, 0o120777, target.encode())

    def end(self):
        self._add("TRAILER!!!", 0)


def modules_of(root, wanted):
    """Modules and what they depend on, in the order in which they are loaded: names and contents. Those that are built
    in are left out, and so are those that this kernel does not have."""
    folder = next(path for pattern in ("lib/modules/*", "usr/lib/modules/*") for path in root.glob(pattern))
    there = {}
    for path in folder.rglob("*.ko*"):
        there[re.sub(r"\.ko(\.xz)?$", "", path.name).replace("-", "_")] = path
    order = {}

    def add(name):
        name = name.replace("-", "_")
        if name in order or name not in there:
            return
        data = there[name].read_bytes()
        data = lzma.decompress(data) if there[name].suffix == ".xz" else data
        order[name] = None  # its place is behind what it depends on
        if depends := re.search(rb"\0depends=([^\0]+)", data):
            for other in depends[1].decode().split(","):
                add(other)
        del order[name]
        order[name] = data

    for name in wanted:
        add(name)
    return order


class Job:
    def __init__(self, name, command, seconds=600):
        self.name, self.command, self.seconds = name, command, seconds
        self.status, self.took, self.output = None, 0.0, []


class Machine:
    """boot() runs all jobs; then each has a status, or None where the machine did not get to it."""

    def __init__(self, kernel, root, busybox, memory=1024, processors=2, accelerator="tcg,thread=multi"):
        self.kernel, self.root, self.busybox = kernel, root, busybox
        self.memory, self.processors, self.accelerator = memory, processors, accelerator
        self.release, self.said, self.problem = "", [], ""

    def boot(self, jobs, fill, modules=(), environment=None, finished=lambda job: None):
        """fill(files) adds what the jobs need."""
        word = "@" + secrets.token_hex(6)
        with tempfile.TemporaryDirectory(prefix="bpfxx-vm-") as folder:
            image = pathlib.Path(folder) / "files"
            with open(image, "wb") as out:
                files = Files(out)
                files.device("/dev/console", 5, 1)
                files.device("/dev/null", 1, 3)
                for name in ("proc", "sys", "tmp", "run", "root"):
                    files.folder(name)
                files.copy(self.busybox, "bin/busybox")
                for name in ("sh", "cat", "rm", "sleep", "grep", "sed", "mkdir", "ls", "dmesg", "uname", "mount",
                             "umount"):
                    files.link(f"bin/{name}", "busybox")
                loaded = modules_of(self.root, modules)
                for name, data in loaded.items():
                    files.file(f"modules.d/{name}.ko", data)
                files.file("modules", "".join(f"/modules.d/{name}.ko\n" for name in loaded))
                files.file("word", word + "\n")
                files.file("environment", "".join(f"export {name}={shlex.quote(value)}\n"
                                                  for name, value in (environment or {}).items()))
                files.file("jobs", "".join(f"{job.name} {job.seconds} {job.command}\n" for job in jobs))
                files.file("init", (HERE / "init").read_bytes(), 0o755)
                fill(files)
                files.end()
            for _ in range(ATTEMPTS):
                if self._run(image, word, jobs, finished):
                    break

    def _command(self, image):
        architecture = self.kernel.architecture
        kernel = next(path for pattern in ("boot/vmlinuz*", "usr/lib/modules/*/vmlinuz", "lib/modules/*/vmlinuz")
                      for path in self.root.glob(pattern))
        # The machine does not outlive the one who asked for it.
        return ["setpriv", "--pdeathsig", "KILL", architecture.qemu, *architecture.options, "-accel",
                self.accelerator, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                "-smp", str(self.processors), "-m", str(self.memory),
                "-kernel", str(kernel), "-initrd", str(image),
                "-append", f"console={architecture.console} {COMMAND_LINE} {architecture.append}",
                "-chardev", "stdio,id=console,signal=off", *architecture.console_device]

    def _run(self, image, word, jobs, finished):
        """Whether the machine got as far as to the first process."""
        waiting = iter(jobs)
        job, ready, begun = None, False, time.monotonic()
        self.said, self.problem = [], ""
        with subprocess.Popen(self._command(image), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, start_new_session=True) as qemu:
            try:
                for line in self._lines(qemu, lambda: begun + (job.seconds + 60 if job else BOOT)):
                    if not line.startswith(word):
                        (job.output if job else self.said).append(line)
                        continue
                    _, event, *words = line.split()
                    begun = time.monotonic()
                    if event == "ready":
                        ready, self.release = True, words[0]
                    elif event == "begin":
                        job = next(waiting)
                    elif event == "end":
                        job.status, job.took = int(words[1]), float(words[3]) - float(words[2])
                        finished(job)
                        job = None
                    elif event == "done":
                        return True
                self.problem = "the machine stopped" + (f" during {job.name}" if job else "")
            except TimeoutError:
                self.problem = "the machine hangs" + (f" in {job.name}" if job else "" if ready else " while it boots")
            finally:
                if qemu.poll() is None:
                    qemu.kill()
        return ready

    @staticmethod
    def _lines(qemu, deadline):
        rest = b""
        while True:
            left = deadline() - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if not select.select([qemu.stdout], [], [], min(left, 1))[0]:
                continue
            data = os.read(qemu.stdout.fileno(), 1 << 16)
            if not data:
                if rest:
                    yield rest.decode("utf-8", "replace")
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                yield line.rstrip(b"\r").decode("utf-8", "replace")
