/* What each occasion is told as: the record of it (fill.h), to whom, and the broker's sentence. */
#include "notices.h"

#include <stdio.h>
#include <string.h>

#include "../../../clients/relay/notification.h"
#include "../../../clients/relay/words.h"
#include "fill.h"
#include "given.h"

const struct sample samples[] = {
    {"assigned", NOTICE_ASSIGNED, "so", "tinh", fill_assigned, "tinh gave HT-1 to so, due 2024-06-28."},
    {"a circular", NOTICE_ASSIGNED, "so", "tinh", fill_circular, "tinh gave HT-1 to so, due 2024-06-28."},
    {"a recommendation", NOTICE_ASSIGNED, "so", "xa", fill_recommended, "xa gave HT-1 to so, due 2024-06-28."},
    {"made by a schedule", NOTICE_ASSIGNED, "so", NULL, fill_scheduled,
     "A schedule of tinh gave HT-1 to so, due 2024-06-28."},
    {"accepted", NOTICE_ACCEPTED, "tinh", "so", fill_accepted, "so accepted HT-1."},
    {"a circular was read", NOTICE_ACCEPTED, "tinh", "so", fill_was_read, "so accepted HT-1."},
    {"started", NOTICE_STARTED, "tinh", "so", fill_started, "so began work on HT-1."},
    {"reported", NOTICE_REPORTED, "tinh", "so", fill_reported, "so reported on HT-1 at 60 %."},
    {"reported in its name", NOTICE_REPORTED, "tinh", "so", fill_reported_in_name, "so reported on HT-1 at 60 %."},
    {"a target's value was corrected", NOTICE_REPORTED, "tinh", "so", fill_measured,
     "so reported on HT-1: 7.75 in 2024-W24, which was 8.1."},
    {"an amount was reported", NOTICE_REPORTED, "tinh", "so", fill_measured_amount,
     "so reported on HT-1: 7.75 in 2024-W24."},
    {"a figure was reported", NOTICE_REPORTED, "tinh", "so", fill_figure_reached, "so reported on HT-1 at 60 %."},
    {"submitted", NOTICE_SUBMITTED, "tinh", "so", fill_submitted, "so submitted HT-1 at 100 %, over 2 open parts."},
    {"confirmed", NOTICE_CONFIRMED, "so", "tinh", fill_confirmed, "tinh confirmed that HT-1 is done."},
    {"rejected", NOTICE_REJECTED, "so", "tinh", fill_rejected, "tinh sent the submission of HT-1 back."},
    {"suspended", NOTICE_SUSPENDED, "so", "tinh", fill_suspended, "tinh suspended HT-1."},
    {"resumed", NOTICE_RESUMED, "so", "tinh", fill_resumed, "tinh let HT-1 run on, due 2024-06-28."},
    {"a suspension is over", NOTICE_RESUMED, "so", NULL, fill_ran_on,
     "HT-1 runs on: it was suspended until 2024-06-19, and is due by 2024-06-28."},
    {"reassigned", NOTICE_REASSIGNED, "xa", "tinh", fill_reassigned, "tinh reassigned HT-1 to xa, due 2024-06-28."},
    {"who succeeds is excluded", NOTICE_REASSIGNED, "tinh", "tinh", fill_heir,
     "so ends on 2024-06-30, and so-moi takes its place, but not on tasks from which you exclude it: those you lead "
     "yourself then, until you give them to another."},
    {"an agency stands in", NOTICE_ASSIGNED, "xa", "tinh", fill_stood_in,
     "xa stands in for so from 2024-06-21 to 2024-06-28: what is told to it comes to both, and what is done in its "
     "name "
     "says who did it."},
    {"an agency stands in no more", NOTICE_REMOVED, "xa", "tinh", fill_not_stood_in,
     "Nobody stands in for so any more."},
    {"amended", NOTICE_AMENDED, "so", "tinh", fill_amended, "tinh amended HT-1: title, due 2024-06-28, no reporting."},
    {"moved with its document", NOTICE_AMENDED, "so", NULL, fill_moved_with_document,
     "HT-1 comes from 12-KL/TU no more but from 15-KL/TU, which replaces it."},
    {"cancelled", NOTICE_CANCELLED, "so", "tinh", fill_cancelled, "tinh cancelled HT-1."},
    {"ended with its document", NOTICE_CANCELLED, "so", "tinh", fill_ended_with_document,
     "HT-1 ends with 12-KL/TU, which 15-KL/TU replaces."},
    {"a schedule made nothing", NOTICE_CANCELLED, "tinh", NULL, fill_not_made,
     "BC-tuan/2024-W25 could not be made: xa has ended, and nobody has taken its place."},
    {"commented", NOTICE_COMMENTED, "so", "tinh", fill_commented, "tinh commented on HT-1."},
    {"to accept soon", NOTICE_REMINDER, "so", NULL, fill_accept_soon,
     "so is to accept HT-1 by 2024-06-21, in 1 working day."},
    {"due soon", NOTICE_REMINDER, "so", NULL, fill_finish, "HT-1 is due by 2024-06-28, in 6 working days."},
    {"to answer soon", NOTICE_REMINDER, "so", NULL, fill_answer_soon,
     "so is to answer HT-1 by 2024-06-28, in 6 working days."},
    {"to report soon", NOTICE_REMINDER, "so", NULL, fill_report_soon,
     "so is to report on HT-1 by 2024-06-21, in 1 working day."},
    {"to report a value soon", NOTICE_REMINDER, "so", NULL, fill_value_soon,
     "so is to report on HT-1 by 2024-06-21, in 1 working day."},
    {"to decide soon", NOTICE_REMINDER, "tinh", NULL, fill_decide_soon,
     "tinh is to decide what so asks about HT-1 by 2024-06-21, in 1 working day."},
    {"not accepted", NOTICE_OVERDUE, "so", NULL, fill_accept_late,
     "so was to accept HT-1 by 2024-06-19, 1 working day ago."},
    {"overdue", NOTICE_OVERDUE, "so", NULL, fill_finish_late, "HT-1 was due by 2024-06-18, 2 working days ago."},
    {"not answered", NOTICE_OVERDUE, "so", NULL, fill_answer_late,
     "so was to answer HT-1 by 2024-06-18, 2 working days ago."},
    {"a period ended without its report", NOTICE_OVERDUE, "so", NULL, fill_report_ended,
     "so did not report on HT-1 by 2024-06-19; the next report is owed by 2024-06-26."},
    {"not reported", NOTICE_OVERDUE, "so", NULL, fill_report_late,
     "so was to report on HT-1 by 2024-06-19, 1 working day ago."},
    {"a period ended without its value", NOTICE_OVERDUE, "so", NULL, fill_value_ended,
     "so did not report the value of 2024-W24 of HT-1 by 2024-06-19; the next report is owed by 2024-06-26."},
    {"a value was not reported", NOTICE_OVERDUE, "so", NULL, fill_value_late,
     "so was to report on HT-1 by 2024-06-19, 1 working day ago."},
    {"not decided", NOTICE_OVERDUE, "tinh", NULL, fill_decide_late,
     "tinh was to decide what so asks about HT-1 by 2024-06-19, 1 working day ago."},
    {"no opinion came", NOTICE_OVERDUE, "so", NULL, fill_unanswered,
     "No opinion on HT-1, asked for by 2024-06-19, came from so-tc, so-xd: the lead may go on without."},
    {"escalated by hand, to one that acknowledges", NOTICE_ESCALATED, "tinh", "so", fill_escalated,
     "so escalated HT-1 at level 2."},
    {"escalated by hand, to one that is told of it", NOTICE_ESCALATED, "huyen", "so", fill_escalated,
     "so escalated HT-1 at level 2."},
    {"escalated as overdue, to one that acknowledges", NOTICE_ESCALATED, "huyen", NULL, fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to the lead", NOTICE_ESCALATED, "so", NULL, fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who holds it up", NOTICE_ESCALATED, "xa", NULL, fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for one that acknowledges", NOTICE_ESCALATED, "so-tc for huyen", NULL,
     fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for the lead", NOTICE_ESCALATED, "so-tc for so", NULL, fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to the lead, which stands in for one that acknowledges", NOTICE_ESCALATED, "so for huyen",
     NULL, fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for the lead and one that acknowledges", NOTICE_ESCALATED,
     "so-tc for huyen so", NULL, fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for who holds it up", NOTICE_ESCALATED, "so-tc for xa", NULL,
     fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for nobody knows whom", NOTICE_ESCALATED, "so-tc for", NULL,
     fill_escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as undecided", NOTICE_ESCALATED, "huyen", NULL, fill_escalated_undecided,
     "tinh was to decide what so asks about HT-1 by 2024-06-19, 1 working day ago. Escalated at level 1."},
    {"escalated as a value is missing", NOTICE_ESCALATED, "huyen", NULL, fill_escalated_value,
     "so was to report on HT-1 by 2024-06-19, 1 working day ago. Escalated at level 1."},
    {"passed on too often", NOTICE_ESCALATED, "huyen", NULL, fill_bounced,
     "HT-1 was passed on 4 times, and 3 is the most: xa, xb, xc, so."},
    {"acknowledged", NOTICE_ACKNOWLEDGED, "so", "tinh", fill_acknowledged,
     "tinh acknowledged an escalation of HT-1 at level 2."},
    {"restored", NOTICE_RESTORED, "so", NULL, fill_restored,
     "The store was restored from a backup that ends with record 900: what came after it there is not here."},
    {"an administrator's key", NOTICE_ADMINISTRATOR, "so", NULL, fill_administrator,
     "tinh was given a key that administers, on the broker's own machine."},
    {"a calendar moved dates", NOTICE_DUE_MOVED, "so", NULL, fill_due_moved,
     "The dates of HT-1 moved: the calendar default has changed."},
    {"a calendar moved a question's date", NOTICE_DUE_MOVED, "so-tc", NULL, fill_question_moved,
     "Opinions on HT-1 are owed by 2024-06-24 now, which was 2024-06-21: the calendar has changed, and 2wd were "
     "counted anew."},
    {"removed", NOTICE_REMOVED, "xa", "tinh", fill_removed, "tinh took this agency off HT-1."},
    {"removed, to who stands in", NOTICE_REMOVED, "so-tc for xa", "tinh", fill_removed,
     "tinh took this agency off HT-1."},
    {"asked", NOTICE_ASKED, "tinh", "so", fill_asked, "so asks about HT-1: extension, due 2024-07-31."},
    {"handed on", NOTICE_ASKED, "tinh", NULL, fill_handed_on,
     "tinh is to decide now what so asks about HT-1 (extension): huyen has ended."},
    {"granted", NOTICE_GRANTED, "so", "tinh", fill_granted,
     "tinh granted what the lead asked about HT-1: extension, due 2024-07-15."},
    {"denied", NOTICE_DENIED, "so", "tinh", fill_denied,
     "tinh denied what the lead asked about HT-1: extension, due 2024-07-31."},
    {"undecided", NOTICE_DENIED, "so", NULL, fill_undecided,
     "The request of so about HT-1 (extension) ends undecided: tinh has ended, and nobody is above it."},
    {"taken back", NOTICE_TAKEN_BACK, "tinh", "so", fill_taken_back,
     "so took back what it had asked about HT-1: extension, due 2024-07-31."},
    {"a question was taken back", NOTICE_TAKEN_BACK, "so-tc", "so", fill_recalled,
     "so took back a question about HT-1."},
    {"an opinion is owed no more", NOTICE_TAKEN_BACK, "so", NULL, fill_not_owed,
     "No opinion on HT-1 is owed any more by so-tc, which may give none."},
    {"an opinion is owed no more, to who owed it", NOTICE_TAKEN_BACK, "so-tc", NULL, fill_not_owed,
     "No opinion on HT-1 is owed any more by so-tc, which may give none."},
    {"an opinion is owed no more, to who stands in for who owed it", NOTICE_TAKEN_BACK, "xa for so-tc", NULL,
     fill_not_owed, "No opinion on HT-1 is owed any more by so-tc, which may give none."},
    {"answered", NOTICE_ANSWERED, "xa", "so", fill_answered, "so answered HT-1: passed_on to huyen."},
    {"a hot spot", NOTICE_HOT_SPOT, "tinh", NULL, fill_hot_spot,
     "3 tasks of the area land led by huyen or under it are overdue or escalated without an acknowledgement: by the "
     "rule "
     "`dat-dai` 3 make a hot spot."},
    {"a hot spot no more", NOTICE_HOT_SPOT_CLEARED, "tinh", NULL, fill_hot_spot_cleared,
     "2 tasks of the area land led by huyen or under it are overdue or escalated without an acknowledgement: by the "
     "rule "
     "`dat-dai` 3 make a hot spot, which it is no more."},
    {"its rule was changed", NOTICE_HOT_SPOT_CLEARED, "tinh", "ubt", fill_rule_changed,
     "ubt has changed the rule `dat-dai`, by which there was a hot spot."},
    {"its rule was removed", NOTICE_HOT_SPOT_CLEARED, "tinh", "ubt", fill_rule_removed,
     "ubt has removed the rule `dat-dai`, by which there was a hot spot."},
    {"consulted", NOTICE_CONSULTED, "so-tc", "so", fill_consulted,
     "so asks for opinions on HT-1 by 2024-06-21 from so-tc, so-xd."},
    {"opined", NOTICE_OPINED, "so", "so-tc", fill_opined, "so-tc gave its opinion on HT-1: agreed_in_part."},
};
const size_t sample_count = sizeof samples / sizeof *samples;

/* Of "a for b c" the first; of the rest, NULL without one, a new array. */
static json_t *split_told(const char *to, char agency[65])
{
    const char *at = strstr(to, " for");
    snprintf(agency, 65, "%.*s", (int)(at ? (size_t)(at - to) : strlen(to)), to);
    json_t *names = at ? json_array() : NULL;
    for (at = at ? at + strlen(" for") : ""; *at; at += strcspn(at, " "))
        if (*at == ' ' && *++at)
            json_array_append_new(names, json_stringn(at, strcspn(at, " ")));
    return names;
}

json_t *sample_kept(const struct sample *sample)
{
    struct msg_record record = {0};
    struct msg_task task = {0};
    char agency[65];
    json_t *stood = split_told(sample->to, agency);
    MSG_SET(&record, record, seq, 9);
    MSG_SET(&record, record, time, at(MORNING));
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, task, 7);
    MSG_SET(&record, record, reference, TEXT("HT-1"));
    MSG_SET(&record, record, title, TEXT("Rà soát quỹ đất"));
    MSG_SET(&record, record, assigner, TEXT("tinh"));
    MSG_SET(&record, record, lead, TEXT("so"));
    MSG_SET(&record, record, state, STATE_IN_PROGRESS);
    MSG_SET(&record, record, due, fill_end_of("2024-06-28"));
    MSG_SET(&record, record, due_day, TEXT("2024-06-28"));
    MSG_SET(&record, record, notice, sample->notice);
    MSG_SET(&record, record, severity, words_severity(sample->notice));
    MSG_SET(&record, record, reason, text_of(sample->reason));
    MSG_SET(&record, record, to, fill_names(agency, NULL));
    if (sample->actor)
        MSG_SET(&record, record, actor, text_of(sample->actor));
    MSG_SET(&task, task, area, TEXT("land"));
    sample->fill(&record, &task);
    json_t *of_record = record_json(&record), *of_task = MSG_HAS(&record, record, task) ? task_json(&task) : NULL;
    json_t *object = notification_json(of_record, of_task, agency, stood, json_array());
    json_decref(of_record);
    json_decref(of_task);
    return object;
}
