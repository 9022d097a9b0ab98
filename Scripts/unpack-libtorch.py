"""Takes libtorch out of a PyTorch wheel, and checks every file on the way.

    python3 Scripts/unpack-libtorch.py torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl FOLDER

FOLDER receives torch/include, the shared libraries of torch/lib, what those need from torch.libs, the
licences, and at last `.complete`, a record of it that Scripts/bootstrap compares: name and version; the
number of headers; SHA-256, size and path of each library. Needs Python 3.6 and nothing else.
"""

import base64
import csv
import hashlib
import io
import os
import sys
import zipfile
import zlib

# Parts of PyTorch that serve Python, or its own tests.
NOT_OURS = ("torch_python", "shm", "torchbind_test", "jitbackend_test", "backend_with_compiler", "aoti_custom_ops")


def is_library(name):
    folder, _, file = name.rpartition("/")
    if folder == "torch.libs":
        return True
    stem = file.split(".")[0]
    shared = ".so" in file or file.endswith(".dylib")
    return folder in ("torch/lib", "torch/.dylibs") and shared and stem[3:] not in NOT_OURS


def is_wanted(name):
    return name.startswith("torch/include/") or ".dist-info/licenses/" in name or is_library(name)


def checksums(wheel):
    """SHA-256 in hexadecimal by path, from the wheel's RECORD."""
    (record,) = [n for n in wheel.namelist() if n.endswith(".dist-info/RECORD")]
    found = {}
    for path, value, _ in csv.reader(io.StringIO(wheel.read(record).decode())):
        kind, _, digest = value.partition("=")
        if kind == "sha256":
            found[path] = base64.urlsafe_b64decode(digest + "=" * (-len(digest) % 4)).hex()
    return found


def extract(wheel, name, folder):
    """Writes one file; returns its SHA-256 and size. The zip's own checksum is compared by zipfile."""
    path = os.path.join(folder, *name.split("/"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with wheel.open(name) as source, open(path, "wb") as target:
        while True:
            block = source.read(1 << 20)
            if not block:
                break
            digest.update(block)
            size += len(block)
            target.write(block)
    return digest.hexdigest(), size


def main(path, folder):
    package = "-".join(os.path.basename(path).split("-")[:2]).replace("torch-", "libtorch ")
    with zipfile.ZipFile(path) as wheel:
        expected = checksums(wheel)
        names = [n for n in wheel.namelist() if is_wanted(n) and not n.endswith("/")]
        headers, libraries = 0, []
        for name in names:
            if ".." in name.split("/") or name.startswith("/"):
                raise ValueError(f"{name} would leave the folder")
            digest, size = extract(wheel, name, folder)
            if expected.get(name, digest) != digest:
                raise ValueError(f"{name} differs from its checksum in the wheel's RECORD")
            if name.startswith("torch/include/"):
                headers += 1
            elif is_library(name):
                if name not in expected:
                    raise ValueError(f"{name} has no checksum in the wheel's RECORD")
                libraries.append(f"{digest} {size} {name}\n")
    if not headers or not any("torch_cpu" in line for line in libraries):
        raise ValueError("it holds no libtorch")
    # The record says that the rest is here: the rest must have reached the disk before it.
    if hasattr(os, "sync"):
        os.sync()
    with open(os.path.join(folder, ".complete"), "w") as record:
        record.write(f"{package}\nheaders {headers}\n")
        record.writelines(sorted(libraries))


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        sys.exit(f"bootstrap: error: cannot unpack {os.path.basename(sys.argv[1])}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
