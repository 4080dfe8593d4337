"""Texts that Hypothesis makes: the ordinary, and characters that have bitten taggers before."""

from hypothesis import strategies as st

from tagging.domain import tag_names

NASTY = (
    "aZéßİ_ -:\"“”\\()'|<>^,，、،;.!?*#0123{}[]$"
    "\t\n\r\v\f\x85\u2028\u2029\x00\x1b\x1f\x7f\xa0\u3000\u2800\u3164\u115f\xad"
    "\u0301\u0323\u0338\u0345\u034f\u094d\u093c\u20e3\u200b\u200c\u200d\u200e\u202e\u2060\u2066\ufeff\ufe0e\ufe0f"
    "\u0628\u06cc\u0915\u0937\u1820\u180b\u180e\uffff"
    "👩🏽🏴❤🔥🇩\U000e0067\U000e007f猫カ가"
)
typed = st.one_of(
    st.text(st.sampled_from(NASTY), max_size=40),
    st.text(st.sampled_from("a ,\u200d\ufe0f\u0301\u0323\u094dक👩1\u20e3"), max_size=20),
    st.text(max_size=40),
)
lines = st.text(st.sampled_from("aAbB_ ,,，\n\u200d\u0301👩é"), max_size=20)


def _normalised(text: str) -> str:
    try:
        return tag_names.normalise(text)
    except ValueError:
        return ""


tags = typed.map(_normalised).filter(bool)
tag_lists = st.lists(tags, max_size=6, unique_by=tag_names.key).map(tuple)
