#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "output.h"
#include "spelling.h"

#define CONTENT_FIRST                                                                                                  \
    "title description due kind document paragraph cooperating supervisor observers priority area tags target unit "
#define CONTENT_LAST                                                                                                   \
    "follows scope reporting excluded weight "                                                                         \
    "waits-for paragraphs"
#define CONTENT_OPTIONS   CONTENT_FIRST "parent " CONTENT_LAST
#define INDICATOR_OPTIONS " better counting per plan"
#define LIST_OPTIONS                                                                                                   \
    "agency roles subtree states timeliness kinds area tag document reference parent due-before search waiting "       \
    "limit"
#define ON_REQUEST(verb, function, options, op, sentence, required, example)                                           \
    {                                                                                                                  \
        "request", verb, "TASK", 1, 1, VALUE_TASK, "expect note dry-run" options, op, false, function, sentence,       \
            required, example                                                                                          \
    }
#define ON_TASK(verb, function, options, op, sentence, required, example)                                              \
    {                                                                                                                  \
        "task", verb, "TASK", 1, 1, VALUE_TASK, "expect note dry-run" options, op, false, function, sentence,          \
            required, example                                                                                          \
    }

#define ON_OPINION(verb, function, options, op, sentence, required, example)                                           \
    {                                                                                                                  \
        "opinion", verb, "TASK", 1, 1, VALUE_TASK, "expect note dry-run" options, op, false, function, sentence,       \
            required, example                                                                                          \
    }

/* A TASK is its reference (HT-036), ASSIGNER:REFERENCE where several assigners use the same, or @NUMBER. */
const struct command commands[] = {
    {"inbox", "", "", 0, 0, VALUE_ANY, "limit", OP_TASK_LIST, false, task_inbox,
     "What waits for this agency, the soonest due first: its open tasks and values owed, what it has to confirm, "
     "decide, answer "
     "or give its opinion on, and circulars to read; then escalations to acknowledge, and hot spots.",
     "", NULL},
    {"task", "list", "", 0, 0, VALUE_ANY, LIST_OPTIONS, OP_TASK_LIST, false, task_list,
     "Tasks that this agency may read.", "", NULL},
    {"task", "show", "TASK", 1, 1, VALUE_TASK, "", OP_TASK_GET, false, task_show,
     "One task, whole, with what may be done to it and the ladder that lies ahead.", "", "task show HT-036"},
    {"task", "history", "TASK", 1, 1, VALUE_TASK, "limit", OP_TASK_HISTORY, false, task_history,
     "Everything that happened to a task, newest first.", "", "task history HT-036 --limit 20"},
    {"task", "custody", "TASK", 1, 1, VALUE_TASK, "", OP_TASK_CUSTODY, false, task_custody,
     "Whose clock ran when, what for, and for how long in working time.", "", "task custody HT-036"},
    {"task", "explain", "TASK", 1, 1, VALUE_TASK, "", OP_TASK_EXPLAIN, false, task_explain,
     "When a task is due and why, day by day; which record gave it another date; what its ladder has done, and what it "
     "will "
     "do, when and to whom.",
     "", "task explain HT-036"},
    {"task", "assign", "", 0, 0, VALUE_ANY,
     "to children-of reference policy calendar backdated dry-run " CONTENT_OPTIONS INDICATOR_OPTIONS, OP_ASSIGN, false,
     task_assign,
     "Give a task to one lead, to several, or to all children of an agency. Without --policy it gets the store's "
     "default "
     "policy; --policy none: no ladder.",
     "reference title to|children-of",
     "task assign --to so-tnmt --reference VP-12 --title 'Rà soát quỹ đất công' --due 10wd"},
    ON_TASK("accept", task_change, "", OP_ACCEPT, "Take a task on.", "", "task accept HT-036"),
    ON_TASK("start", task_change, "", OP_START, "Begin work on a task.", "", NULL),
    ON_TASK("report", task_change, " percent value evidence", OP_REPORT, "Say how far the work is.", "",
            "task report HT-036 --percent 60 --note 'Đã rà soát 12/20 xã'"),
    ON_TASK("submit", task_change, " percent value evidence", OP_SUBMIT, "Say that the work is done, with the proof.",
            "", "task submit HT-036 --evidence bao-cao.pdf"),
    ON_TASK("answer", task_change, " answer to", OP_ANSWER,
            "Answer a recommendation, which closes it; --note says it at length, --to whom it is passed on to.",
            "answer note", "task answer KN-1 --answer agreed_in_part --note 'Bố trí vốn trong kế hoạch năm sau'"),
    ON_TASK("confirm", task_change, "", OP_CONFIRM, "Agree that the work is done; closes the task.", "", NULL),
    ON_TASK("reject", task_change, "", OP_REJECT, "Send a submission back; --note says why.", "note",
            "task reject HT-036 --note 'Thiếu biên bản đo đạc'"),
    ON_TASK("suspend", task_change, " until", OP_SUSPEND,
            "Stop a task's clocks; --note says why. With --until they run on by themselves after that.", "note",
            "task suspend HT-036 --until 2024-07-31 --note 'Chờ kết luận thanh tra'"),
    ON_TASK("resume", task_change, "", OP_RESUME, "Let them run on.", "", NULL),
    ON_TASK("reassign", task_change, " to due backdated", OP_REASSIGN, "Give a task to another lead; --note says why.",
            "to note", "task reassign HT-036 --to so-tnmt --note 'Đúng thẩm quyền'"),
    ON_TASK(
        "amend", task_change, " backdated clear " CONTENT_OPTIONS, OP_AMEND,
        "Change what a task asks, or by when; a list that is given takes the place of the one before, and it says who "
        "is in it no longer. An empty text or list clears, and --clear takes away a date, a period, a parent, a "
        "figure, or how a target without values is measured.",
        "", "task amend HT-036 --due 2024-07-31 --note 'Gia hạn theo đề nghị'"),
    ON_TASK("cancel", task_change, "", OP_CANCEL, "Withdraw a task; --note says why.", "note",
            "task cancel HT-036 --note 'Trùng với HT-012'"),
    ON_TASK("comment", task_change, "", OP_COMMENT, "Say something about a task; --note says what.", "note",
            "task comment HT-036 --note 'Đề nghị gửi trước thứ Sáu'"),
    ON_TASK("escalate", task_change, " to level", OP_ESCALATE,
            "Raise a task to --to, or else its supervisor or assigner; --note says why.", "note",
            "task escalate HT-036 --note 'Chậm quá 5 ngày'"),
    {"part", "list", "TASK", 1, 1, VALUE_TASK, "limit", OP_TASK_LIST, false, part_list,
     "The parts of a task that this agency may read: who leads each, how far it is, and its weight in the whole.", "",
     "part list HT-036"},
    {"part", "give", "TASK", 1, 1, VALUE_TASK,
     "to children-of reference policy calendar backdated dry-run " CONTENT_FIRST CONTENT_LAST INDICATOR_OPTIONS,
     OP_ASSIGN, false, task_assign,
     "Give others a part of a task that one leads: task assign with the whole named first. It is due with the whole at "
     "the latest.",
     "reference title to|children-of",
     "part give HT-036 --to ubx-tth --reference VP-13 --title 'Đo đạc khu 1' --weight 3"},
    {"request", "list", "", 0, 0, VALUE_ANY, "asked limit", OP_TASK_LIST, false, request_list,
     "What leads ask for and this agency has to decide; --asked: what it asks for itself, and is not decided.", "",
     NULL},
    ON_REQUEST("extension", task_change, " due", OP_ASK,
               "Ask for a later date for a task that one leads; --note says why.", "due note",
               "request extension HT-036 --due 2024-07-31 --note 'Chưa có kết quả đo đạc'"),
    ON_REQUEST("return", task_change, " lead", OP_ASK,
               "Ask that a task is taken back that is not one's own to do; --lead says who should have it.", "note",
               "request return HT-036 --lead so-tnmt --note 'Không đúng thẩm quyền'"),
    ON_REQUEST("transfer", task_change, " lead", OP_ASK, "Ask that another agency leads the task; --note says why.",
               "lead note", "request transfer HT-036 --lead so-tnmt --note 'Sở chủ trì từ 01/7'"),
    ON_REQUEST("suspension", task_change, " until", OP_ASK,
               "Ask that a task's clocks stand still until a day ends, or a minute; --note says why.", "until note",
               "request suspension HT-036 --until 2024-07-31 --note 'Chờ kết luận thanh tra'"),
    ON_REQUEST("withdrawal", task_change, "", OP_ASK, "Ask for a submission back that was made by mistake.", "note",
               "request withdrawal HT-036 --note 'Trình nhầm bản dự thảo'"),
    ON_REQUEST("grant", task_change, " request due lead until", OP_GRANT,
               "Grant what a task's lead asks for, as asked, or with another date, lead or end of the pause.", "",
               "request grant HT-036 --due 2024-07-15 --note 'Gia hạn một lần'"),
    ON_REQUEST("deny", task_change, " request", OP_DENY,
               "Deny what a task's lead asks for; --note says why. The lead goes on answering for the task.", "note",
               "request deny HT-036 --note 'Không có lý do chính đáng'"),
    ON_REQUEST("take-back", task_change, " request", OP_TAKE_BACK, "Take back what one has asked for oneself.", "",
               "request take-back HT-036"),
    {"opinion", "list", "[TASK]", 0, 1, VALUE_TASK, "asked limit", OP_TASK_LIST, false, opinion_list,
     "Opinions that this agency owes; --asked: that others owe it. Of a TASK, all that were asked for, and what became "
     "of "
     "them.",
     "", "opinion list HT-036"},
    ON_OPINION("ask", task_change, " to due evidence", OP_CONSULT,
               "Ask agencies for an opinion on a task that one leads, by a date; --note says on what.", "to due note",
               "opinion ask HT-036 --to so-tc --to so-tnmt --due 5wd --note 'Phương án đền bù'"),
    ON_OPINION("give", task_change, " question answer evidence", OP_OPINE,
               "Give an opinion that one was asked for; --note says it at length. Late, it is taken all the same.",
               "answer note", "opinion give HT-036 --answer agreed_in_part --note 'Đề nghị bổ sung dự toán'"),
    ON_OPINION("recall", task_change, " question to", OP_RECALL,
               "Take a question back: nobody owes an opinion on it any more, or none of --to.", "",
               "opinion recall HT-036 --to so-tc"),
    {"circular", "", "REFERENCE", 1, 1, VALUE_ANY, "", OP_TASK_LIST, false, circular,
     "Who has read a circular, and when, and who has not: all of them for its assigner, for others those that they may "
     "see. It is given as a task --kind circular, and read by accepting it.",
     "", "circular TB-12"},
    {"target", "list", "", 0, 0, VALUE_ANY, "agency subtree area open behind limit", OP_TARGET_LIST, false, target_list,
     "Targets that this agency may read: the newest value against the plan, and what is to be expected by the due "
     "date.",
     "", "target list --open --behind"},
    {"target", "show", "TASK", 1, 1, VALUE_TASK, "", OP_TARGET_GET, false, target_show,
     "One target, period by period against its plan, with trend and forecast.", "", "target show HT-036"},
    {"target", "set", "TASK", 1, 1, VALUE_TASK,
     "better counting per plan target unit reporting due expect note dry-run", OP_AMEND, false, target_set,
     "Say how a target is measured, and what it is to reach: each period of its --reporting its lead owes a value. "
     "What is not given stays; a --plan takes the place of the one before.",
     "", "target set HT-036 --better less --per 100 --unit % --target 5 --plan 2024-W24=9 --plan 2024-W26=5"},
    {"target", "report", "TASK", 1, 1, VALUE_TASK,
     "expect note dry-run of value numerator denominator percent evidence", OP_REPORT, false, task_change,
     "Report the value of a period: of the one that is missing or owed, else of the one under way, or of an earlier "
     "one --of. "
     "A second value of a period corrects the first, and it is said what that was. A rate comes with its two numbers.",
     "value|numerator", "target report HT-036 --of 2024-W24 --numerator 31 --denominator 400"},
    {"escalation", "list", "", 0, 0, VALUE_ANY, "mine closed limit", OP_ESCALATION_LIST, false, escalation_list,
     "Escalations that are open.", "", NULL},
    {"escalation", "acknowledge", "TASK", 1, 1, VALUE_TASK, "note level dry-run", OP_ACKNOWLEDGE, false,
     escalation_acknowledge, "Say that a task's open escalations have been seen and are in hand.", "",
     "escalation acknowledge HT-036 --note 'Đã giao Phó Chủ tịch đôn đốc'"},
    {"schedule", "list", "", 0, 0, VALUE_ANY, "closed limit", OP_SCHEDULE_LIST, false, schedule_list,
     "The recurring tasks of this agency, and when each comes next.", "", NULL},
    {"schedule", "show", "SCHEDULE", 1, 1, VALUE_SCHEDULE, "assigner", OP_SCHEDULE_GET, false, schedule_show,
     "One schedule: what it will make next and why then, and why it made nothing last.", "", "schedule show BC-tuan"},
    {"schedule", "set", "SCHEDULE", 1, 1, VALUE_SCHEDULE,
     "period to children-of from until count catchup policy calendar dry-run " CONTENT_OPTIONS INDICATOR_OPTIONS,
     OP_SCHEDULE_SET, false, schedule_set,
     "Have a task made at the begin of each period: SCHEDULE/2024-W23, SCHEDULE/2024-06 and so on. What is given takes "
     "the place of all that the schedule said before.",
     "period title to|children-of",
     "schedule set BC-tuan --period weekly --to so-tnmt --title 'Báo cáo tuần' --kind report --due 4wd"},
    {"schedule", "end", "SCHEDULE", 1, 1, VALUE_SCHEDULE, "assigner note dry-run", OP_SCHEDULE_END, false, schedule_end,
     "End a schedule: it makes no more tasks; those that it made stay.", "", "schedule end BC-tuan"},
    {"agency", "list", "", 0, 0, VALUE_ANY, "", OP_AGENCY_LIST, false, agency_list, "All agencies, as a tree.", "",
     NULL},
    {"agency", "set", "AGENCY", 1, 1, VALUE_AGENCY,
     "name name-en sort parent assignable valid-from valid-until successor may-task backdated yes dry-run",
     OP_AGENCY_SET, false, agency_set, "Add an agency, or change what is given of it.", "",
     "agency set so-tnmt --name 'Sở Tài nguyên và Môi trường' --parent ubt"},
    {"agency", "close", "AGENCY", 1, 1, VALUE_AGENCY, "successor valid-until backdated yes dry-run", OP_AGENCY_SET,
     false, agency_close,
     "End an agency, now or at --valid-until. Its open tasks go to its --successor; without one it says how many there "
     "are that the key may read, and asks. Agencies under it stay there, and are named.",
     "", "agency close so-tnmt --successor so-nnmt"},
    {"agency", "succeed", "OLD NEW", 2, 2, VALUE_AGENCY, "on backdated yes dry-run", OP_AGENCY_SET, false,
     agency_succeed,
     "Put an agency in the place of another, now or --on a day: agency close with its successor. What OLD holds open "
     "is "
     "NEW's from then on; what it did stays under its own name. Where another stands in the place of OLD already, it "
     "says "
     "what that one loses, and asks; what it held stays its own.",
     "", "agency succeed so-tnmt so-nnmt --on 2025-07-01"},
    {"agency", "stand-in", "AGENCY [BY]", 1, 2, VALUE_AGENCY, "from until end dry-run", OP_AGENCY_STAND_IN, false,
     agency_stand_in,
     "Have BY stand in for an agency --from a day, or today, --until another: it hears what AGENCY hears and does what "
     "AGENCY may, with --for AGENCY where it has a say of its own; records name both. --end ends it before. While one "
     "stands in, another may from today on, and not from a later day.",
     "", "agency stand-in so-tnmt so-xd --from 2024-06-03 --until 2024-06-14"},
    {"agency", "custody", "[AGENCY]", 0, 1, VALUE_AGENCY, "subtree since before", OP_AGENCY_CUSTODY, false,
     agency_custody,
     "How long tasks waited for an agency, what for, and how often they were passed on; one's own agency when none is "
     "named.",
     "", "agency custody so-tnmt --since 2024-01-01 --before 2025-01-01"},
    {"key", "list", "", 0, 0, VALUE_ANY, "agency", OP_KEY_LIST, false, key_list,
     "The keys of one's own agency; an administrator's, all.", "", NULL},
    {"key", "new", "AGENCY", 1, 1, VALUE_AGENCY, "label rights valid-until public-key out dry-run", OP_KEY_SET, false,
     key_new, "Give an agency a key, and write the context file that goes with it.", "out|public-key",
     "key new so-tnmt --label 'văn thư' --out so-tnmt.context"},
    {"key", "set", "KEY", 1, 1, VALUE_KEY, "label rights valid-until public-key yes dry-run", OP_KEY_SET, false,
     key_set_command,
     "Change a key's label, rights or validity: of AGENCY:LABEL, or of the AGENCY's that --public-key names.", "",
     "key set 'so-tnmt:văn thư' --valid-until 2025-01-01"},
    {"key", "revoke", "KEY", 1, 1, VALUE_KEY, "yes dry-run", OP_KEY_REVOKE, false, key_revoke,
     "Revoke a key, AGENCY:LABEL or the public key itself, at once and for good.", "", "key revoke 'so-tnmt:văn thư'"},
    {"calendar", "list", "", 0, 0, VALUE_ANY, "", OP_CALENDAR_LIST, false, calendar_list, "The calendars.", "", NULL},
    {"calendar", "show", "CALENDAR", 1, 1, VALUE_CALENDAR, "", OP_CALENDAR_LIST, false, calendar_show,
     "A calendar's hours, days off and make-up working days.", "", "calendar show default"},
    {"calendar", "set", "", 0, 0, VALUE_ANY, "file dry-run calendar observances", OP_CALENDAR_SET, false, apply,
     "The same as apply, by the name that one looks for: it takes a file of calendars alone, or .ics holidays. It "
     "lists "
     "the days that go and come, the due times that move, and named dates that are days off then; --dry-run lists them "
     "and changes nothing.",
     "file", "calendar set -f holidays-vn.ics --dry-run"},
    {"calendar", "count", "FROM [COUNT]", 1, 2, VALUE_ANY, "calendar suspended resumed", OP_CALENDAR_EXPLAIN, false,
     calendar_count,
     "Count 10wd or 30d from a day, 16wh from a minute, or the working days to another day, line by line; or where a "
     "deadline moves when its task was --suspended and --resumed.",
     "", "calendar count 2024-06-03 10wd"},
    {"policy", "list", "", 0, 0, VALUE_ANY, "", OP_POLICY_LIST, false, policy_list, "The policies.", "", NULL},
    {"policy", "show", "POLICY", 1, 1, VALUE_POLICY, "", OP_POLICY_LIST, false, policy_show,
     "A policy's deadlines and the rungs of its ladder.", "", "policy show directive"},
    {"policy", "set", "", 0, 0, VALUE_ANY, "file dry-run since", OP_POLICY_SET, false, apply,
     "The same as apply, by the name that one looks for: it takes a file of policies alone. Tasks keep the version "
     "that "
     "they were given under. --dry-run changes nothing; with --since it tells, task by task, which rungs would come "
     "otherwise if the tasks had the new version, and which escalations since then would have been opened and were "
     "not, "
     "or were and would not have been.",
     "file", "policy set -f policies.json --dry-run --since 2024-06-01"},
    {"hot-spot", "list", "", 0, 0, VALUE_ANY, "", OP_HOT_SPOT_LIST, false, hot_spot_list,
     "The rules of hot spots that concern this agency, and which are raised.", "", NULL},
    {"hot-spot", "show", "RULE", 1, 1, VALUE_RULE, "", OP_HOT_SPOT_GET, false, hot_spot_show,
     "A rule, how it stands, and its tasks that this agency may read.", "", "hot-spot show dat-dai"},
    {"hot-spot", "set", "RULE", 1, 1, VALUE_RULE, "area agency count to dry-run", OP_HOT_SPOT_SET, false, hot_spot_set,
     "Say when there is a hot spot, or change that: so many tasks of an --area, or that an --agency or one under it "
     "leads, that are open and overdue, or escalated with nobody having acknowledged it. An administrator sets any "
     "rule, an agency those for itself and what is under it.",
     "count to area|agency", "hot-spot set dat-dai --area land --agency ubh --count 5 --to ubh"},
    {"hot-spot", "remove", "RULE", 1, 1, VALUE_RULE, "dry-run", OP_HOT_SPOT_REMOVE, false, hot_spot_remove,
     "Remove a rule of hot spots.", "", "hot-spot remove dat-dai"},
    {"document", "list", "", 0, 0, VALUE_ANY, "issuer types forces limit", OP_DOCUMENT_LIST, false, document_list,
     "The documents that this agency may read.", "", "document list --types conclusion --forces in_force"},
    {"document", "show", "NUMBER", 1, 1, VALUE_DOCUMENT, "task", OP_DOCUMENT_GET, false, document_show,
     "A document: whose it is, whether it holds, and its paragraphs.", "", "document show 620-BC/HU"},
    {"document", "coverage", "NUMBER", 1, 1, VALUE_DOCUMENT, "task", OP_DOCUMENT_COVERAGE, false, document_coverage,
     "Which paragraphs of a document are carried out by which tasks, how these stand and what they wait for, and which "
     "by none.",
     "", "document coverage 620-BC/HU"},
    {"document", "set", "NUMBER", 1, 1, VALUE_DOCUMENT, "type title issued issuer scope paragraphs dry-run",
     OP_DOCUMENT_SET, false, document_set,
     "Add a document of this agency's, or change what is given of it; an administrator may set anybody's. A file of "
     "many is for apply.",
     "", "document set 620-BC/HU --type report --title 'Báo cáo kết quả' --paragraphs 'II.3=Rà soát quỹ đất công'"},
    {"document", "withdraw", "NUMBER", 1, 1, VALUE_DOCUMENT, "note dry-run", OP_DOCUMENT_WITHDRAW, false,
     document_withdraw,
     "Say that a document holds no more; --note says why. Tasks that cite it stay, and no more are given from it.",
     "note", "document withdraw 620-BC/HU --note 'Ban hành nhầm'"},
    {"document", "replace", "NUMBER", 1, 1, VALUE_DOCUMENT, "by note became ends dry-run", OP_DOCUMENT_REPLACE, false,
     document_replace,
     "Put another document in the place of one: open tasks of its issuer's and those under it cite that from then on, "
     "of an administrator's all, but for those that it --ends, which are cancelled; --note says why. It says what "
     "becomes "
     "of each that this agency may read.",
     "by note", "document replace 620-BC/HU --by 700-BC/HU --became II.3=II.4 --note 'Điều chỉnh'"},
    {"watch", "", "", 0, 0, VALUE_ANY, "consumer from subtree notices severity count", OP_SUBSCRIBE, false, watch,
     "Notifications as they come, until interrupted: what was done, and what was said with it, which is the last value "
     "when "
     "piped.",
     "", NULL},
    {"apply", "", "", 0, 0, VALUE_ANY, "file dry-run reset calendar observances backdated yes", OP_NONE, false, apply,
     "Bring agencies, calendars, policies, documents and tasks to what a file says; again, and nothing changes. The "
     "broker tries "
     "all of it first, and if it would refuse anything nothing is done; --dry-run leaves it at that. Where a task had "
     "what the file says, and has become another since (amended, a date granted, put off by a pause), it stays as it "
     "is, "
     "and that is told; --reset takes the file's. It needs a key that may act for documents and tasks, and one that "
     "may "
     "administer "
     "for the others. An agency that it ends is asked about as with agency close.",
     "file", "apply -f programme.json --dry-run"},
    {"report", "", "", 0, 0, VALUE_ANY, "tasks", OP_SUMMARY, false, report,
     "The leaders' page: by agency, what is on time, late and overdue, and what waits for an acknowledgement; and of "
     "its targets how many were met in the end and not, are on the way, or miss a value.",
     "", NULL},
    {"status", "", "", 0, 0, VALUE_ANY, "by-agency limit", OP_STATUS, false, broker_status,
     "How the broker is that leads, and where a context names several, a line of each: what it does, how far it has "
     "come, "
     "and how old at most is what it knows. --by-agency: what the agencies cost it, those that cost the most, 20 "
     "unless "
     "--limit says.",
     "", "status --by-agency --limit 5"},
    {"leader", "hand-over", "", 0, 0, VALUE_ANY, "to yes", OP_HAND_OVER, false, leader_hand_over,
     "Have another broker of the store lead, before its machine is stopped: it says who leads then, and for how long "
     "no change "
     "was done. Nothing is refused meanwhile.",
     "", "leader hand-over --to tcp://10.20.0.12:5670"},
    {"load", "", "", 0, 0, VALUE_ANY, "", OP_LOAD, false, broker_load,
     "How busy the broker is, in sums, and, from own_agency on, what your own agency costs it.", "", NULL},
    {"clock", "accept", "", 0, 0, VALUE_ANY, "", OP_CLOCK_ACCEPT, false, clock_accept,
     "Take the broker's clock for right, which it doubts: it says which time, and takes changes again.", "", NULL},
    {"store", "show", "", 0, 0, VALUE_ANY, "", OP_HELLO, false, store_show, "The settings of the store.", "", NULL},
    {"store", "set", "", 0, 0, VALUE_ANY, "tasking default-policy dry-run", OP_STORE_SET, false, store_set,
     "Change what is given of the store's settings.", "tasking|default-policy", "store set --tasking tree"},
    {"backup", "", "NAME", 1, 1, VALUE_ANY, "", OP_BACKUP, false, broker_backup,
     "Write a consistent copy of the store, in the broker's backup directory: of several, in that of the one that "
     "leads, "
     "unless the context names another alone.",
     "", "backup coordd-2024-06-28.db"},
    {"doctor", "", "", 0, 0, VALUE_ANY, "", OP_HELLO, true, broker_doctor,
     "Whether context, connection, key, clock, the store's disk and each broker of the context are as they should be, "
     "and if not, "
     "what to do. look: it may be as it should be, or not, and who looks there knows.",
     "", NULL},
    {"context", "list", "", 0, 0, VALUE_ANY, "", OP_NONE, true, context_list, "The contexts that are found by name.",
     "", NULL},
    {"context", "show", "", 0, 0, VALUE_ANY, "", OP_NONE, true, context_show,
     "Which broker, and as whom; never the secret.", "", NULL},
    {"web", "login", "USER", 1, 1, VALUE_ANY, "lasts config dir", OP_NONE, true, web_login,
     "Print a link that signs a user of the web pages in, once: by `coord-web login`, on its machine.", "",
     "web login an --lasts 1h"},
    {"help", "", "[COMMAND]", 0, 2, VALUE_COMMAND, "", OP_NONE, true, help, "What coordctl, or one command, does.", "",
     NULL},
    {"completion", "", "bash", 1, 1, VALUE_SHELL, "", OP_NONE, true, completion, "The completion script for a shell.",
     "", NULL},
    {"version", "", "", 0, 0, VALUE_ANY, "", OP_NONE, true, version, "The version of this program.", "", NULL},
    {"_complete", "", "", 0, 64, VALUE_ANY, "", OP_NONE, true, complete, NULL, "", NULL},
    {"_manual", "", "", 0, 0, VALUE_ANY, "", OP_NONE, true, manual, NULL, "", NULL},
    {NULL, NULL, NULL, 0, 0, VALUE_ANY, NULL, OP_NONE, true, NULL, NULL, NULL, NULL},
};

const char *command_title(const struct command *command)
{
    static char title[64];
    snprintf(title, sizeof title, "%s%s%s", command->noun, command->verb[0] ? " " : "", command->verb);
    return title;
}

bool command_takes_name(const struct command *command)
{
    return command->op == OP_NONE ? !command->local : op_takes_name(op_row(command->op));
}

bool command_reads(const struct command *command)
{
    return !command->local && command->op != OP_NONE &&
           (op_row(command->op)->touches == OP_CLASS_read || command->op == OP_LOAD);
}

const char *command_right(const struct command *command)
{
    const struct op_row *row = command->op == OP_NONE ? NULL : op_row(command->op);
    return row && row->right ? term_name(&vocabulary_right, row->right) : NULL;
}

void command_required_text(const struct command *command, const char *word, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t length = 0; *word && *word != ' ' && used < size; word += length + (word[length] == '|')) {
        char name[40];
        length = strcspn(word, "| ");
        snprintf(name, sizeof name, "%.*s", (int)length, word);
        const struct option_row *row = option_find(name);
        const char *value = option_value(command, row);
        used += (size_t)snprintf(text + used, size - used, "%s--%s%s%s", used ? " or " : "", row->name,
                                 value ? " " : "", value ? value : "");
    }
}

/* The noun or, among one noun's, the verb that is nearest to a mistaken word. */
static const char *nearest(const char *noun, const char *word)
{
    uint32_t best = UINT32_MAX;
    const char *found = NULL;
    for (const struct command *command = commands; command->noun; command++) {
        const char *name = noun ? command->verb : command->noun;
        const uint32_t distance = spelling_distance(text_of(word), text_of(name));
        if ((!noun || strcmp(noun, command->noun) == 0) && name[0] != '_' && distance < best &&
            spelling_near(distance, (uint32_t)strlen(word))) {
            best = distance;
            found = name;
        }
    }
    return found;
}

static void tell_unknown(const char *noun, const char *word)
{
    const char *meant = nearest(noun, word), *space = noun ? " " : "";
    noun = noun ? noun : "";
    if (meant)
        output_error("there is no command `%s%s%s`; did you mean `coordctl %s%s%s`?", noun, space, word, noun, space,
                     meant);
    else
        output_error("there is no command `%s%s%s`\n  next: coordctl help", noun, space, word);
}

const struct command *command_find(int argc, char **argv, int *words)
{
    bool noun_known = false;
    if (argc == 0)
        return NULL;
    for (const struct command *command = commands; command->noun; command++) {
        if (strcmp(command->noun, argv[0]) != 0)
            continue;
        noun_known = true;
        if (command->verb[0] && (argc < 2 || strcmp(command->verb, argv[1]) != 0))
            continue;
        *words = command->verb[0] ? 2 : 1;
        return command;
    }
    if (!noun_known)
        tell_unknown(NULL, argv[0]);
    else if (argc < 2 || argv[1][0] == '-')
        output_error("`%s` needs a verb\n  next: coordctl help %s", argv[0], argv[0]);
    else
        tell_unknown(argv[0], argv[1]);
    return NULL;
}
