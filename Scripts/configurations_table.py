#!/usr/bin/env python3
"""Prints the runs of Scripts/configurations as the table of Docs/Configurations.md.

    Scripts/configurations_table.py runs/configurations

PUL, Fréchet distance and the same class as mean ± standard deviation over seeds (n - 1), `kept` as the
smallest and largest ratio of any other class over all seeds. The second PUL is that of a judge that took no
part, where there is one. Drift is how far the mix of the other classes moved:
half the sum of |share after - share before| over them, in percent, both normalised without the class.
"""
import json
import pathlib
import statistics
import sys

ORDER = ["default", "redirect", "retention", "redirection", "bare", "loop", "EL2", "NL2", "IL2",
         "none", "extrapolation"]
NAMES = {"default": "default", "none": "no repulsion", "redirect": "retention and redirection",
         "retention": "retention alone", "redirection": "redirection alone",
         "bare": "the two without a discriminator", "loop": "closed loop alone",
         "extrapolation": "extrapolation at the default's PUL"}


def spread(values, digits):
    if len(values) < 2:
        return f"{values[0]:.{digits}f}"
    return f"{statistics.mean(values):.{digits}f} ± {statistics.stdev(values):.{digits}f}"


def second(file):
    other = file.parent.with_suffix(".second.json")
    return json.loads(other.read_text())["pul"] if other.exists() else None


def mean(values, digits):
    return "-" if None in values else spread(values, digits)


def drift(metrics):
    before, after = ({name: count for name, count in metrics[key].items() if name != metrics["forget"]}
                     for key in ("histogram_before", "histogram_after"))
    totals = sum(before.values()), sum(after.values())
    return 50 * sum(abs(after[name] / totals[1] - before[name] / totals[0]) for name in before)


def main():
    root = pathlib.Path(sys.argv[1])
    rows = {}
    for file in sorted(root.glob("*-*/*/metrics.json")):
        digit, seed = file.parts[-3].split("-")
        metrics = json.loads(file.read_text())
        kept = metrics["kept_ratios"].values()
        rows.setdefault((digit, file.parts[-2]), []).append(
            (metrics["pul"], second(file), metrics["frechet_to_original_positives"], min(kept), max(kept),
             drift(metrics), metrics.get("same_class"), seed))
        if "extrapolation" in metrics:
            point = metrics["extrapolation"][-1]
            rows.setdefault((digit, "extrapolation"), []).append(
                (point["pul"], None, point["frechet"], point["smallest_kept_ratio"], None,
                 None, None, seed))
    print("| digit | method | PUL % | second judge | FD | kept | same class % | drift % | seeds |")
    print("|---|---|---|---|---|---|---|---|---|")
    for digit, method in sorted(rows, key=lambda key: (key[0], ORDER.index(key[1]))):
        pul, other, distance, low, high, drifts, same, seeds = zip(*rows[digit, method])
        kept = f"from {min(low):.2f}" if None in high else f"{min(low):.2f} to {max(high):.2f}"
        print(f"| {digit} | {NAMES.get(method, method)} | {spread(pul, 1)} | {mean(other, 1)} "
              f"| {spread(distance, 1)} | {kept} | {mean(same, 1)} | {mean(drifts, 1)} | {' '.join(seeds)} |")


main()
