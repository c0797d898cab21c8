# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""One way to build programs; what became of them here; and what is kept of those that fail."""
import collections
import dataclasses
import json
import pathlib
import shutil
import subprocess
import tempfile

import programs

source = pathlib.Path(__file__).resolve().parent.parent.parent


@dataclasses.dataclass
class Failure:
    kind: str
    detail: object  # a text, or what the driver said


@dataclasses.dataclass
class Batch:
    """Programs that are built, and what they answer natively."""
    made: list
    folder: pathlib.Path

    @property
    def answers(self):
        return self.folder / "answers"

    def object(self, endian):
        return self.folder / ("big.bpf.o" if endian == "big" else "batch.bpf.o")


class Tally:
    """What became of programs."""

    def __init__(self):
        self.packets, self.failures, self.skipped = 0, {}, collections.defaultdict(set)
        self.heaviest = (0, "")  # instructions that the verifier walked through, and of which program

    def take(self, program, answer):
        if answer["result"] not in ("ok", "lacking"):
            self.failures[program.name] = Failure(answer["result"], answer)
            return
        self.packets += answer.get("packets", 0)
        self.heaviest = max(self.heaviest, (answer.get("verified", 0), program.name))
        for why in filter(None, answer.get("why", "").split(", ")):
            self.skipped[why].add(program.name)

    def add(self, other):
        self.packets += other.packets
        self.heaviest = max(self.heaviest, other.heaviest)
        self.failures.update(other.failures)
        for why, names in other.skipped.items():
            self.skipped[why] |= names


class Runner:
    def __init__(self, a, driver, flags, native="g++", big_endian=False):
        self.a, self.driver, self.flags, self.native, self.big_endian = a, driver, flags, native, big_endian

    def build(self, folder, text):
        """What went wrong, or nothing."""
        (folder / "batch.bpf.cpp").write_text(text)
        compiler, optimize, cpu = self.flags

        def compile_for(target, out): # as bpfxx_add_program() does it
            return subprocess.Popen(["cmake", "-P", str(source / "cmake" / "compile_object.cmake"), "--", compiler,
                                     "--config", str(self.a.build / "bpfxx.cfg"), "-target", target, optimize,
                                     f"-mcpu={cpu}", "-w", "-c", "batch.bpf.cpp", "-o", out], cwd=folder, text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

        bpf = compile_for("bpfel", "batch.bpf.o")
        native = subprocess.run([self.native, "-std=gnu++20", "-O0", "-w", "-shared", "-fPIC",
                                 f"-I{source / 'include'}", '-DBPFXX_OBJECT="batch"', "batch.bpf.cpp", "-o", "batch.so"],
                                cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = bpf.communicate()[0]
        if bpf.returncode != 0:
            return Failure("does not compile", said[:4000])
        if native.returncode != 0:
            return Failure("does not compile natively", native.stdout[:4000])
        if self.big_endian:
            big = compile_for("bpfeb", "big.bpf.o")
            said = big.communicate()[0]
            if big.returncode != 0:
                return Failure("does not compile for bpfeb", said[:4000])
        return None

    def prepare(self, folder, made, keep):
        """Builds them, and writes down what they are asked. What went wrong, or nothing."""
        failure = self.build(folder, programs.batch(made, keep))
        with open(folder / "packets", "w") as out:
            for p in made:
                for packet in p.packets(self.a.packets):
                    out.write(f"{p.name} {packet.hex()}\n")
        return failure

    def run(self, made, keep=None):
        """The tally of these programs in this kernel."""
        tally, lost = Tally(), []
        with tempfile.TemporaryDirectory(prefix="bpfxx-generate-") as name:
            folder = pathlib.Path(name)
            if failure := self.prepare(folder, made, keep):
                lost = made
            else:
                ran = subprocess.run([self.driver, "./batch.so", "batch.bpf.o", "packets"], cwd=folder, text=True,
                                     capture_output=True)
                by_name = {p.name: p for p in made}
                for line in ran.stdout.splitlines():
                    answer = json.loads(line)
                    tally.take(by_name.pop(answer["program"]), answer)
                lost = list(by_name.values())
                failure = Failure("crashes", f"exit status {ran.returncode}\n{ran.stderr[-3000:]}")
        if lost and len(made) == 1:
            tally.failures[made[0].name] = failure
        elif lost:
            for p in lost:
                tally.add(self.run([p], keep))
        return tally

    def answers(self, made, work, keep=None):
        """Batches of those that can be built, below the folder `work`, and the failures of others."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=work))
        failure = self.prepare(folder, made, keep)
        if not failure:
            with open(folder / "answers", "w") as out:
                ran = subprocess.run([self.driver, "--answers", "./batch.so", "batch.bpf.o", "packets"], cwd=folder,
                                     text=True, stdout=out, stderr=subprocess.PIPE)
            if ran.returncode == 0:
                (folder / "batch.so").unlink()
                return [Batch(made, folder)], {}
            failure = Failure("crashes natively", f"exit status {ran.returncode}\n{ran.stderr[-3000:]}")
        shutil.rmtree(folder)
        if len(made) == 1:
            return [], {made[0].name: failure}
        batches, failures = [], {}
        for p in made:
            one, failed = self.answers([p], work, keep)
            batches += one
            failures |= failed
        return batches, failures

    def smaller(self, program, failure):
        """The statements that are needed to fail in the same way."""
        keep = set(range(len(program.statements) + 1))
        for i in sorted(keep, reverse=True):
            without = keep - {i}
            failures = self.run([program], without).failures
            if program.name in failures and failures[program.name].kind == failure.kind:
                keep, failure = without, failures[program.name]
        return keep, failure

    def save(self, program, keep, failure, kernel=""):
        """All that belongs to a failure, in a folder of its own; `keep` is what a smaller one consists of."""
        folder = self.a.keep / "-".join(filter(None, [f"seed{self.a.seed}", program.name, kernel]))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "whole.bpf.cpp").write_text(programs.batch([program]))
        if keep is not None:
            (folder / "small.bpf.cpp").write_text(programs.batch([program], keep))
        compiler, optimize, cpu = self.flags
        text = failure.detail if isinstance(failure.detail, str) else json.dumps(failure.detail, indent=1)
        if isinstance(failure.detail, dict) and "log" in failure.detail:
            text = failure.detail["log"]
        where = f" on {kernel}" if kernel else ""
        again = f" --kernel {kernel}" if kernel else ""
        (folder / "why").write_text(
            f"{program.name} {failure.kind}{where}: {compiler} {optimize} -mcpu={cpu}\n"
            f"again: bpf-tests/generate/run --seed {self.a.seed} --first {program.number} --programs 1 "
            f"--compiler {compiler} --optimize {optimize[2:]} --cpu {cpu}{again}\n\n{text}\n")
        return folder
