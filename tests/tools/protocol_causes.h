/* When each error comes, for the protocol's page: what its sentence has no room for. */
#ifndef COORDD_TOOLS_PROTOCOL_CAUSES_H
#define COORDD_TOOLS_PROTOCOL_CAUSES_H

#include "errors.h"

static const char *const error_causes[] = {
    [-COORD_E_FRAME_TOO_LARGE] =
        "More than 1 MiB; up to 64 KiB more are read to say so, and beyond that the connection is cut.",
    [-COORD_E_FRAME_TOO_DEEP] =
        "A map or array inside the eighth: a batch counts, so its requests may nest six deep in themselves.",
    [-COORD_E_FRAME_MALFORMED] =
        "Not msgpack, not a map, fewer entries than a map or array says, bytes after the map, or a message of "
        "several ZeroMQ frames, which is answered with the id of its first.",
    [-COORD_E_FRAME_TOO_MANY] =
        "The length of a text or bin goes beyond the bytes that are there, a count beyond what they could hold, or "
        "there are more than 131,072 values.",
    [-COORD_E_UNKNOWN_OP] = "A misspelt op, or one of a newer protocol: `hello` tells the broker's version.",
    [-COORD_E_MISSING_FIELD] = "A field marked `required` is absent or nil; `id` with a change.",
    [-COORD_E_BAD_TYPE] = "As an integer for a text, or text for bin; libraries that write texts as bin.",
    [-COORD_E_OUT_OF_RANGE] = "Beyond the bounds of the table; `limit` above 1,000; a batch of more than 256.",
    [-COORD_E_BAD_TERM] = "A misspelt term, or one of a newer vocabulary.",
    [-COORD_E_BAD_TEXT] = "Bytes that are no UTF-8; control characters; in [names](#ids-and-names), what turns the "
                          "direction. The 30 are counted in "
                          "NFKD, as the Stream-Safe Text Format of UAX #15 does.",
    [-COORD_E_BAD_DATE] = "A form that is none of these, or a day that does not exist, as 2024-02-30.",
    [-COORD_E_BAD_KEY] = "`public_key` of `key_set`.",
    [-COORD_E_BAD_VALUE] = "Fields that exclude each other or lack each other; a key given twice; a batch in a batch.",
    [-COORD_E_KEY_UNKNOWN] = "As a rule the handshake is refused instead; on the wire when the key was never in this "
                             "store, as after a restore.",
    [-COORD_E_KEY_REVOKED] = "`key_revoke` while the connection stood.",
    [-COORD_E_KEY_EXPIRED] = "`valid_until` came while the connection stood.",
    [-COORD_E_AGENCY_CLOSED] = "`valid_from` or `valid_until` of the key's agency.",
    [-COORD_E_RIGHT_MISSING] = "The key's `rights` do not hold the op's right.",
    [-COORD_E_NOT_AUTHORISED] =
        "The table of actions says who may; the asker's agency has another role. Or a `parent` that it only reads.",
    [-COORD_E_AGENCY_UNKNOWN] = "A lead, parent, successor or other agency that nobody has added.",
    [-COORD_E_TASK_UNKNOWN] =
        "A wrong number or reference, or a task in which the asker has no role and which is not in its subtree.",
    [-COORD_E_CALENDAR_UNKNOWN] = "`calendar` of an assignment or a count.",
    [-COORD_E_POLICY_UNKNOWN] = "`policy` of an assignment; `default_policy` of `store_set`.",
    [-COORD_E_ESCALATION_UNKNOWN] = "It has ended, was acknowledged by all, or never was.",
    [-COORD_E_ASK_UNKNOWN] = "It was decided, taken back or settled, or never was.",
    [-COORD_E_SCHEDULE_UNKNOWN] = "It was never set, is another agency's, or ended and made room for another.",
    [-COORD_E_KEY_NOT_FOUND] = "`key_revoke` of a key that is in no agency's list.",
    [-COORD_E_STREAM_UNKNOWN] =
        "`credit`, `consumed` or `unsubscribe` on a connection that has not subscribed, or was reconnected since.",
    [-COORD_E_CONFLICT] = "`expect` is not the version of now: somebody acted in between.",
    [-COORD_E_WRONG_STATE] = "The table of actions says in which states.",
    [-COORD_E_REFERENCE_TAKEN] = "`assign` with a `reference` that this assigner has used.",
    [-COORD_E_NOT_ASSIGNABLE] = "A lead whose `assignable` is false, or in any field an agency that is out of its "
                                "validity; the message names the "
                                "successor.",
    [-COORD_E_TREE_CYCLE] = "`agency_set` with a `parent` or `successor` that leads back to the agency.",
    [-COORD_E_KEY_TAKEN] =
        "`key_set` with a public key that is another agency's, or was revoked: keys are never used twice.",
    [-COORD_E_REQUEST_REUSED] =
        "The same `id`, other bytes: an id drawn badly, or an object encoded anew in another order of keys.",
    [-COORD_E_UPWARD_DIRECTIVE] =
        "`assign` or `reassign` to an agency above the assigner, of another kind than recommendation or report.",
    [-COORD_E_NOT_TASKABLE] =
        "`assign`, `reassign` or an amended `kind`, with the setting `tasking` at `tree`; or what a "
        "recommendation imposes.",
    [-COORD_E_DUE_IN_PAST] = "`due` before the broker's clock, without `backdated`.",
    [-COORD_E_CALENDAR_RANGE] = "A count that runs past 2099.",
    [-COORD_E_DUPLICATE_ROLE] = "As an agency that is both lead and cooperating. The assigner may have one role "
                                "besides its own: lead, cooperating, "
                                "supervisor or observer.",
    [-COORD_E_EVIDENCE_REQUIRED] =
        "`submit` with neither `evidence_files` nor `evidence`, of a task whose policy says `evidence` `required`.",
    [-COORD_E_OPEN_PARTS] = "`submit` or `confirm` of a task with open parts, without a `note`.",
    [-COORD_E_WAITS_FOR_ITSELF] = "`assign` or `amend` with `waits_for` or `parent` that would close a circle.",
    [-COORD_E_DUE_AFTER_PARENT] = "`assign` or `amend` of a part with a later `due` than its whole's; or of the whole, "
                                  "earlier: `message` names the parts.",
    [-COORD_E_ALREADY_ASKED] = "`ask` while one of the same `asking` is open on the task.",
    [-COORD_E_ASKED_LATE] = "`ask` for an extension, of a task whose policy has `ask_before`.",
    [-COORD_E_ALREADY_SUBSCRIBED] =
        "A second `subscribe` on one connection, or one whose reply was lost: `unsubscribe` first.",
    [-COORD_E_RATE_LIMITED] = "Setting `requests_per_second` of the broker, per key; or `agency_stand_in` of an "
                              "agency within five seconds of the one before.",
    [-COORD_E_IN_FLIGHT_LIMIT] = "Setting `requests_in_flight`, per key; or answers that the connection leaves unread.",
    [-COORD_E_COST_LIMITED] = "Setting `agency_waiting_bytes`: requests of the agency that wait for its turn.",
    [-COORD_E_CONNECTION_LIMIT] = "Setting `agency_connections`: each request on one more is answered so, and a little "
                                  "later that connection is cut.",
    [-COORD_E_STORAGE_LIMITED] = "`assign`, or `amend` with a longer content: settings `agency_tasks` and "
                                 "`agency_task_bytes`, for tasks that the agency gave, open and closed.",
    [-COORD_E_WRITE_LIMITED] = "Changes that need no right to administer: setting `agency_daily_bytes`.",
    [-COORD_E_STREAM_LIMIT] = "Settings `streams`, of all agencies, and `agency_streams`.",
    [-COORD_E_CREDIT_LIMIT] = "What is left and what is granted come to more than 65,536.",
    [-COORD_E_HOT_SPOT_UNKNOWN] = "`rule` of `hot_spot_get` or `hot_spot_remove`.",
    [-COORD_E_CAPACITY] = "The table of limits says how many.",
    [-COORD_E_STORAGE_FULL] = "Changes only: no space left on the store's device.",
    [-COORD_E_STOPPING] = "A stop or restart of the service.",
    [-COORD_E_BACKUP_RUNNING] = "A second `backup` before the first has ended.",
    [-COORD_E_BACKUP_FAILED] = "The directory, its rights or its space, on the server.",
    [-COORD_E_BATCH_FULL] =
        "In a batch's place: the replies have grown past a frame, what it changed past 4 MiB, or what its "
        "lists went through past 15,000 tasks.",
    [-COORD_E_CLOCK_DOUBTFUL] =
        "Changes only: until the clock is right, or an administrator takes it for right by `clock_accept`.",
    [-COORD_E_NOT_LEADER] = "Changes and `hand_over`, of a follower; or changes that waited while the lead went over.",
    [-COORD_E_BEHIND] =
        "`at_least` or `within_ms` of the request; or all reads, backups and new streams, once a follower has heard of "
        "nothing "
        "newer for `lag_max_seconds`. `subscribe` of a follower: `from` has not come there, or how far the `consumer` "
        "is "
        "was not to be looked up in time.",
    [-COORD_E_NOT_SEVERAL] = "`hand_over` where no other broker can lead: `role = alone`, or a store in SQLite.",
    [-COORD_E_HAND_OVER_FAILED] = "`hand_over`, when no other broker took the lead within a lease.",
    [-COORD_E_PERIOD_WRONG] =
        "A `period` of another `reporting`, not begun, or after the one that is owed; in plans too.",
    [-COORD_E_SERIES_BEGUN] = "`amend` of `reporting`, `counting` or `per` once there is a value.",
    [-COORD_E_NO_INDICATOR] = "`target_get`, or a report or submission with `period`, `numerator` or `denominator`.",
    [-COORD_E_LABEL_TAKEN] = "`key_set` with the `label` of another key of the agency that is not revoked.",
    [-COORD_E_OTHER_STORE] = "`subscribe` with the `store` of before, after a restore from a backup.",
    [-COORD_E_QUESTION_UNKNOWN] = "All opinions on it were given or withdrawn, or it never was.",
    [-COORD_E_DOCUMENT_UNKNOWN] =
        "Nobody put it, or it is restricted, and neither the agency's nor cited by a `task` that the request names.",
    [-COORD_E_PARAGRAPH_UNKNOWN] =
        "What a task cites is not in its document, or what is replaced has it and the other has not.",
    [-COORD_E_DOCUMENT_TAKEN] = "`document_set` of a number that another agency has put.",
    [-COORD_E_DOCUMENT_OVER] = "It is cited anew, changed, ended again, or was to replace another.",
    [-COORD_E_NOT_STOOD_IN_FOR] =
        "`for` with an agency that another stands in for, or nobody, or before or after its days.",
    [-COORD_E_NOT_ITS_OWN] = "`for` on a task that the stand-in leads, or whose lead it stands in for besides.",
    [-COORD_E_WHOSE_NAME] = "No `for`, and the roles of several that it stands in for allow it, not its own.",
};

/* "" for those that explain themselves. */
static const char *error_cause(int number)
{
    const size_t count = sizeof error_causes / sizeof *error_causes;
    return (size_t)number < count && error_causes[number] ? error_causes[number] : "";
}

#endif
