"""From whatever somebody draws, photographs or scans to what MNIST would hold of it."""
