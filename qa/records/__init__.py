"""What a server remembers beside the articles: keys, answers given, feedback, replies to writes."""
