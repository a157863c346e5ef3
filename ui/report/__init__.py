"""The page Report: what the student report says, section by section, and the runs that say it again."""
