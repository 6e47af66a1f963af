"""NewsML-G2, NITF and ninjs: what news agencies send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wires import SECOND, TEXT, document, items, newsml, nitf, reject

from flows.model import Document, Filtered

ABOUT = (
    "<contentCreated>2026-01-12T17:00:00-06:00</contentCreated><creator><name>Lanmer Wire</name></creator>"
    "<by>By Ana Ruiz</by><creditline>Lanmer Wire</creditline><subject qcode='medtop:1'><name>Ports</name></subject>"
    "<headline>Both piers closed</headline><description role='drol:summary'>Cracks were found.</description>"
)
META = (
    "<provider qcode='nprov:LAN'><name>Lanmer Wire</name></provider><versionCreated>2026-01-13T09:00:00-06:00"
    "</versionCreated><firstCreated>2026-01-12T18:00:00-06:00</firstCreated><pubStatus qcode='stat:usable'/>"
)
XHTML = (
    f"<inlineXML contenttype='application/xhtml+xml'><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title>"
    f"</head><body><p>{TEXT}</p><h2>Repairs</h2><p>{SECOND}</p></body></html></inlineXML>"
)
OWN_NITF = nitf(f"<p>{TEXT}</p><hl2>Repairs</hl2><p>{SECOND}</p>")
BODY = f"{TEXT}\n\nRepairs\n\n{SECOND}"


@pytest.mark.parametrize(
    "inline",
    [
        XHTML,
        f"<inlineXML contenttype='application/nitf+xml'>{OWN_NITF}</inlineXML>",
        OWN_NITF.replace("<nitf>", "<inlineXML><nitf xmlns='http://iptc.org/std/NITF/2006-10-18/'>") + "</inlineXML>",
        OWN_NITF.replace("<nitf>", "<inlineXML><nitf xmlns=''>") + "</inlineXML>",
        f"<inlineData contenttype='text/plain'>{TEXT}\n\nRepairs\n\n{SECOND}</inlineData>",
        f"<inlineData contenttype='text/html'><![CDATA[<p>{TEXT}</p><h2>Repairs</h2>{SECOND}]]></inlineData>",
    ],
)
def test_newsml_with_each_kind_of_content(tmp_path: Path, inline: str) -> None:
    found = document(tmp_path, newsml(inline, meta=META, about=ABOUT))
    assert found.text == BODY
    assert (found.title, found.doc_id, found.url) == ("Both piers closed", "urn:newsml:lanmer:piers", None)
    assert (found.authors, found.source, found.language) == (("Ana Ruiz",), "Lanmer Wire", "en")
    assert found.published_at == "2026-01-12T18:00:00-06:00"
    assert found.extra == {"modified_at": "2026-01-13T09:00:00-06:00", "subjects": ["Ports"]}
    assert found.input_format == "newsml"


def test_a_message_holds_items_packages_and_pictures(tmp_path: Path) -> None:
    text = newsml(f"<inlineData>{TEXT}</inlineData>")
    picture = newsml("<remoteContent href='1.jpg' contenttype='image/jpeg'/>")
    withdrawn = newsml(f"<inlineData>{SECOND}</inlineData>", meta="<pubStatus qcode='stat:canceled'/>")
    package = newsml("", kind="packageItem")
    empty = newsml("", about="<headline>Both piers closed</headline>")
    message = (
        "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><header><sender>wire.example</sender></header>"
        f"<itemSet>{text}{picture}{withdrawn}{package}{empty}</itemSet></newsMessage>"
    )
    found = items(tmp_path, message)
    assert [getattr(each, "rule", getattr(each, "reason_code", None)) for each in found] == [
        None,
        "media_type",
        None,
        "item_list",
        "no_body",
    ]
    first, third = found[0], found[2]
    assert isinstance(first, Document)
    assert isinstance(third, Document)
    assert (first.text, first.source, first.extra) == (TEXT, "wire.example", {})
    assert third.extra == {"pub_status": "canceled"}


def test_nitf_tells_all(tmp_path: Path) -> None:
    head = (
        "<title>A title for editors</title><tobject><tobject.subject tobject.subject.type='Ports'/></tobject>"
        "<docdata><doc-id id-string='lan-77'/><date.issue norm='20260112T180000-0600'/>"
        "<key-list><keyword key='piers'/></key-list></docdata>"
        "<pubdata name='Lanmer Courier' position.section='Region' ex-ref='https://courier.example/piers'/>"
    )
    above = (
        "<hedline><hl1>Both <em>piers</em> closed</hl1><hl2>Cracks found</hl2></hedline>"
        "<byline>By <person>Ana Ruiz</person><byttl>Lanmer Courier Staff</byttl></byline>"
        "<dateline><location>PORT LANMER</location>, Jan. 12</dateline><abstract><p>Cracks.</p></abstract>"
    )
    body = (
        f"<block><p>{TEXT}</p><media media-type='image'><media-reference source='1.jpg'/><media-producer>Bo Ulm"
        f"</media-producer><media-caption><p>The older pier</p></media-caption></media><p>“Soon,” said <person>Marta"
        f" Ilves</person>.</p></block><p>{SECOND}</p>"
    )
    found = document(tmp_path, nitf(body, head, above), "file.nitf")
    assert found.text == f"PORT LANMER, Jan. 12 — {TEXT}\n\n“Soon,” said Marta Ilves.\n\n{SECOND}"
    assert (found.title, found.doc_id, found.authors) == ("Both piers closed", "lan-77", ("Ana Ruiz",))
    assert (found.source, found.url) == ("Lanmer Courier", "https://courier.example/piers")
    assert found.published_at == "20260112T180000-0600"
    assert found.extra == {"section": "Region", "subjects": ["Ports", "piers"], "captions": ["The older pier"]}


def test_a_byline_of_nitf_without_the_line_below_it(tmp_path: Path) -> None:
    above = "<byline>By Ana Ruiz <byttl>Lanmer Courier Staff</byttl></byline>"
    assert document(tmp_path, nitf(f"<p>{TEXT}</p>", above=above)).authors == ("Ana Ruiz",)


def test_a_dateline_that_the_text_repeats_stands_there_once(tmp_path: Path) -> None:
    above = "<dateline><location>PORT LANMER</location></dateline>"
    assert document(tmp_path, nitf(f"<p>PORT LANMER (LW) - {TEXT}</p>", above=above)).text.count("PORT LANMER") == 1


def test_nitf_with_a_document_type_is_refused(tmp_path: Path) -> None:
    found = reject(tmp_path, f"<?xml version='1.0'?>\n<!DOCTYPE nitf SYSTEM 'nitf.dtd'>\n{OWN_NITF}")
    assert (found.reason_code, "take that line out" in found.reason) == ("bad_xml", True)


VERSION_1 = {
    "uri": "https://wire.example/piers",
    "type": "text",
    "versioncreated": "2026-01-13T09:00:00-06:00",
    "firstcreated": "2026-01-12T18:00:00-06:00",
    "headline": "Both piers closed",
    "byline": "By Ana Ruiz",
    "language": "en",
    "copyrightholder": "Lanmer Wire",
    "subject": [{"code": "1", "name": "Ports"}],
    "description_text": "Cracks were found.",
    "associations": {"main": {"uri": "1", "type": "picture", "description_text": "The older pier in June"}},
}
VERSION_3 = {
    "standard": {"name": "ninjs", "version": "3.0"},
    "uri": "https://wire.example/piers",
    "type": "text",
    "versionCreated": "2026-01-13T09:00:00-06:00",
    "firstCreated": "2026-01-12T18:00:00-06:00",
    "contentcreated": None,
    "headlines": [{"role": "main", "value": "Both piers closed"}],
    "by": [{"name": "Ana Ruiz"}],
    "language": "en",
    "infosources": [{"name": "Lanmer Wire"}],
    "subjects": [{"name": "Ports"}],
    "associations": [{"name": "main", "type": "picture", "descriptions": [{"value": "The older pier in June"}]}],
}


@pytest.mark.parametrize(
    "sent",
    [
        VERSION_1 | {"body_text": f"{TEXT}\n\n{SECOND}"},
        VERSION_1 | {"body_html": f"<p>{TEXT}</p><p>{SECOND}</p>"},
        VERSION_1 | {"body_xhtml": f"<div><p>{TEXT}</p><p>{SECOND}</p></div>", "body_text": "Less."},
        VERSION_3 | {"bodies": [{"contenttype": "text/html", "value": f"<p>{TEXT}</p><p>{SECOND}</p>"}]},
        VERSION_3 | {"bodies": [{"contentType": "text/plain", "value": f"{TEXT}\n\n{SECOND}"}]},
    ],
)
def test_ninjs(tmp_path: Path, sent: dict[str, object]) -> None:
    found = document(tmp_path, json.dumps(sent), "item.json")
    assert found.text == f"{TEXT}\n\n{SECOND}"
    assert (found.title, found.authors, found.source) == ("Both piers closed", ("Ana Ruiz",), "Lanmer Wire")
    assert (found.url, found.doc_id, found.language) == (sent["uri"], sent["uri"], "en")
    assert found.published_at == "2026-01-12T18:00:00-06:00"
    assert found.extra == {
        "modified_at": "2026-01-13T09:00:00-06:00",
        "subjects": ["Ports"],
        "captions": ["The older pier in June"],
    }


def test_ninjs_without_a_text(tmp_path: Path) -> None:
    listed = [
        VERSION_1,
        {"uri": "p", "type": "picture", "headline": "A pier"},
        {"uri": "l", "type": "composite"},
        {"uri": "e", "type": "text"},
        {"uri": "c", "body_text": TEXT, "pubstatus": "canceled"},
    ]
    found = items(tmp_path, json.dumps(listed), "items.json")
    summary, picture, composite, empty, withdrawn = found
    assert isinstance(summary, Document)
    assert (summary.text, summary.extra["is_summary"]) == ("Cracks were found.", True)
    assert [each.rule for each in (picture, composite) if isinstance(each, Filtered)] == ["media_type", "item_list"]
    assert getattr(empty, "reason_code", None) == "no_body"
    assert isinstance(withdrawn, Document)
    assert withdrawn.extra == {"pub_status": "canceled"}


def test_xml_of_an_unknown_kind_is_told(tmp_path: Path) -> None:
    found = reject(tmp_path, "<?xml version='1.0'?><NewsML><NewsItem/></NewsML>")
    assert (found.reason_code, "NewsML-G2" in found.reason) == ("unknown_format", True)
