"""Property tests here run without a deadline: the first example loads tables and stemmers."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
