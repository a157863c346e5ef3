"""The student report that this dashboard comes from: what it says, in numbers, and the runs that say it again."""
