"""The sketch page: where a drawing comes from, what the networks answer, why, and the drawings that are kept."""
