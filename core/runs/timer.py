"""What is counted of a run in a worker's hands: for how long it has been silent, and for how long it has trained."""

SECONDS_OF_A_STUCK_RUN = 300.0  # whose worker is well all the same; or longer, where the run's pace is that slow
PACES = 20  # of a run's longest silence so far, until it is called stuck


class Timer:
    """All times in seconds. A run may train for `longest` in one go."""

    def __init__(self, longest: float) -> None:
        self.trained, self.longest = 0.0, longest
        self.begin()

    def begin(self) -> None:
        """Another worker has it."""
        self.silent = self.longest_silence = 0.0

    def hear(self) -> None:
        """Its worker has said something."""
        self.longest_silence, self.silent = max(self.longest_silence, self.silent), 0.0

    def count(self, passed: float, training: bool) -> bool:
        """So much time has passed, in which it has trained or not. Returns whether that has made it too long."""
        self.silent += passed
        self.trained += passed * training
        return training and self.over

    @property
    def over(self) -> bool:
        """Whether it has trained for as long as it may."""
        return self.trained >= self.longest

    @property
    def stuck(self) -> bool:
        """Whether it has said nothing for longer than its pace allows."""
        return self.silent > max(SECONDS_OF_A_STUCK_RUN, PACES * self.longest_silence)
