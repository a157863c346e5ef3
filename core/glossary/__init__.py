"""The field's words that the pages use: what each means, its formula, and where in the lab it can be seen."""
