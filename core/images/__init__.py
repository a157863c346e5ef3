"""Images of 28 x 28 pixels: named in a link, written differently, corrupted."""
