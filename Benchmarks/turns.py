"""Times lethe and PyTorch in turns; Benchmarks/run starts it.

Each round runs one process of either side, the side that goes first changing from round to round. Printed are both
sides' times and memory, and at the end a Markdown row for each configuration: median and range over the rounds.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

# Name: size, latent, cap, batch, iterations enough for steady medians in bearable time.
CONFIGURATIONS = {
    "32x64": (32, 128, 64, 16, 33),
    "32x512": (32, 128, 512, 16, 5),
    "256x64": (256, 512, 64, 4, 5),
}
# For GPUs: config-f. Recorded phases (--cuda-graphs) need some runs before they are replayed.
LARGE = {
    "256x512": (256, 512, 512, 16, 129),
    "1024x512": (1024, 512, 512, 4, 129),
}
PYTORCH = pathlib.Path(__file__).resolve().parent / "pytorch" / "time_step.py"


def arguments():
    a = argparse.ArgumentParser(prog="Benchmarks/run", description=__doc__.splitlines()[0])
    a.add_argument("--lethe", help=argparse.SUPPRESS, required=True)
    a.add_argument("--configuration", nargs="+", default=["32x64"], choices=[*CONFIGURATIONS, *LARGE, "all"],
                   help="size x cap; 32x64: latent 128, batch 16 (default); 32x512: latent 128, batch 16; "
                        "256x64: latent 512, batch 4; all: the three; for GPUs 256x512: latent 512, batch 16, and "
                        "1024x512: latent 512, batch 4")
    for name in ("size", "latent", "cap", "batch"):
        a.add_argument(f"--{name}", type=int, help="another value than the configuration's")
    a.add_argument("--formulation", nargs="+", default=["best"], choices=["best", "reference"],
                   help="how PyTorch computes: the fastest that we know, or as the public code (default: best)")
    a.add_argument("--rounds", type=int, default=5, help="turns of both sides (default: 5)")
    a.add_argument("--iterations", type=int, help="iterations a turn (default: 33 for 32x64, 5 for the others)")
    a.add_argument("--time-limit", type=float,
                   help="seconds after which a turn begins no further iteration; two always are run")
    a.add_argument("--threads", type=int, help="threads of both sides (default: one a core)")
    a.add_argument("--device", default="cpu", help="of both sides: cpu, cuda or cuda:1 (default: cpu)")
    a.add_argument("--tf32", action="store_true", help="both sides multiply in TF32 on CUDA")
    a.add_argument("--precision", nargs="+", choices=["fp32", "bf16", "fp16"], default=["fp32"],
                   help="of lethe's steps; each has a turn of its own in every round (default: fp32)")
    a.add_argument("--pytorch-precision", choices=["fp32", "bf16", "fp16"], default="fp32",
                   help="of PyTorch's steps, by autocast (default: fp32)")
    a.add_argument("--cuda-graphs", action="store_true", help="lethe records its steps and replays them")
    options = a.parse_args()
    if options.rounds < 1:
        a.error(f"--rounds is {options.rounds}, expected at least 1")
    if options.iterations is not None and options.iterations < 2:
        a.error(f"--iterations is {options.iterations}, expected at least 2")
    return options


def json_of(command):
    """The JSON object that a command prints last; its failure is ours."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"Benchmarks/run: '{' '.join(map(str, command))}' failed with code {done.returncode}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def commands(o, name, formulation):
    """What lethe, in each precision, and PyTorch are run with."""
    size, latent, cap, batch, iterations = {**CONFIGURATIONS, **LARGE}[name]
    shape = {"--size": o.size or size, "--latent": o.latent or latent, "--batch": o.batch or batch,
             "--iterations": o.iterations or iterations}
    if o.time_limit:
        shape["--time-limit"] = o.time_limit
    if o.threads:
        shape["--threads"] = o.threads
    cap = o.cap or cap
    shared = [str(word) for pair in shape.items() for word in pair] + ["--device", o.device] + ["--tf32"] * o.tf32
    ours = {precision: [o.lethe, "bench", "iteration", *shared, "--channel-cap", str(cap), "--json",
                        "--precision", precision] + ["--cuda-graphs"] * o.cuda_graphs
            for precision in o.precision}
    theirs = [sys.executable, str(PYTORCH), *shared, "--cap", str(cap), "--formulation", formulation,
              "--precision", o.pytorch_precision]
    title = (f"{shape['--size']}x{shape['--size']}, latent {shape['--latent']}, cap {cap}, "
             f"batch {shape['--batch']}")
    return title, ours, theirs


def spread(values, digits=2):
    """Median (lowest to highest)."""
    return (f"{statistics.median(values):.{digits}f} "
            f"({min(values):.{digits}f} to {max(values):.{digits}f})")


def measure(o, name, formulation):
    """All rounds of one configuration against one formulation; returns a row a precision."""
    title, ours, theirs = commands(o, name, formulation)
    rounds = {precision: [] for precision in ours}
    fractions = dict.fromkeys(ours, "not timed")
    for index in range(o.rounds):
        # The convolutions alone do not change from round to round.
        turns = [(precision, command if index == 0 else [*command, "--no-convolutions"])
                 for precision, command in ours.items()] + [("pytorch", theirs)]
        results = {side: json_of(command) for side, command in (turns if index % 2 == 0 else turns[::-1])}
        for side, result in results.items():
            print(f"{side:8}{json.dumps(result)}")
        pytorch = results.pop("pytorch")
        for precision, lethe in results.items():
            if "convolution_fraction" in lethe:
                fractions[precision] = (f"{lethe['convolution_fraction']:.2f}, "
                                        f"{lethe['libtorch_convolution_fraction']:.2f}")
            rounds[precision].append((pytorch["ms_per_iteration"] / lethe["ms_per_iteration"],
                                      lethe["peak_rss_mb"] / pytorch["peak_rss_mb"],
                                      lethe["ms_per_iteration"], pytorch["ms_per_iteration"],
                                      lethe["peak_rss_mb"], pytorch["peak_rss_mb"]))
            print(f"round {index + 1}: {title}: {precision} {rounds[precision][-1][0]:.3f} times as fast as "
                  f"{formulation}, {rounds[precision][-1][1]:.3f} of its memory", flush=True)
    return [row(title, precision, o, formulation, zip(*rounds[precision]), fractions[precision])
            for precision in ours]


def row(title, precision, o, formulation, columns, share):
    """One line of the table."""
    speed, memory, our_time, their_time, our_memory, their_memory = columns
    precision = precision if precision == o.pytorch_precision else f"{precision}, {o.pytorch_precision}"
    return (f"| {title} | {precision} | {formulation} | {spread(speed)} | {spread(memory)} "
            f"| {statistics.median(our_time):.0f} ms, {statistics.median(our_memory):.0f} MB "
            f"| {statistics.median(their_time):.0f} ms, {statistics.median(their_memory):.0f} MB | {share} |")


def main():
    o = arguments()
    names = list(CONFIGURATIONS) if "all" in o.configuration else o.configuration
    rows = [row for name in names for formulation in o.formulation for row in measure(o, name, formulation)]
    print("\n| configuration | precision | PyTorch | times as fast | memory, Lethe over PyTorch | Lethe "
          "| PyTorch | convolutions' share, ours and libtorch's |")
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
