"""Why an answer came out as it did, in one file; and whether it would come out so again.

trace = record(assistant, Request("who met Lavrov in Paris?"))
write_trace(trace, Path("trace.json"))
replayed = replay(assistant, read_trace(Path("trace.json")))
print(replayed.is_same, replayed.differences)
"""

from qa.tracing.comparison import Difference, Part
from qa.tracing.files import open_trace, read_trace, write_trace
from qa.tracing.recording import record, trace_of
from qa.tracing.replay import Replayed, replay
from qa.tracing.trace import Found, Request, Trace, Understood

__all__ = [
    "Difference",
    "Found",
    "Part",
    "Replayed",
    "Request",
    "Trace",
    "Understood",
    "open_trace",
    "read_trace",
    "record",
    "replay",
    "trace_of",
    "write_trace",
]
