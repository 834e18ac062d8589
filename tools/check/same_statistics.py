"""Compares the tables of two profiles of the same text by the same model, say of two versions of the program.

Everything but the histogram must be the same: counts, extremes and places exactly, moments to the rounding of float64.
"""
import argparse
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa

MOMENTS = ("absoluteSum", "mean", "m2", "m3", "m4")
HISTOGRAM = ("exponent", "bins", "distribution_check", "examples_check")
TOLERANCE = 1e-9


def column(table: pa.Table, name: str) -> np.ndarray:
    values = table[name].combine_chunks()
    while hasattr(values, "flatten") and pa.types.is_fixed_size_list(values.type):
        values = values.flatten()
    return values.to_numpy(zero_copy_only=False)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("profiles", type=Path, nargs=2)
    first, second = arguments.parse_args().profiles
    files = sorted(file.relative_to(first) for file in first.glob("segments/*/*.*.arrow"))
    different: dict[str, int] = {}
    furthest, neurons = 0.0, 0
    for file in files:
        one, other = (pa.ipc.open_file(profile / file).read_all() for profile in (first, second))
        neurons += one.num_rows
        # What an empty slot holds means nothing.
        for name in one.column_names:
            if name in HISTOGRAM:
                continue
            a, b = column(one, name), column(other, name)
            if name in MOMENTS:
                # A third moment may be 0 where its terms are not: it is held against the others' scale.
                power = {"m2": 2, "m3": 3, "m4": 4}.get(name, 1)
                count = column(one, "count")
                scale = count * np.sqrt(np.maximum(column(one, "m2") / count, 1e-30)) ** power if power > 1 else np.abs(a)
                furthest = max(furthest, float(np.max(np.abs(a - b) / np.maximum(scale, 1e-30))))
            elif not np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                different[name] = different.get(name, 0) + int(np.sum(~((a == b) | ((a != a) & (b != b)))))
    print(f"{neurons} neurons in {len(files)} tables; moments differ by at most {furthest:.1e}; different cells: {different or 'none'}")
    return 0 if not different and furthest <= TOLERANCE and files else 1


if __name__ == "__main__":
    sys.exit(main())
