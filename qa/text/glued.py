"""Names of two words that are as often written as one: عبدالعزيز, ابوظبي, Abdulaziz, Davutoğlu."""

from __future__ import annotations

import re

# What begins like أبو and is no name: أبواب, أبواق, أبوللو, أبوتها, أبوهما.
_GLUED = re.compile(
    r"([وفبلك]?(?:ال)?عبد)ال[ء-ي]{2,}"
    r"|([وفبك]?ابو)(?!ا(?!ل)|لل|تها|هما)[ء-ي]{3,}"
    r"|([ء-ي]{3,})الله"
    r"|(abd[aeu]l)(?!lah|layev)[a-z]{3,}"
    r"|(nasr|fadl|khair|habib|ramadan|saif|hibat|rizq|nimat)[aou]llah"
    r"|([a-z]{3,})oglu"
)


def second_word(form: str) -> int:
    """Where in a folded word the second word of a name begins; 0 where it is one word."""
    glued = _GLUED.fullmatch(form)
    return glued.end(glued.lastindex or 0) if glued else 0
