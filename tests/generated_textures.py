"""Pictures on which there is no digit, though there is much else: bands, checks, textures, text and a face; from a seed."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage


def _sides(rng: np.random.Generator) -> tuple[int, int]:
    short = int(rng.choice([150, 300, 500]))
    height, width = rng.permutation([short, round(short * rng.uniform(1, 1.5))])
    return int(height), int(width)


def _tones(rng: np.random.Generator) -> tuple[float, float]:
    """Of what is dark and of what is light."""
    return rng.uniform(0, 0.4), rng.uniform(0.6, 1)


def _smooth(rng: np.random.Generator, height: int, width: int, scale: float) -> np.ndarray:
    """Noise (h, w) of mean 0 and spread 1 whose hills are so many pixels wide."""
    noise = ndimage.gaussian_filter(rng.normal(0, 1, (height, width)), scale, mode="reflect")
    return (noise - noise.mean()) / max(float(noise.std()), 1e-9)


def broad_bands(rng: np.random.Generator) -> np.ndarray:
    """Stripes at any angle, each a twentieth to a quarter of the picture wide."""
    height, width = _sides(rng)
    dark, light = _tones(rng)
    down, right = np.mgrid[:height, :width]
    angle = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)])
    period = min(height, width) * rng.uniform(0.1, 0.5)
    phase = (np.cos(angle) * down + np.sin(angle) * right) / period + rng.uniform(0, 1)
    return np.where(phase % 1 < rng.uniform(0.3, 0.7), dark, light)


def crumpled_checks(rng: np.random.Generator) -> np.ndarray:
    """A checkerboard on cloth that is not flat."""
    height, width = _sides(rng)
    dark, light = _tones(rng)
    down, right = np.mgrid[:height, :width].astype(float)
    size = min(height, width) * rng.uniform(0.06, 0.25)
    bend = size * rng.uniform(0.1, 0.5)
    down += bend * _smooth(rng, height, width, size)
    right += bend * _smooth(rng, height, width, size)
    checks = np.where((np.floor(down / size) + np.floor(right / size)) % 2 == 0, dark, light)
    return checks * (1 - 0.15 * np.clip(_smooth(rng, height, width, size), 0, 2))


def texture(rng: np.random.Generator) -> np.ndarray:
    """Noise at several scales, as stone, bark or a lawn have it."""
    height, width = _sides(rng)
    grey = sum(
        rng.uniform(0.2, 1) * _smooth(rng, height, width, min(height, width) * share)
        for share in rng.choice([0.003, 0.01, 0.02, 0.04, 0.08], 3, replace=False)
    )
    return rng.uniform(0.3, 0.7) + rng.uniform(0.05, 0.2) * grey


def text_lines(rng: np.random.Generator) -> np.ndarray:
    """A page full of printed lines."""
    height, width = _sides(rng)
    dark, light = _tones(rng)
    size = int(rng.integers(10, 22))
    image = Image.new("L", (width, height), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    for top in range(int(rng.integers(0, size)), height, round(size * rng.uniform(1.2, 1.6))):
        words = ("".join(rng.choice(list("etaoinshrdlu"), rng.integers(1, 10))) for _ in range(width // 20))
        draw.text((int(rng.integers(2, 20)), top), " ".join(words), 0, font)
    return dark + (light - dark) * np.asarray(image) / 255.0


def face(rng: np.random.Generator) -> np.ndarray:
    """An oval before a darker or lighter ground, in light from one side, with eyes, a nose and a mouth."""
    height, width = _sides(rng)
    down, right = np.mgrid[:height, :width]
    y, x = (down / height - 0.5) * 2, (right / width - 0.5) * 2
    skin, ground, dark = rng.uniform(0.5, 0.85), rng.uniform(0.1, 1), rng.uniform(0.1, 0.3)
    head = 1 / (1 + np.exp(25 * ((x / 0.65) ** 2 + (y / 0.85) ** 2 - 1)))
    grey = ground + (skin - ground) * head
    grey = grey * (1 - rng.uniform(0.1, 0.5) * (0.5 + 0.5 * x * rng.choice([-1, 1])))
    hair = 1 / (1 + np.exp(-20 * (-y - 0.55 + 0.2 * x))) * head
    for depth, blob in (
        (0.9, hair),
        (0.8, _blob(x + 0.27, y + 0.15, 0.12, 0.06)),
        (0.8, _blob(x - 0.27, y + 0.15, 0.12, 0.06)),
        (0.3, _blob(x, y - 0.12, 0.08, 0.15)),
        (0.7, _blob(x, y - 0.45, 0.25, 0.06)),
    ):
        grey = grey + (dark - grey) * depth * blob
    return grey


def _blob(x: np.ndarray, y: np.ndarray, wide: float, tall: float) -> np.ndarray:
    return np.exp(-((x / wide) ** 2) - (y / tall) ** 2)


TEXTURES = broad_bands, crumpled_checks, texture, text_lines, face


def textures(kind, n: int, seed: int) -> list[np.ndarray]:
    """So many pictures (h, w) uint8 of one of TEXTURES, with a little blur and grain."""
    found = []
    for number in range(n):
        rng = np.random.default_rng((seed, number))
        grey = ndimage.gaussian_filter(kind(rng), rng.choice([0, 0.7]))
        grey = grey + rng.normal(0, rng.uniform(0, 0.015), grey.shape)
        found.append((np.clip(grey, 0, 1) * 255).round().astype(np.uint8))
    return found
