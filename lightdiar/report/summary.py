"""The head of the report of a recording: for a person in a hurry."""

import math
from collections.abc import Iterator

import numpy as np

from lightdiar.report.heard import KINDS, Heard
from lightdiar.report.page import Markup, element, facts
from lightdiar.report.pictures import stacked

_NAMES = {"F": "women", "M": "men", "child": "children"}
_TAIL = 0.025  # on each side of an interval
_N_WAYS = 5  # of counting, of which an agreement is the share
_TOLD = 0.9  # widest interval that says anything of a share


def summary(heard: Heard) -> Iterator[Markup]:
    """Say who speaks how much, with women's share and its interval, and how sure the number of voices is."""
    words, result = heard.words, heard.result
    if not result.turns:
        yield element("p", words("nothing"), class_="lead")
        return
    if not result.genders_known:
        yield element("p", words("genders_unknown"), class_="lead")
    elif math.isnan(heard.ear.female_share):
        yield element("p", words("no_share"), class_="lead")
    else:
        yield from _share(heard)
    yield facts(_facts(heard))


def _share(heard):
    words, share, (low, high) = heard.words, heard.ear.female_share, heard.ear.share_interval
    if high - low > _TOLD:
        yield element("p", words("share_unknown", low=words.share(low), high=words.share(high)), class_="lead")
        return
    said = words("share", low=words.share(low), high=words.share(high))
    yield element("p", element("b", words.share(share)), " ", element("span", said), class_="headline")
    between = words.between(low, high)
    shown = words("picture_share", share=words.share(share), rest=words.share(1 - share), between=between)
    legend = [
        element("span", f"{words('all_F')} {words.share(share)}", class_="key F"),
        element("span", f"{words('all_M')} {words.share(1 - share)}", class_="key M"),
        element("span", words("legend_interval", between=between), class_="key line"),
    ]
    picture = element("div", stacked([(share, "F"), (1 - share, "M")], low, high), role="img", aria_label=shown)
    yield element("figure", picture, element("figcaption", *legend, aria_hidden="true"))


def _facts(heard):
    """Terms and what is said of them."""
    words, result = heard.words, heard.result
    first = max(result.speakers, key=lambda speaker: speaker.seconds)
    share = words.share(first.seconds / heard.total)
    yield words("most_heard"), words("most_heard_is", who=heard.who(first.name), share=share)
    if not result.genders_known:
        yield words("speakers"), words("count_plain", len(result.speakers))
        return
    ear = heard.ear
    counts, sure = result.counts(), {"F": ear.p_women, "M": ear.p_men}
    for kind in KINDS:
        if kind in counts:
            yield words(_NAMES[kind]), _count(words, counts[kind], sure.get(kind))
    yield words("speakers_sure"), _doubts(heard)
    two, talk = words.probability(ear.p_two_women), words.probability(ear.p_women_talk)
    yield words("in_short_ear"), words("in_short_ear_is", two=two, talk=talk)


def _count(words, n, p):
    """A number of people, and how sure it is where that is known."""
    if p is None:
        return words("count_plain", n)
    low, high = (int(np.searchsorted(np.cumsum(p), tail)) for tail in (_TAIL, 1 - _TAIL))
    others = words("range", low=words.number(low), high=words.number(high)) if high > low else words("range_one")
    likely = int(p.argmax())
    key = "count_sure" if likely == n else "count_other"
    return words(key, n, likely=words.number(likely), p=words.probability(p[likely]), range=others)


def _doubts(heard):
    words, result = heard.words, heard.result
    agreement = result.agreement
    if agreement is None:
        said = words("not_judged")
    else:
        said = words("agreement_all") if agreement == 1 else words("agreement", round(_N_WAYS * agreement))
    if result.snr is not None:
        key = "background_louder" if round(result.snr) < 0 else "background"
        said += words(key, snr=words.number(abs(result.snr)))
    short = sum(speaker.seconds < result.min_speaker_seconds for speaker in result.speakers)
    return said + words("short_voices", short, limit=words.plain(result.min_speaker_seconds)) * (short > 0)
