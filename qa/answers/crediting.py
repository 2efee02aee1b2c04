"""Whether those who a claim says said something are those who say it in its sources."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.answers.cited import Text
from qa.answers.cues import Cues, load_cues
from qa.answers.entities import entity_codes, find_entities
from qa.answers.namesakes import match_names
from qa.answers.phrases import bare
from qa.answers.statements import find_statements
from qa.model import QuestionWord
from qa.roles import Matcher
from qa.text.sentences import sentence_spans
from qa.text.tokens import Token, tokenize

_SAME_NAME = 0.62
"""Putin is nearer than 0.6 to «Russian», and so to whoever else speaks for Russia."""
_ATTACHED = ("ب", "ل", "ك")
_SAME_TITLE = 0.3
"""Each word of a title, in a description of the same office in whatever language."""


def claimed_speakers(claim: str, language: str) -> list[str]:
    """Whom the claim says to have said something, as it writes them; each once.

    None in languages whose verbs of saying cues.json does not list.
    """
    statements = find_statements(claim, sentence_spans(claim), language)
    return list(dict.fromkeys(s.speaker for s in statements if s.speaker))


def is_said_by(speaker: str, language: str, sources: Sequence[Text], matcher: Matcher) -> bool:
    """Whether one of the texts, each a speaker's titles and names, is about that speaker."""
    cues = load_cues(language)
    tokens = tokenize(speaker, language)
    if cues is None or not tokens or _is_object(tokens[0], cues):
        return True
    if _speaks_for(speaker, language, sources):
        return True
    names = _last_names(speaker, tokens, cues)
    forms = names or _without_offices(tokens, cues)
    words = [QuestionWord(form, 1 / len(forms), True, language) for form in forms]
    texts = [source.text for source in sources]
    known = matcher.match(words, texts, [source.language for source in sources])
    known = np.maximum(known, match_names(words, frozenset(), texts))
    if names:
        return bool(known.max() >= _SAME_NAME)
    return bool((known.min(axis=1) >= _SAME_TITLE).any())


def _speaks_for(speaker: str, language: str, sources: Sequence[Text]) -> bool:
    """«Damascus said»: the Syrian foreign ministry; of «Hamas's Meshaal» only he himself."""
    last = [entity for entity in find_entities(speaker, language) if entity.end == len(speaker)]
    named = {code for entity in last for code in entity.codes}
    return any(not named.isdisjoint(entity_codes(s.text, s.language)) for s in sources)


def _last_names(speaker: str, tokens: Sequence[Token], cues: Cues) -> list[str]:
    """The name that ends the description; none in «وزير الخارجية الروسي», the White House.

    Arabic: what was read as a name may take in the verb's object, «لافروف الأطراف», «بوتين
    بتدمير», while «بشار الأسد» is one name: the last word of each kind.
    """
    last = tokens[-1].form
    if bare(last, cues) in cues.titles | cues.institutions:
        return []
    if not cues.verb_first:
        return [last] if speaker[tokens[-1].start].isupper() and not _is_origin(last, cues) else []
    plain = [t.form for t in tokens if bare(t.form, cues) == t.form and t.form not in cues.titles]
    plain = [form for form in plain if form not in cues.institutions]
    free = plain[:1] + [form for form in plain[1:] if not form.startswith(_ATTACHED)]
    return list(dict.fromkeys((*free[-1:], *plain[-1:], last))) if plain else []


def _without_offices(tokens: Sequence[Token], cues: Cues) -> list[str]:
    """The words that tell one office from another: Russian, foreign."""
    forms = [token.form for token in tokens if token.form not in cues.articles]
    offices = cues.titles | cues.institutions
    return [form for form in forms if bare(form, cues) not in offices] or forms


def _is_origin(form: str, cues: Cues) -> bool:
    return form.endswith(cues.adjective_endings)


def _is_object(token: Token, cues: Cues) -> bool:
    """«طالب بإغلاقها»: what is demanded, not who demands."""
    return cues.verb_first and token.form.startswith(("ب", "ل")) and token.form.endswith("ها")
