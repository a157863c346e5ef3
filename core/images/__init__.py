"""Images of 28 x 28 pixels: named in a link, written differently, corrupted."""

import numpy as np

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # how bright red, green and blue look, by ITU-R BT.601
