# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Generated programs in the kernels of bpf-tests/vm: built here, answered natively here, loaded and asked the same there."""
import concurrent.futures
import json
import re
import tempfile
import threading
import time

import archive
import census
import machine
import matrix
from runner import Failure, Tally

TOGETHER = 200  # programs that one machine is booted for
SMALLER = 3  # of the failures of a kernel: more are kept as they are
SECONDS = 600  # for each batch


def release(text):
    """(6, 1) of 6.1.0-44-cloud-amd64."""
    return tuple(int(n) for n in re.match(r"(\d+)\.(\d+)", text).groups())


class Kernel:
    """One kernel, and what all programs together became in it."""

    def __init__(self, kernel, target, driver, root):
        self.name, self.endian = kernel.name, kernel.architecture.endian
        self.kernel, self.target, self.driver, self.root = kernel, target, driver, root
        self.tally, self.release, self.asked, self.shrunk = Tally(), "", 0, 0
        self.lock = threading.Lock()

    def ask(self, asked, finished=lambda job: None):
        """What a machine says of each of these, (batch, name of a program or nothing): [(job, {name: answer})]; and what
        happened to the machine, if it did not get to the end."""
        booted = machine.Machine(self.kernel, self.root, self.target.busybox)
        jobs = [machine.Job(str(i), f"/driver --ask /{i}/answers /{i}/object {only}", SECONDS)
                for i, (_, only) in enumerate(asked)]

        def fill(files):
            files.copy(self.driver, "driver")
            for path, source in self.target.libraries([self.driver]).items():
                files.copy(source, path)
            for i, (batch, _) in enumerate(asked):
                files.copy(batch.answers, f"{i}/answers")
                files.copy(batch.object(self.endian), f"{i}/object")

        booted.boot(jobs, fill, finished=finished)
        if not booted.release:
            raise matrix.Broken(f"{self.name}: {booted.problem}\n" + "\n".join(booted.said[-40:]))
        if not self.kernel.is_of_series(booted.release):
            raise matrix.Broken(f"{self.name}: this is Linux {booted.release}")
        self.release = booted.release
        return [(job, {said["program"]: said for said in answers(job.output)}) for job in jobs], booted

    def run(self, batches, progress=lambda count: None):
        """The tally of these. A program that takes the machine with it is asked for once more, alone."""
        tally = Tally()
        waiting = [(batch, "") for batch in batches]
        while waiting:
            sizes = [1 if only else len(batch.made) for batch, only in waiting]
            said, booted = self.ask(waiting, lambda job: progress(sizes[int(job.name)]))
            left, running = [], True
            for (batch, only), (job, by_name) in zip(waiting, said):
                for program in batch.made:
                    if only and program.name != only:
                        continue
                    if answer := by_name.get(program.name):
                        tally.take(program, self.excused(program, answer))
                    elif only and running:
                        text = "\n".join([booted.problem, *job.output[-40:], *booted.said[-40:]])
                        tally.failures[program.name] = Failure("crashes", f"exit status {job.status}\n{text}")
                    else:
                        left.append((batch, program.name))
                running = running and job.status is not None
            waiting = left
        return tally

    def excused(self, program, answer):
        """What a program answers otherwise on an older kernel, where none of its instructions shows it."""
        needs = [f"{what} needs Linux {major}.{minor}" for (major, minor), what in program.needs
                 if release(self.release) < (major, minor)]
        if not needs or answer["result"] in ("lacking", "rejected"):
            return answer
        return {"program": program.name, "result": "ok", "why": ", ".join(needs)}

    def smaller(self, runner, work, program, failure):
        """The statements that are needed to fail in the same way. Each boot tries all that may be left out."""
        keep = set(range(len(program.statements) + 1))

        def failing(candidates):
            built = [runner.answers([program], work, candidate) for candidate in candidates]
            there = [batches[0] for batches, _ in built if batches]
            said = iter(self.ask([(batch, "") for batch in there])[0] if there else [])
            return [batches and next(said)[1].get(program.name, {"result": "crashes"})["result"] == failure.kind
                    for batches, _ in built]

        while keep:
            order = sorted(keep, reverse=True)
            alone = [i for i, fails in zip(order, failing([keep - {i} for i in order])) if fails]
            together = [keep - set(alone[:n]) for n in range(len(alone), 1, -1)]
            if not alone:
                break
            keep = next((c for c, fails in zip(together, failing(together)) if fails), keep - {alone[0]})
        return keep

    def line(self):
        t = self.tally
        return (f"{self.name}: Linux {self.release}, {self.asked} programs, {t.packets} packets, "
                f"{len(set().union(*t.skipped.values()))} skipped in part or whole, {len(t.failures)} failed")


def answers(output):
    """Those that are whole: what the kernel says on the console may stand between."""
    for line in output:
        if line.startswith("{"):
            try:
                yield json.loads(line)
            except ValueError:
                pass


def prepared(chosen, driver):
    """The kernels that can be had here, and why others cannot."""
    kernels, unreachable, there = [], [], {}
    for kernel in chosen:
        architecture = kernel.architecture
        try:
            if architecture.name not in there:
                target, own = matrix.target_of(architecture), driver
                if not target.native:
                    print(f"== building for {architecture.name}", flush=True)
                    target.configure()
                    target.build(["generate_driver"])
                    own = target.tree / "bin/bpfxx-generate-driver"
                there[architecture.name] = target, own
            kernels.append(Kernel(kernel, *there[architecture.name], matrix.files_of(kernel)))
        except (matrix.Problem, archive.Unreachable) as problem:
            unreachable.append(f"{kernel.name}: {problem}")
    return kernels, unreachable


class Campaign:
    def __init__(self, a, runner, kernels, work, progress):
        self.a, self.runner, self.kernels, self.work, self.progress = a, runner, kernels, work, progress
        self.built, self.failed, self.asked = 0, 0, 0
        self.lock = threading.Lock()

    def show(self):
        self.progress.show(f"{self.built} of {self.a.programs} programs built, {self.asked} asked on "
                           f"{len(self.kernels)} kernels, {self.failed} failed")

    def fail(self, text):
        with self.lock:
            self.failed += 1
        self.progress.tell(f"FAILED: {text}")

    def build(self, index, numbers):
        how = self.runner(index)
        made, batches, failures = [census.program(self.a.seed, n) for n in numbers], [], {}
        # One function of the kernel that is not there, and libbpf loads no program of the object.
        for calls in (False, True):
            if group := [p for p in made if p.calls_kernel_functions == calls]:
                one, failed = how.answers(group, self.work)
                batches += one
                failures |= failed
        for p in made:
            if failure := failures.get(p.name):
                self.fail(f"{p.name} {failure.kind} ({' '.join(how.flags)}): {how.save(p, None, failure)}")
        with self.lock:
            self.built += len(numbers)
        self.show()
        return [(how, batch) for batch in batches]

    def boot(self, kernel, built):
        def progress(count):
            with self.lock:
                self.asked += count
            self.show()

        try:
            tally = kernel.run([batch for _, batch in built], progress)
        except matrix.Broken as broken:
            return self.fail(broken)
        with kernel.lock:
            kernel.tally.add(tally)
            kernel.asked += sum(len(batch.made) for _, batch in built)
        for how, batch in built:
            for p in batch.made:
                if failure := tally.failures.get(p.name):
                    self.keep(kernel, how, p, failure)
        return None

    def keep(self, kernel, how, program, failure):
        with kernel.lock:
            kernel.shrunk += 1
            shrinks = kernel.shrunk <= SMALLER and failure.kind != "crashes"  # of that a machine tells too little
        statements, note = None, ", kept whole"
        if shrinks:
            statements, note = kernel.smaller(how, self.work, program, failure), ""
        self.fail(f"{program.name} {failure.kind} on {kernel.name} ({' '.join(how.flags)}){note}: "
                  f"{how.save(program, statements, failure, kernel.name)}")


def campaign(a, driver, runner, batches, progress):
    """The exit status of all programs on all kernels."""
    begin = time.monotonic()
    kernels, unreachable = prepared(a.kernels, driver)
    each = max(1, TOGETHER // a.batch)
    with tempfile.TemporaryDirectory(prefix="bpfxx-generate-") as work, \
            concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        all_, running = Campaign(a, runner, kernels, work, progress), []
        for first in range(0, len(batches) if kernels else 0, each):
            if a.minutes and time.monotonic() - begin > a.minutes * 60:
                break
            building = [pool.submit(all_.build, i, batches[i]) for i in range(first, min(first + each, len(batches)))]
            built = [one for future in building for one in future.result()]
            running += [pool.submit(all_.boot, kernel, built) for kernel in kernels if built]
        for future in running:
            future.result()
    progress.show("")
    skipped = {}
    for kernel in kernels:
        print(kernel.line())
        for why, names in kernel.tally.skipped.items():
            skipped.setdefault(why, []).append(f"{len(names)} on {kernel.name}")
    for why, where in sorted(skipped.items()):
        print(f"SKIPPED: {why}: {', '.join(where)}")
    for text in unreachable:
        print(f"{'MISSING' if matrix.IN_CI else 'SKIPPED'}: {text}")
    print(f"{all_.built} programs with seed {a.seed} on {len(kernels)} kernels, {all_.failed} failed; "
          f"{time.monotonic() - begin:.0f} s")
    return 1 if all_.failed or (unreachable and matrix.IN_CI) else 77 if unreachable else 0
