#!/usr/bin/env python3
"""The Ham Tan programme (tests/data/ham-tan.json) as a file for coordctl apply: tests/data/programme.json.

Usage: ham_tan.py ham-tan.json > programme.json
"""
import json
import sys

KINDS = {"directive": "directive", "recommendation_up": "recommendation", "target": "target", "case": "case",
         "inspection": "inspection"}
POLICIES = {"case": "petition"}  # petitions and complaints have a law of their own; the rest are directives

# What the standing committees lead besides what stands under them in the tree: the province whole, the district whole.
GRANTS = {"btv-tu": ["tu", "ubt", "mttq-h", "ca-t", "bdbp", "qs-h"], "btv-hu": ["hu", "ubh", "mttq-h", "ca-h", "qs-h"]}


def agency(source):
    """One agency in the wire's words; what the source leaves out is left out."""
    result = {"agency": source["id"], "name": source["name_vi"], "name_en": source["name_en"], "sort": source["kind"]}
    if source["parent"]:
        result["parent"] = source["parent"]
    if not source["assignable"]:
        result["assignable"] = False
    if source["id"] in GRANTS:
        result["may_task"] = GRANTS[source["id"]]
    return result


def number_of(document):
    return document["identifier"] or document["title_vi"]


PAPERS = {"D1": "conclusion", "D2": "report"}  # those that tasks come from


def document(source, tasks):
    """One that tasks come from. The source has no numbers of paragraphs: what it says of one field of work is one here."""
    said = {}
    for item in tasks:
        if item["source_document"] == source["id"]:
            said.setdefault(item["area"], []).append(item["source_quote"])
    result = {"document": number_of(source), "issuer": source["issuer"], "kind": PAPERS[source["id"]], "title": source["title_vi"]}
    if source["date"]:
        result["issued"] = source["date"]
    result["paragraphs"] = [{"paragraph": area, "text": "; ".join(dict.fromkeys(quotes))} for area, quotes in said.items()]
    return result


def task(source, documents):
    """Directives come from those who concluded the session, recommendations from the district that made them: one that does not
    stand under the district answers it by its date, and owes it no reports."""
    upward = source["kind"] == "recommendation_up"
    document = documents[source["source_document"]]
    assigner = "btv-hu" if upward else "btv-tu"
    asked = upward and source["lead"] not in GRANTS[assigner]
    taken = {assigner, source["lead"]}
    content = {"kind": KINDS[source["kind"]], "title": source["title_vi"], "description": source["title_en"],
               "document": number_of(document), "paragraphs": [source["area"]], "area": source["area"],
               **({} if asked else {"reporting": source["reporting"]}), "due": source["illustrative_due"],
               "tags": [source["lead_basis"], *source["addresses"]]}
    if source["supervisor"] not in taken:
        content["supervisor"] = source["supervisor"]
        taken.add(source["supervisor"])
    cooperating = [id for id in dict.fromkeys(source["cooperating"]) if id not in taken]
    if cooperating:
        content["cooperating"] = cooperating
    return {"assigner": assigner, "reference": source["id"], "leads": [source["lead"]],
            "policy": POLICIES.get(source["kind"], "directive"), "content": content}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        source = json.load(file)
    documents = {document["id"]: document for document in source["documents"]}
    programme = {"$comment": "Made by tests/tools/ham_tan.py from tests/data/ham-tan.json. All due dates are illustrative: "
                             "the source sets none.",
                 "agencies": [agency(item) for item in source["agencies"]],
                 "documents": [document(documents[id], source["tasks"]) for id in PAPERS],
                 "tasks": [task(item, documents) for item in source["tasks"]]}
    json.dump(programme, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
