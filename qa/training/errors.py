"""What can go wrong in training: it is told to whoever runs the command."""

from qa.errors import QAError


class TrainingError(QAError):
    """The model cannot be trained from what was given; the message names the file or option."""
