"""The stores of releases in tests/data/, and all that can be read of one."""
import os

from harness import ROOT

STILL = 0.0001  # days in a second: a rehearsal whose clock all but stands
KEPT = ("coordd.db", "coordd.db-wal", "coordd.mark", "server.key", "server.pub", "admin.context")
PLACES = (("huyen", "văn thư"), ("huyen", "lưu trữ"), ("so", "văn thư"), ("xa-1", "sổ"))  # consumers that have one
LISTS = ("agency_list", "calendar_list", "policy_list", "key_list", "task_list", "summary")


def data_path(version):
    return os.path.join(ROOT, "tests", "data", "store-" + version)


def plain(value):
    """As JSON can hold it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def everything(clients, seq):
    """What can be read up to this record: all that the first agency may, and of the others, which of it they may too."""
    root = clients["tinh"]
    hello = root.call("hello")
    seen = {op: plain(list(root.pages(op))) for op in LISTS}
    seen["escalation_list"] = plain(list(root.pages("escalation_list", closed=True)))
    seen["histories"] = {str(task["task"]): [record for record in plain(list(root.pages("task_history", task=task["task"])))
                                             if record["seq"] <= seq] for task in seen["task_list"]}
    seen["others"] = {agency: {"tasks": [task["task"] for task in client.pages("task_list")],
                               "escalations": [item["escalation"]["escalation"] for item in client.pages("escalation_list", closed=True)]}
                      for agency, client in clients.items()}
    seen["places"] = [[agency, consumer, place(clients[agency], consumer)] for agency, consumer in PLACES]
    seen["store"] = {"store": hello["store"].hex(), "seq": seq, "rehearsal": hello["rehearsal"]}
    return seen


def place(client, consumer):
    """Where the broker has this consumer."""
    granted = client.call("subscribe", consumer=consumer, credit=0)
    client.call("unsubscribe")
    return granted["from"]
