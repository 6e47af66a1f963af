"""The mentions of an article -> its actors: one per person, organization, group and country, however it is named."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from flows.extract import acronyms, figures, references
from flows.extract.identity import Actor, noun_of, same_person, same_stem
from flows.extract.mention import STATE_SECTORS
from flows.extract.references import FAR_MENTIONS
from flows.ids import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from flows.extract.mention import Mention
    from flows.lexicons import People


class Cast:
    """The actors of one article and who is who among its mentions."""

    def __init__(
        self, mentions: Sequence[Mention], particles: frozenset[str], people: People, day: date | None = None
    ) -> None:
        self.mentions = sorted(mentions, key=lambda m: m.order)
        self.actors: list[Actor] = []
        self._by_key: dict[tuple[str, str], int] = {}
        self._of_word: dict[str, list[int]] = {}  # the persons whose name holds the word
        self._particles = particles
        figures.recognize(self.mentions, people, day)
        self._organizations()
        figures.date_bodies(self.actors, people, day)
        self._persons()
        for actor in self.actors:
            if actor.figure is not None:
                figures.introduce(actor, actor.figure, day)
        self._unknown()
        self._groups()
        self._roles()
        self._pronouns()
        if not self.actors and len(self.mentions) == 1 and self.mentions[0].metonym:
            self._alone(self.mentions[0])

    # ------------------------------------------------------------ building
    def _actor(self, kind: str, key: str, name: str) -> int:
        index = self._by_key.get((kind, key))
        if index is None:
            index = self._by_key[kind, key] = len(self.actors)
            self.actors.append(Actor(kind, name, key))
        return index

    def _scoped(self, kind: str, mention: Mention, noun: str) -> int:
        """The actor that the noun names in the mention's country."""
        index = self._actor(kind, f"{fold(noun)}/{mention.country or ''}", mention.name)
        self.actors[index].key, self.actors[index].scoped = fold(noun), True
        return index

    def _join(self, mention: Mention, index: int) -> None:
        """Give the mention to the actor, and the actor what the mention knows."""
        mention.actor = index
        actor = self.actors[index]
        actor.country = actor.country or mention.country
        actor.sector = actor.sector or mention.sector
        actor.gender = actor.gender or (mention.gender if mention.gender in ("m", "f") else "")
        if mention.kind in ("name", "acronym"):
            actor.aliases.add(mention.surface)
        if mention.head:
            actor.heads.add(fold(mention.head))

    def _of_type(self, *types: str) -> Iterable[Mention]:
        return (m for m in self.mentions if m.type in types and m.actor < 0 and m.kind != "pronoun")

    def _organizations(self) -> None:
        self._bodies = [m for m in self.mentions if m.type == "organization"]
        defined, spelled = acronyms.defined(self._bodies), acronyms.by_initials(self._bodies)
        for m in self._of_type("country", "organization"):
            if m.metonym or (m.kind == "acronym" and (m.surface in defined or not m.key)):
                continue
            if m.type == "country" or m.key:
                self._join(m, self._actor(m.type, m.key, m.name))
            elif (named := self._named_before(m)) is not None:
                m.rule = "organization.same_before"
                self._join(m, named)
            elif (noun := noun_of(m)) or m.sector in STATE_SECTORS:
                self._join(m, self._scoped("organization", m, noun or m.name))
            else:
                self._join(m, self._actor("organization", fold(m.name), m.name))
        for m in self._of_type("organization"):
            if not m.metonym:
                self._join(m, self._acronym(m, defined.get(m.surface), spelled.get(m.surface, ())))

    def _named_before(self, mention: Mention) -> int | None:
        """The organization before that a definite noun takes up: "the Ministry of Health … the ministry"."""
        scan, noun = mention.scan, fold(mention.head)
        article = mention.phrase_first < mention.first and "indefinite" not in scan.classes(mention.phrase_first)
        if mention.kind != "role" or not article or fold(mention.name) != noun:
            return None
        last = bisect_left(self._bodies, mention.order, key=lambda o: o.order)
        for other in reversed(self._bodies[max(0, last - FAR_MENTIONS) : last]):
            if other.actor < 0 or other.sector != mention.sector:
                continue
            words, country = fold(other.surface), self.actors[other.actor].country
            if f" {noun} " in f" {words} " and (words != noun or country is not None):
                return other.actor if mention.country in (None, country) else None
        return None

    def _acronym(self, mention: Mention, owner: Mention | None, spelled: Sequence[Mention]) -> int:
        """The organization that the text defines the acronym for, or whose initials it is; else its own."""
        if owner is not None and owner.actor >= 0:
            mention.country = mention.sector = None  # those of the better known bearer of the acronym
            return owner.actor
        for other in spelled:
            if other.actor >= 0:
                return other.actor
        return self._actor("organization", fold(mention.name), mention.name)

    def _persons(self) -> None:
        """Longest names first; a shorter one joins the one person that has all its words, the likeliest of several."""
        people = [m for m in self._of_type("person") if m.kind == "name"]
        keyed = [(self._name_words(m.name), m) for m in people]
        for words, m in sorted(keyed, key=lambda item: (-len(item[0]), item[1].order)):
            index = self._bearer(words, m)
            actor = self.actors[index]
            if not actor.words:
                actor.words = words
                for word in set(words):
                    self._of_word.setdefault(word, []).append(index)
            self._join(m, index)

    def _bearer(self, words: tuple[str, ...], mention: Mention) -> int:
        """The person that bears the name, made now if nobody before does."""
        figure = mention.figure
        if figure is not None and ("person", figure.key) in self._by_key:
            return self._by_key["person", figure.key]
        known = sorted(self._of_word.get(words[0], ())) if words else ()
        matches = [i for i in known if same_person(words, mention, self.actors[i])]
        if not matches:
            key = figure.key if figure is not None else self._name_key(words, mention)
            index = self._actor("person", key, mention.name)
            self.actors[index].figure = figure
            return index
        index = matches[0] if len(matches) == 1 else self._likeliest(matches, mention)
        if figure is not None and len(words) > 1 and self.actors[index].figure is None:
            self.actors[index].figure = figure
            self._by_key["person", figure.key] = index
        return index

    def _name_key(self, words: tuple[str, ...], mention: Mention) -> str:
        """The words of the name; with the role too where somebody else bears the name."""
        key = " ".join(words) or fold(mention.name)
        return f"{key}/{fold(mention.head)}" if ("person", key) in self._by_key else key

    def _likeliest(self, indexes: Sequence[int], mention: Mention) -> int:
        """Of the actors the one that the text before names most often, of two alike the one named last."""
        last = bisect_left(self.mentions, mention.order, key=lambda m: m.order)
        before = [m.actor for m in self.mentions[max(0, last - FAR_MENTIONS) : last] if m.actor in indexes]
        counted = Counter(reversed(before))
        return max(counted, key=lambda i: counted[i]) if counted else indexes[0]

    def _name_words(self, name: str) -> tuple[str, ...]:
        return tuple(w for w in fold(name).replace(".", " ").replace("-", " ").split() if w not in self._particles)

    def _unknown(self) -> None:
        """A single capitalized word is the person or organization of the article whose name holds it."""
        for m in self._of_type("unknown", "place"):
            if m.kind != "name":
                continue
            words = self._name_words(m.name)
            for i in sorted(self._of_word.get(words[0], ())) if words else ():
                actor = self.actors[i]
                if words[0] in actor.words[1:] and set(words) <= set(actor.words):
                    m.type, m.rule = "person", "name.short"
                    self._join(m, i)
                    break

    def _groups(self) -> None:
        for m in self._of_type("group"):
            self._join(m, self._scoped("group", m, m.name))

    def _roles(self) -> None:
        """A role alone is the person of that role named before, else the next one; else a person of its own.

        One with an indefinite article is nobody named before, and hides those before it ("a minister … the minister").
        """
        bearers = [o for o in self.mentions if self._is_bearer(o)]
        for m in self._of_type("person"):
            new = "indefinite" in m.scan.classes(m.phrase_first)
            before, behind = (None, None) if new or not m.head else self._fitting(m, bearers)
            named = references.apposed(m, self.mentions, self.actors)
            if named is not None:
                m.rule = "role.apposed"
                self._join(m, named.actor)
            elif before and not (m.country and self.actors[before.actor].country not in (None, m.country)):
                m.rule = "role.same_before"
                self._join(m, before.actor)
            elif behind and not before:
                m.rule = "role.same_behind"
                self._join(m, behind.actor)
            else:
                meant = None if new else references.spoken_of(m, self.mentions, self.actors)
                m.rule = m.rule if meant is None else "role.spoken_of"
                self._join(m, self._scoped("person", m, m.name) if meant is None else meant.actor)
            if new:
                insort(bearers, m, key=lambda o: o.order)

    def _is_bearer(self, mention: Mention) -> bool:
        return mention.actor >= 0 and mention.kind == "name" and self.actors[mention.actor].kind == "person"

    def _fitting(self, mention: Mention, bearers: Sequence[Mention]) -> tuple[Mention | None, Mention | None]:
        """The nearest of the mentions before and behind the role whose actor fits it."""
        at = bisect_left(bearers, mention.order, key=lambda o: o.order)
        before, behind = reversed(bearers[max(0, at - FAR_MENTIONS) : at]), bearers[at : at + FAR_MENTIONS]
        fits = cache(lambda actor: self._role_fits(mention, self.actors[actor]))
        return next((o for o in before if fits(o.actor)), None), next((o for o in behind if fits(o.actor)), None)

    def _role_fits(self, mention: Mention, actor: Actor) -> bool:
        head = fold(mention.head)
        genders = mention.gender in ("m", "f") and actor.gender and actor.gender != mention.gender
        return not genders and any(h == head or same_stem(h, head) for h in actor.heads)

    def _pronouns(self) -> None:
        recent: list[Mention] = []
        outside: list[Mention] = []  # of quotes: whoever is told of does not mean whom the quoted speak of
        for m in self.mentions:
            if m.kind == "pronoun":
                around = recent if m.quoted else outside
                if m.rule == "pronoun.3" and (who := references.antecedent(m, around, self.actors)) is not None:
                    m.type = self.actors[who.actor].kind
                    self._join(m, who.actor)
            elif m.actor >= 0 and self.actors[m.actor].kind in ("person", "group"):
                recent.append(m)
                if not m.quoted:
                    outside.append(m)

    def _alone(self, mention: Mention) -> None:
        """A text that is nothing but the name of a capital is about the government in it."""
        scan = mention.scan
        if not any(scan.is_word(k) for k in range(len(scan)) if not mention.phrase_first <= k < mention.last):
            self.promote(mention)

    # ------------------------------------------------------------ use by later stages
    def gather(self) -> None:
        """Make one of the actors that are the same now that each has its country, as "the government" and Peru's."""
        first: dict[tuple[str, str], int] = {}
        kept: list[int] = []
        for i, actor in enumerate(self.actors):
            if first.setdefault(actor.identity, i) == i:
                kept.append(i)
            else:
                same = self.actors[first[actor.identity]]
                same.aliases |= actor.aliases
                same.heads |= actor.heads
                same.sector = same.sector or actor.sector
        place = {old: new for new, old in enumerate(kept)}
        moved = [place[first[actor.identity]] for actor in self.actors]
        self.actors = [self.actors[i] for i in kept]
        self._by_key = {key: moved[index] for key, index in self._by_key.items()}
        for mention in self.mentions:
            if mention.actor >= 0:
                mention.actor = moved[mention.actor]

    def promote(self, mention: Mention) -> int:
        """The actor of a mention that acts, made now if the words alone did not say what it is; -1 for nobody."""
        if mention.actor >= 0:
            return mention.actor
        if mention.kind in ("pronoun", "handle"):
            return -1
        if mention.metonym:
            mention.sector = "GOV"  # a capital that acts is the government in it
            index = self._actor("country", mention.key, mention.name)
        elif mention.type == "unknown":
            kind = "organization" if mention.phrase_first < mention.first else "person"  # people bear no article
            mention.type, mention.rule = kind, "name.acts"
            index = self._actor(kind, fold(mention.name), mention.name)
            if kind == "person":
                self.actors[index].words = self._name_words(mention.name)
        else:
            return -1
        self._join(mention, index)
        self._enlist(mention)
        return index

    def _enlist(self, mention: Mention) -> None:
        """Take in a mention that was only found beside a verb: whoever acts or speaks has a place in the text."""
        place = (mention.first, mention.last, mention.actor)
        low, high = (find(self.mentions, mention.order, key=lambda m: m.order) for find in (bisect_left, bisect_right))
        if not any(m.scan is mention.scan and (m.first, m.last, m.actor) == place for m in self.mentions[low:high]):
            insort(self.mentions, mention, key=lambda m: m.order)

    def account_actor(self, name: str) -> int:
        """The actor whose account bears that name: a person of those words, or an organization that holds them."""
        words = set(self._name_words(name))
        fits = [
            i
            for i, actor in enumerate(self.actors)
            if words
            and (
                (actor.kind == "person" and actor.words and (words <= set(actor.words) or set(actor.words) <= words))
                or (actor.kind == "organization" and words <= set(self._name_words(actor.name)))
            )
        ]
        return fits[0] if fits else -1
