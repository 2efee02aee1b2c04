"""Who said what in an article: verbs of saying, and whom the article means by their subjects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answers.cues import Cues, Word, load_cues, words_of
from qa.answers.phrases import Phrase, is_title, read_after, read_before, split_at_title
from qa.answers.speakers import Speaker, Speakers, is_surname_of
from qa.model import Span, Statement

_OPENING = "«“"
_CLOSING = "»”"
_RELAY_REACH = 12


def find_statements(text: str, sentences: Sequence[Span], language: str) -> list[Statement]:
    """The statements of consecutive sentences in order; a sentence may hold several or none.

    A title, a surname or a dropped subject is resolved to whom these sentences name by it.
    """
    cues = load_cues(language)
    if cues is None:
        return []
    reader = _VerbFirst(text, cues) if cues.verb_first else _SpeakerFirst(text, cues)
    words = [words_of(text, sentence, language) for sentence in sentences]
    for sentence in words:
        reader.learn_names(sentence)
    return list(_statements(text, sentences, words, reader))


@dataclass(frozen=True, slots=True)
class _Mention:
    """A verb of saying and its subject: None where nobody can be made out."""

    cue: Word
    subject: Phrase | None


def _statements(
    text: str,
    sentences: Sequence[Span],
    words: Sequence[Sequence[Word]],
    reader: _Reader,
) -> Iterator[Statement]:
    last: Speaker | None = None
    quote_is_open = False
    before = 0
    for span, sentence in zip(sentences, words, strict=True):
        same_paragraph = "\n" not in text[before : span.start]
        goes_on = same_paragraph and (quote_is_open or text[span.start] in _OPENING + '"')
        mentions = reader.mentions(sentence)
        found = list(_of_sentence(text, span, mentions, reader.speakers, last))
        if found:
            last = found[-1].speaker
            yield from (statement.value for statement in found)
        elif goes_on and last:
            yield Statement(span, last.name, None, last.known_as)
        quote_is_open = _is_open(text, span, quote_is_open and same_paragraph)
        before = span.end


@dataclass(frozen=True, slots=True)
class _Found:
    value: Statement
    speaker: Speaker


def _of_sentence(
    text: str,
    span: Span,
    mentions: Sequence[_Mention],
    speakers: Speakers,
    last: Speaker | None,
) -> Iterator[_Found]:
    """One statement per run of mentions with the same speaker; together they span the sentence."""
    runs: list[_Found] = []
    for mention in mentions:
        if mention.subject is None:
            continue
        speaker = speakers.resolve(mention.subject, last)
        if speaker is None or (runs and runs[-1].speaker.name == speaker.name):
            continue
        start = span.start
        if runs:
            start = mention.cue.start
            ended = replace(runs[-1].value, span=Span(runs[-1].value.span.start, start))
            runs[-1] = replace(runs[-1], value=ended)
        cue = text[mention.cue.start : mention.cue.end]
        written = _written(text, mention.subject, speaker)
        value = Statement(Span(start, span.end), written, cue, speaker.known_as)
        runs.append(_Found(value, speaker))
        last = speaker
    yield from runs


def _written(text: str, subject: Phrase, speaker: Speaker) -> str:
    """The description as the sentence has it where it names the speaker, else the known name."""
    if not subject.name or not is_surname_of(subject.name[-1].form, speaker):
        return speaker.name
    words = subject.words
    return text[words[0].start : words[-1].end]


def _is_open(text: str, span: Span, was_open: bool) -> bool:
    """Whether a quotation is still open at the end of the sentence."""
    depth = int(was_open)
    for character in text[span.start : span.end]:
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
    return depth > 0


class _Reader(ABC):
    """Finds the verbs of saying of a sentence and their subjects, by the order of words."""

    def __init__(self, text: str, cues: Cues) -> None:
        self._text = text
        self._cues = cues
        self.speakers = Speakers(text, cues)

    @abstractmethod
    def learn_names(self, words: Sequence[Word]) -> None:
        """Notes who is named with a title, whether they speak or not."""

    @abstractmethod
    def mentions(self, words: Sequence[Word]) -> list[_Mention]:
        """The verbs of saying in order, each with its subject."""


class _VerbFirst(_Reader):
    """Arabic: «وانتقد رئيس الوزراء الروسي …», «كان … قد أعلن», «نقل … عن لافروف تأكيده»."""

    def learn_names(self, words: Sequence[Word]) -> None:
        for i, word in enumerate(words):
            if word.form in self._cues.titles_as_written:
                self._learn_title(words, i)
            if word.form in self._cues.verbs:
                self._confirm_name_after(words, i)

    def _learn_title(self, words: Sequence[Word], i: int) -> None:
        """«لوزير الخارجية الروسي سيرغي لافروف»: who bears the title."""
        self._confirm_name_after(words, i)
        title = words[i]
        if not is_title(title.form, self._cues):
            title = replace(title, form=title.form[1:], start=title.start + 1)
        phrase = self._read([title, *words[i + 1 : i + _RELAY_REACH]], 0)
        if phrase.title and phrase.name:
            self.speakers.add(phrase)

    def _confirm_name_after(self, words: Sequence[Word], i: int) -> None:
        """«وأكد ميدفيديف أن», «الرئيس أوباما»."""
        subject = self._read(words, i + 1)
        if len(subject.name) == 1 and not subject.title:
            self.speakers.confirm(subject.name[0].form)

    def mentions(self, words: Sequence[Word]) -> list[_Mention]:
        found = [
            _Mention(word, self._subject(words, i))
            for i, word in enumerate(words)
            if self._is_cue(words, i)
        ]
        return found or self._sources(words)

    def _is_cue(self, words: Sequence[Word], i: int) -> bool:
        if words[i].form in self._cues.relay:
            return self._relayed(words, i) is not None
        after_preposition = i > 0 and words[i - 1].form in self._cues.prepositions
        return not after_preposition and self._cues.is_verb(words[i], first=i < 2)

    def _subject(self, words: Sequence[Word], i: int) -> Phrase | None:
        relayed = self._relayed(words, i)
        if relayed is not None:
            return self._read(words, relayed)
        subject = self._read(words, i + 1)
        if subject:
            return None if self._is_cut_short(subject) else subject
        moved = self._subject_of_auxiliary(words, i)
        return moved if moved or self._reports(words, i) else None

    def _is_cut_short(self, subject: Phrase) -> bool:
        """«موقع «ترك برس»»: a kind of institution whose name is out of reach."""
        words = subject.words
        return len(words) == 1 and words[0].form in self._cues.institutions

    def _reports(self, words: Sequence[Word], i: int) -> bool:
        """Whether a report follows at once; else the verb is passive or governs an object."""
        for word in words[i + 1 : i + 4]:
            if word.form in self._cues.that | self._cues.governed or set(word.gap) & set(':«“"'):
                return True
        return False

    def _relayed(self, words: Sequence[Word], i: int) -> int | None:
        """Where the name after «نقل … عن» begins."""
        preposition = self._cues.relay.get(words[i].form)
        reach = range(i + 1, min(i + _RELAY_REACH, len(words) - 1))
        return next((k + 1 for k in reach if words[k].form == preposition), None)

    def _subject_of_auxiliary(self, words: Sequence[Word], i: int) -> Phrase:
        """«كان الرئيس … قد أكد»; an empty phrase where the subject is dropped."""
        auxiliaries = [k for k in range(i) if words[k].form in self._cues.past_perfect]
        if not auxiliaries or words[i - 1].form != "قد":
            return Phrase((), ())
        return self._read(words, auxiliaries[-1] + 1)

    def _sources(self, words: Sequence[Word]) -> list[_Mention]:
        places = [i for i, word in enumerate(words) if word.form in self._cues.sources]
        found = [_Mention(words[i], self._read(words, i + 1)) for i in places]
        return [mention for mention in found if mention.subject]

    def _read(self, words: Sequence[Word], place: int) -> Phrase:
        return read_after(words, place, self._cues, self.speakers.surnames)


class _SpeakerFirst(_Reader):
    """English: «Lavrov said …», «"…," said the minister», «according to Lavrov»."""

    def learn_names(self, words: Sequence[Word]) -> None:
        for i, word in enumerate(words):
            if word.form in self._cues.titles and i + 1 < len(words):
                phrase = self._around_title(words, i)
                if phrase and phrase.title and phrase.name:
                    self.speakers.add(phrase)

    def mentions(self, words: Sequence[Word]) -> list[_Mention]:
        found = [
            _Mention(word, self._subject(words, i))
            for i, word in enumerate(words)
            if word.form in self._cues.verbs or word.form in self._cues.sources
        ]
        return [mention for mention in found if mention.subject is not None]

    def _subject(self, words: Sequence[Word], i: int) -> Phrase | None:
        if words[i].form in self._cues.sources:
            return self._after(words, i + 2)
        before = read_before(words, i, self._text, self._cues)
        return before if before is not None else self._after(words, i + 1)

    def _after(self, words: Sequence[Word], place: int) -> Phrase | None:
        """The longest run of words from a place on that reads as a description."""
        for end in range(min(place + 8, len(words)), place, -1):
            run = words[place:end]
            if any(set(word.gap) & set(',;:"“”«»') for word in run[1:]):
                continue
            phrase = split_at_title(run, self._text, self._cues)
            if phrase is not None:
                return phrase
        return None

    def _around_title(self, words: Sequence[Word], i: int) -> Phrase | None:
        """Capitalised words before a title word, and the name after it."""
        start = i
        while start and self._text[words[start - 1].start].isupper() and words[start].gap == " ":
            start -= 1
        end = i + 1
        while end < len(words) and self._text[words[end].start].isupper() and words[end].gap == " ":
            end += 1
        return split_at_title(words[start:end], self._text, self._cues)
