# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The kernels that the tests run on, and what is known of each before it is booted."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Architecture:
    name: str  # Debian's
    machine: str  # uname -m
    qemu: str
    package: str  # that qemu comes from
    options: tuple
    console: str
    console_device: tuple
    append: str = ""

    @property
    def triplet(self):
        return f"{self.machine}-linux-gnu"

    @property
    def endian(self):
        return "big" if self.name == "s390x" else "little"


SERIAL = ("-serial", "chardev:console")
ARCHITECTURES = {
    a.name: a
    for a in (
        # Not microvm: its clock has nothing to be calibrated by when the machine is busy, and then it hangs.
        Architecture("amd64", "x86_64", "qemu-system-x86_64", "qemu-system-x86", ("-M", "pc", "-cpu", "max"), "ttyS0",
                     SERIAL, "reboot=t mitigations=off"),
        Architecture("arm64", "aarch64", "qemu-system-aarch64", "qemu-system-arm",
                     ("-M", "virt,gic-version=3", "-cpu", "cortex-a57"), "ttyAMA0", SERIAL, "mitigations=off"),
        Architecture("s390x", "s390x", "qemu-system-s390x", "qemu-system-misc",
                     ("-M", "s390-ccw-virtio", "-cpu", "max"), "ttysclp0",
                     ("-device", "sclpconsole,chardev=console")),
    )
}


@dataclasses.dataclass(frozen=True)
class Kernel:
    series: str
    architecture: Architecture
    suite: str
    package: str  # the one that always depends on the newest
    jit: bool = True
    btf: bool = True  # of the kernel itself, in /sys/kernel/btf/vmlinux

    @property
    def name(self):
        return f"{self.series}-{self.architecture.name}"

    def is_at_least(self, major, minor):
        """7.x is newer than all there are names for."""
        return [int(n) if n != "x" else 1000 for n in self.series.split(".")] >= [major, minor]

    def is_of_series(self, release):
        """7.x is any 7; 6.1 is 6.1 and not 6.12."""
        return (release + ".").startswith(self.series.removesuffix("x").rstrip(".") + ".")


AMD64, ARM64, S390X = (ARCHITECTURES[name] for name in ("amd64", "arm64", "s390x"))
KERNELS = [
    Kernel("5.10", AMD64, "bullseye", "linux-image-cloud-amd64"),
    Kernel("6.1", AMD64, "bookworm", "linux-image-cloud-amd64"),
    Kernel("6.12", AMD64, "trixie", "linux-image-cloud-amd64"),
    Kernel("7.x", AMD64, "trixie-backports", "linux-image-cloud-amd64"),
    Kernel("6.1", ARM64, "bookworm", "linux-image-cloud-arm64"),
    Kernel("6.12", ARM64, "trixie", "linux-image-cloud-arm64"),
    Kernel("6.1", S390X, "bookworm", "linux-image-s390x", jit=False, btf=False),
    Kernel("6.12", S390X, "trixie", "linux-image-s390x", jit=False),
]
