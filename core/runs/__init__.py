"""A run from the request to its checkpoint: its record, the registry, the queue, the engine of Dask workers, the estimate."""
