"""A run from the request to its checkpoint. `Runs` is the way in; each module is a part of it that can be read alone:

run         what one training is, as its visitors see it
shelf       the runs that there are: in memory, and as files; one for each key
store       the same, as they are written; room: which files make way when the folder is full
registry    what becomes of them beside training
replica     the same on a server that is one of several; mirror: what keeps their folders alike, over a place that they have in
            common (remote); versions: which of two versions holds (pure)
queue       who is next, and when (pure)
rules       who may do what, and how much of it (pure)
estimate    how long a run will take (pure)
supervisor  gives runs to workers, takes back those whose worker is gone, and ends them
crew        the workers that there are, and whatever it takes to have them
job         a run in the hands of the workers
engine      Dask: the only part that imports it, with the worker
worker      what happens on a Dask worker
processes   Dask's scheduler and workers as processes: started, looked after, ended
timer       for how long a run has been silent, and has trained (pure)
lifeline    ends them when the server's has died
"""

from core.runs.run import Gone, Run, RunError
from core.runs.server import Runs

__all__ = ["Gone", "Run", "RunError", "Runs"]
