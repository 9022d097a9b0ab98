"""Times the metrics of distributions in turns: lethe's, torch-fidelity's, prdc's, and plain statements in PyTorch.

    venv/bin/pip install numpy scipy scikit-learn tqdm && venv/bin/pip install --no-deps torch-fidelity prdc
    OMP_NUM_THREADS=2 venv/bin/python Scripts/bench/metrics.py --lethe .build/release/lethe

All sides get the same features in single precision, made from a seed and written as .npy: ReLU of correlated noise, as a
network's last layer gives them. In each round every side is one process, the side that goes first changing from
round to round; a side warms up before it is timed. Printed are the values that each side gives, and for each metric the
median and the range over rounds of the ratio of times, another side's over lethe's: above 1, lethe is faster. What
is not installed is left out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

SIZES = {"10000x84": (10_000, 84), "5000x2048": (5_000, 2_048)}
SUBSETS, SUBSET_SIZE, NEIGHBOUR = 100, 1000, 5


def features(count, width, seed, shift):
    import numpy as np

    basis = np.random.default_rng(width).standard_normal((width, width)) / (1 + np.arange(width)[:, None]) ** 0.5
    x = np.random.default_rng(seed).standard_normal((count, width)) @ basis
    return np.maximum(0, x + shift).astype(np.float32)


def torch_fidelity(x, y):
    # Its package imports torchvision for extractors, which nothing here needs.
    try:
        import torchvision  # noqa: F401
    except Exception:
        def made_up(name):
            if name.startswith("__"):
                raise AttributeError(name)
            return type(name, (), {})

        for name in ("", ".transforms", ".transforms.functional", ".datasets", ".models"):
            stub = types.ModuleType("torchvision" + name)
            stub.__path__, stub.__getattr__ = [], made_up
            sys.modules["torchvision" + name] = stub
            if name:
                parent, _, child = stub.__name__.rpartition(".")
                setattr(sys.modules[parent], child, stub)
    from torch_fidelity import metric_fid, metric_kid, metric_prc

    def fid():
        a, b = (metric_fid.fid_features_to_statistics(z) for z in (x, y))
        return list(metric_fid.fid_statistics_to_metric(a, b, False).values())

    def kid():
        return list(metric_kid.kid_features_to_metric(
            x, y, kid_subsets=SUBSETS, kid_subset_size=SUBSET_SIZE, verbose=False, rng_seed=1).values())

    def precision():
        return list(metric_prc.prc_features_to_metric(
            x, y, prc_neighborhood=NEIGHBOUR, verbose=False, save_cpu_ram=False).values())[:2]

    return {"frechet distance": fid, "kernel distance": kid, "precision, recall": precision}


def prdc(x, y):
    from prdc import compute_prdc

    def all_four():
        found = compute_prdc(real_features=y.numpy(), fake_features=x.numpy(), nearest_k=NEIGHBOUR)
        return [found[k] for k in ("precision", "recall", "density", "coverage")]

    return {"all four": all_four}


def plain(x, y):
    import torch

    def fid():
        (m1, c1), (m2, c2) = ((z.double().mean(0), torch.cov(z.double().T)) for z in (x, y))
        values, vectors = torch.linalg.eigh(c1)
        root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
        trace = torch.linalg.eigvalsh(root @ c2 @ root).clamp(min=0).sqrt().sum()
        return [((m1 - m2).square().sum() + c1.trace() + c2.trace() - 2 * trace).item()]

    def kid():
        random, values = torch.Generator().manual_seed(1), []
        k = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
        n = SUBSET_SIZE
        for _ in range(SUBSETS):
            a, b = (z[torch.randperm(len(z), generator=random)[:n]] for z in (x, y))
            off = lambda m: (m.sum() - m.trace()) / (n * (n - 1))
            values.append(off(k(a, a)) + off(k(b, b)) - 2 * k(a, b).mean())
        return [torch.stack(values).mean().item()]

    def radii(z):
        return torch.cdist(z, z).kthvalue(NEIGHBOUR + 1).values

    def precision():
        across = torch.cdist(y, x)
        return [(across <= radii(y)[:, None]).any(0).float().mean().item(),
                (across <= radii(x)[None]).any(1).float().mean().item()]

    def density():
        held = torch.cdist(y, x) < radii(y)[:, None]
        return [held.sum().item() / (NEIGHBOUR * len(x)), held.any(1).float().mean().item()]

    return {"frechet distance": fid, "kernel distance": kid, "precision, recall": precision,
            "density, coverage": density}


SIDES = {"torch-fidelity": torch_fidelity, "prdc": prdc, "PyTorch": plain}


def worker(side, first, second):
    import numpy as np
    import torch

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    x, y = (torch.from_numpy(np.load(path)) for path in (first, second))
    for body in SIDES[side](x[:1200], y[:1200]).values():
        body()
    result = {}
    for name, body in SIDES[side](x, y).items():
        start = time.perf_counter()
        values = body()
        result[name] = {"ms": 1000 * (time.perf_counter() - start), "value": [float(v) for v in values]}
    print(json.dumps(result))


def ours(lethe, first, second, threads):
    found = json.loads(subprocess.run(
        [lethe, "bench", "metrics", "--features", first, "--reference", second, "--rounds", "1", "--threads",
         str(threads), "--json"], stdout=subprocess.PIPE, check=True, text=True).stdout)
    rows = {row["name"]: {"ms": row["ms"], "value": row["value"]} for row in found["rows"]}
    both = ["precision, recall", "density, coverage"]
    rows["all four"] = {"ms": sum(rows[n]["ms"] for n in both), "value": sum((rows[n]["value"] for n in both), [])}
    return rows


def theirs(side, first, second):
    done = subprocess.run([sys.executable, __file__, "--worker", side, first, second], stdout=subprocess.PIPE,
                          text=True)
    # Packages print words of their own before.
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def show(value):
    return ", ".join(f"{v:.6g}" for v in (value if isinstance(value, list) else [value]))


def compare(options, name, folder):
    import numpy as np

    paths = []
    for index in range(2):
        paths.append(str(Path(folder) / f"{name}-{index}.npy"))
        np.save(paths[-1], features(*SIZES[name], seed=index, shift=0.1 + 0.05 * index))
    threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
    sides = {"lethe": lambda: ours(options.lethe, *paths, threads)}
    sides |= {side: lambda side=side: theirs(side, *paths) for side in options.sides}
    times, values = {}, {}
    for turn in range(options.rounds):
        order = list(sides)
        for side in order[turn % len(order):] + order[:turn % len(order)]:
            found = sides[side]()
            if found is None:
                sides.pop(side)
                print(f"{side} did not run and is left out", file=sys.stderr)
                continue
            for metric, result in found.items():
                times.setdefault((side, metric), []).append(result["ms"])
                values[side, metric] = result["value"]
    print(f"\n{name}, {threads} threads, {options.rounds} rounds, load {os.getloadavg()[0]:.1f}\n")
    print("| metric | side | its time over lethe's | value | lethe's value |\n|---|---|---|---|---|")
    for (side, metric), own in times.items():
        if side == "lethe":
            continue
        ratios = sorted(a / b for a, b in zip(own, times["lethe", metric]))
        print(f"| {metric} | {side} | {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) "
              f"| {show(values[side, metric])} | {show(values['lethe', metric])} |")
    print("\nlethe's milliseconds: " + "; ".join(
        f"{metric} {statistics.median(own):.0f}" for (side, metric), own in times.items() if side == "lethe"))


def main():
    if sys.argv[1:2] == ["--worker"]:
        return worker(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lethe", required=True, help="the command")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds is {options.rounds}, expected at least 1")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.sizes:
            compare(options, name, folder)


if __name__ == "__main__":
    main()
