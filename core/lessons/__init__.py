"""Ten lessons: what is asked, what somebody predicts, what is trained, and what it shows. Pure: no page, and nothing is started."""
