"""Times ours and the peers in turn, in one run, and prints a table in Markdown.

    python Benchmarks/compare.py DESCENT                          # every workload, five rounds
    python Benchmarks/compare.py DESCENT --rounds 3 --seconds 1 tiny nielsen
    python Benchmarks/compare.py DESCENT --batches                # ours on mlp, batches of 128, 256, ... 4,096

DESCENT is the built program. In each round every program starts anew and fills --seconds; the table has the medians of
the rounds. A ratio says how many times as fast ours is as the best peer, the one with the best median: the median of
the rounds' ratios, and the least and the greatest, since on a shared machine only figures of one moment compare.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

from peers import PEERS
from workloads import BY_NAME

PEERS_PROGRAM = str(Path(__file__).with_name("peers.py"))
BATCHES = [128, 256, 512, 1024, 2048, 4096]


def reading(command: list[str]) -> float:
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {run.returncode}: {run.stderr.strip()}")
    return json.loads(run.stdout)["value"]


def in_turn(commands: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """The readings of each command, all of them once a round."""
    readings: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds):
        for name, command in commands.items():
            readings[name].append(reading(command))
            print(f"round {turn + 1} of {rounds}: {name} {shown(readings[name][-1])}", file=sys.stderr)
    return readings


def shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def compare(descent: str, names: list[str], rounds: int, seconds: str) -> None:
    columns = ["descent", *PEERS]
    print("| workload | " + " | ".join(columns) + " | best peer | ratio |")
    print("|---" * (len(columns) + 3) + "|")
    for name in names:
        workload = BY_NAME[name]
        commands = {"descent": [descent, "bench", name, "--json", "--seconds", seconds]}
        for peer, (takes_part, _) in PEERS.items():
            if takes_part(workload):
                commands[peer] = [sys.executable, PEERS_PROGRAM, "--peers", peer, "--seconds", seconds, name]
        print(name, file=sys.stderr)
        readings = in_turn(commands, rounds)
        # higher is better for samples a second, lower for the time of a call
        speed = (lambda value: value) if workload.is_training else (lambda value: 1 / value)
        best = max(readings.keys() - {"descent"}, key=lambda peer: speed(statistics.median(readings[peer])))
        ratios = [speed(ours) / speed(theirs) for ours, theirs in zip(readings["descent"], readings[best])]
        cells = [shown(statistics.median(readings[column])) if column in readings else "" for column in columns]
        unit = "samples/s" if workload.is_training else "µs"
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"| `{name}`, {unit} | " + " | ".join(cells) + f" | {best} | {ratio} |", flush=True)


def compare_batches(descent: str, rounds: int, seconds: str) -> None:
    commands = {
        f"{size:,}": [descent, "bench", "mlp", "--json", "--seconds", seconds, "--batch", str(size)]
        for size in BATCHES}
    medians = {name: statistics.median(values) for name, values in in_turn(commands, rounds).items()}
    print("| batch of `mlp` | samples/s | against half the batch |")
    print("|---|---|---|")
    before = None
    for name, median in medians.items():
        change = f"{100 * (median / before - 1):+.1f} %" if before else ""
        print(f"| {name} | {shown(median)} | {change} |")
        before = median


def main() -> None:
    parser = argparse.ArgumentParser(description="Times ours and the peers in turn.")
    parser.add_argument("descent", metavar="DESCENT", help="the built program")
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"{', '.join(BY_NAME)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="of every program once (default: 5)")
    parser.add_argument("--seconds", default="2", help="that a program measures in a round (default: 2)")
    parser.add_argument("--batches", action="store_true", help="time mlp with batches of 128 to 4,096 instead")
    options = parser.parse_intermixed_args()
    if options.batches:
        compare_batches(options.descent, options.rounds, options.seconds)
        return
    for name in options.workloads:
        if name not in BY_NAME:
            parser.error(f"{name} is no workload; it is one of {', '.join(BY_NAME)}")
    compare(options.descent, options.workloads or list(BY_NAME), options.rounds, options.seconds)


if __name__ == "__main__":
    main()
