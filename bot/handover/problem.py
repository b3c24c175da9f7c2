"""What the operator is told of a guide; apart, so that a command that needs no guide does not wait for its reader."""


class GuideProblem(Exception):
    """The guide cannot be read, or lacks or says something that it must not; the sentence is for the operator."""
