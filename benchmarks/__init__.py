"""Our speed beside floors and peers: python -m benchmarks, or make bench. Every contender gets one core and no GPU."""

import os

# Before NumPy and torch are imported: they read these once.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="")
