"""Renders cartoon faces with known features, and writes them in CelebA's form.

    python3 -m venv venv && venv/bin/pip install dicebear-core==10.7.0 dicebear-styles==10.6.0 \
      cairosvg==2.9.1 pillow==13.0.0
    venv/bin/python Scripts/data/cartoon_faces.py data/faces [--count 10000] [--size 64] [--seed 0]

The folder gets img_align_celeba/000001.png ... and list_attr_celeba.txt, with 1 or -1 for each
attribute. Faces are "Avataaars" by Pablo Stanley, free for personal and commercial use, in the
remix of DiceBear. Features are drawn independently of one another (but a hat hides long hair), so
that forgetting one has no excuse to change another.
"""

import argparse
import io
import json
import random
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from pathlib import Path

import cairosvg
from dicebear import Avatar, Style
from PIL import Image

# Attribute, and the share of faces that have it; Long_Hair of those without a hat.
SHARES = {
    "Eyeglasses": 0.35,
    "Wearing_Hat": 0.3,
    "No_Beard": 0.7,
    "Smiling": 0.5,
    "Pale_Skin": 0.5,
    "Long_Hair": 0.5,
}
GLASSES = ["prescription02", "round", "wayfarers", "sunglasses"]
HATS = ["winterHat1", "winterHat02", "winterHat03", "hat"]
LONG = ["straight01", "straight02", "longButNotTooLong", "curvy", "bob"]
SHORT = ["shortFlat", "shortRound", "shortWaved", "theCaesar", "shortCurly"]
SMILING = ["smile", "twinkle"]
SERIOUS = ["serious", "sad", "concerned"]
PALE = ["#ffdbb4", "#edb98a"]
DARK = ["#ae5d29", "#8d5524"]
EYES = ["default", "happy", "surprised"]
HAIR = ["#2c1b18", "#724133", "#b58143", "#d6b370", "#c93305"]
CLOTHES = ["#262e33", "#65c9ff", "#5199e4", "#a7ffc4", "#ff5c5c", "#e6e6e6"]
HAT = ["#5199e4", "#ff5c5c", "#3c4f5c", "#ffffb1"]
BACKGROUND = ["#f2f2f2", "#dbe7f3", "#f3e6db"]
# The head's part of the drawing, of 280 units: left, top, side.
HEAD = (46, 22, 188)

style = Style(json.loads(files("dicebear_styles").joinpath("avataaars.json").read_text("utf-8")))


def features(number, seed):
    """Which attributes a face has."""
    chance = random.Random(f"features {seed} {number}")
    has = {name: chance.random() < share for name, share in SHARES.items()}
    # A hat hides the hair.
    has["Long_Hair"] &= not has["Wearing_Hat"]
    return has


def picture(number, seed, size):
    """A face as PNG."""
    has = features(number, seed)
    chance = random.Random(f"variants {seed} {number}")

    def one(values):
        return [chance.choice(values)]

    hat = one(HATS)
    hair = one(LONG if has["Long_Hair"] else SHORT)
    options = {
        "seed": f"{seed} {number}",
        "size": 280,
        "accessoriesVariant": one(GLASSES),
        "accessoriesProbability": 100 if has["Eyeglasses"] else 0,
        "accessoriesColor": one(["#1a1a1a", "#262e33"]),
        "topVariant": hat if has["Wearing_Hat"] else hair,
        "topProbability": 100,
        "facialHairVariant": one(["beardLight", "beardMedium"]),
        "facialHairProbability": 0 if has["No_Beard"] else 100,
        "mouthVariant": one(SMILING if has["Smiling"] else SERIOUS),
        "skinColor": one(PALE if has["Pale_Skin"] else DARK),
        "eyesVariant": one(EYES),
        "eyebrowsVariant": one(["default", "defaultNatural", "raisedExcited"]),
        "clothesVariant": one(["shirtCrewNeck", "hoodie", "blazerAndShirt"]),
        "clothesColor": one(CLOTHES),
        "hatColor": one(HAT),
        "backgroundColor": one(BACKGROUND),
    }
    colour = one(HAIR)
    options["hairColor"] = options["facialHairColor"] = colour
    drawn = cairosvg.svg2png(
        Avatar(style, options).to_string().encode(), output_width=4 * 280, output_height=4 * 280
    )
    left, top, side = (4 * part for part in HEAD)
    image = Image.open(io.BytesIO(drawn)).convert("RGB").crop((left, top, left + side, top + side))
    file = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(file, "png")
    return file.getvalue()


def write(task):
    """Renders one face into the folder."""
    folder, number, seed, size = task
    (folder / f"{number:06}.png").write_bytes(picture(number, seed, size))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default="data/faces", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int)
    asked = parser.parse_args()
    pictures = asked.folder / "img_align_celeba"
    pictures.mkdir(parents=True, exist_ok=True)
    numbers = range(1, asked.count + 1)
    with ProcessPoolExecutor(asked.jobs) as pool:
        tasks = ((pictures, number, asked.seed, asked.size) for number in numbers)
        for done, _ in enumerate(pool.map(write, tasks, chunksize=50), 1):
            if done % 1000 == 0:
                print(f"{done} of {asked.count}", flush=True)
    lines = [str(asked.count), " ".join(SHARES)]
    for number in numbers:
        has = features(number, asked.seed)
        marks = " ".join(f"{1 if has[name] else -1:2}" for name in SHARES)
        lines.append(f"{number:06}.png {marks}")
    (asked.folder / "list_attr_celeba.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
