"""What we say, in which language, and when."""

from django.apps import AppConfig


class WordsConfig(AppConfig):
    """The texts of messages with their versions and signatures, what they may never say, how they travel, the ladder."""

    name = "words"
