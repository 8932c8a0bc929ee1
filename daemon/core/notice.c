#include "core/notice.h"

#include <string.h>

#include "core/actions.h"
#include "core/agency.h"
#include "core/asks.h"
#include "core/authority.h"
#include "core/decider.h"
#include "core/figure.h"
#include "core/questions.h"
#include "core/standing.h"

/* ---- gathering ---- */

void recipients_add_itself(struct recipients *recipients, uint32_t agency, uint32_t except)
{
    if (agency == except || recipients->count == AUDIENCE_MAX)
        return;
    for (uint32_t i = 0; i < recipients->count; i++)
        if (recipients->agencies[i] == agency)
            return;
    recipients->agencies[recipients->count++] = agency;
}

void recipients_add(const struct core *core, struct recipients *recipients, uint32_t agency, uint32_t except,
                    int64_t now_ms)
{
    recipients_add_itself(recipients, agency_effective(core, agency, now_ms), except);
}

/* Who has what was given to one on a task. */
static void add_on(const struct core *core, struct recipients *recipients, const struct task *task, uint32_t agency,
                   uint32_t except, int64_t now_ms)
{
    recipients_add(core, recipients, standing_on(core, task, agency, now_ms), except, now_ms);
}

static void add_list(const struct core *core, struct recipients *recipients, const struct task *task,
                     const uint32_t *agencies, uint32_t count, uint32_t except, int64_t now_ms)
{
    for (uint32_t i = 0; i < count; i++)
        add_on(core, recipients, task, agencies[i], except, now_ms);
}

void recipients_add_addressed(const struct core *core, struct recipients *recipients, const struct task *task,
                              const struct escalation *escalation, uint32_t except, int64_t now_ms)
{
    for (uint32_t i = 0; i < escalation->to_count; i++)
        if (!authority_is_excluded(core, task, standing_on(core, task, escalation->to[i], now_ms), now_ms))
            add_on(core, recipients, task, escalation->to[i], except, now_ms);
}

static void add_escalated(const struct core *core, struct recipients *recipients, const struct task *task,
                          uint32_t except, int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        if (escalation_is_open(escalation))
            recipients_add_addressed(core, recipients, task, escalation, except, now_ms);
    }
}

/* Who stands above another, if anybody does. */
static void add_superior(const struct core *core, struct recipients *recipients, uint32_t superior, uint32_t except,
                         int64_t now_ms)
{
    if (superior != NONE)
        recipients_add(core, recipients, superior, except, now_ms);
}

static void add_deciders(const struct core *core, struct recipients *recipients, const struct task *task,
                         uint32_t except, int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (asks_is_open(task->rare->asks->items[i]))
            add_on(core, recipients, task, asks_decider(core, task->rare->asks->items[i]), except, now_ms);
}

static void add_consulted(const struct core *core, struct recipients *recipients, const struct task *task,
                          uint32_t except, int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        const struct msg_opinion *opinion = task->rare->questions->opinions[i];
        const uint32_t owes = questions_owes(core, opinion, now_ms);
        if (opinion_is_owed(opinion) && decider_may(core, task, owes, now_ms))
            recipients_add(core, recipients, owes, except, now_ms);
    }
}

static void add_role(const struct core *core, struct recipients *recipients, const struct task *task, int role,
                     uint32_t except, int64_t now_ms)
{
    uint32_t list[TASK_AGENCIES_MAX];
    switch ((enum role)role) {
    case ROLE_ASSIGNER:
        recipients_add(core, recipients, task->assigner, except, now_ms);
        break;
    case ROLE_LEAD:
        add_on(core, recipients, task, task->lead, except, now_ms);
        break;
    case ROLE_COOPERATING:
        add_list(core, recipients, task, list, task_cooperating(task, list), except, now_ms);
        break;
    case ROLE_SUPERVISOR:
        if (task->supervisor != NONE)
            add_on(core, recipients, task, task->supervisor, except, now_ms);
        break;
    case ROLE_OBSERVER:
        add_list(core, recipients, task, list, task_observers(task, list), except, now_ms);
        break;
    case ROLE_LEAD_SUPERIOR:
        add_superior(core, recipients, agency_superior(core, standing_on(core, task, task->lead, now_ms), now_ms),
                     except, now_ms);
        break;
    case ROLE_DECIDER:
        add_deciders(core, recipients, task, except, now_ms);
        break;
    case ROLE_DECIDER_SUPERIOR:
        add_superior(core, recipients, decider_superior(core, task, now_ms), except, now_ms);
        break;
    case ROLE_CONSULTED:
        add_consulted(core, recipients, task, except, now_ms);
        break;
    case ROLE_ESCALATED:
        add_escalated(core, recipients, task, except, now_ms);
        break;
    case ROLE_NONE:
        break;
    }
}

void recipients_add_roles(const struct core *core, struct recipients *recipients, const struct task *task,
                          uint32_t roles, uint32_t except, int64_t now_ms)
{
    for (uint32_t left = roles; left; left &= left - 1)
        add_role(core, recipients, task, __builtin_ctz(left), except, now_ms);
}

void recipients_keep_readers(const struct core *core, struct recipients *recipients, const struct task *task,
                             int64_t now_ms)
{
    uint32_t kept = 0;
    if (task->scope != SCOPE_RESTRICTED)
        return;
    for (uint32_t i = 0; i < recipients->count; i++)
        if (authority_may_read(core, task, recipients->agencies[i], now_ms))
            recipients->agencies[kept++] = recipients->agencies[i];
    recipients->count = kept;
}

struct texts recipients_texts(const struct core *core, struct recipients *recipients)
{
    for (uint32_t i = 0; i < recipients->count; i++)
        recipients->ids[i] = core->agencies[recipients->agencies[i]]->id;
    return (struct texts){recipients->ids, recipients->count};
}

static void add_audience(const struct core *core, const struct texts *ids, struct audience *audience)
{
    const uint32_t room = sizeof audience->agencies / sizeof audience->agencies[0];
    for (uint32_t i = 0; i < ids->count && audience->count < room; i++) {
        const uint32_t agency = core_agency_find(core, ids->items[i]);
        if (agency != NONE)
            audience->agencies[audience->count++] = agency;
    }
}

void notice_audience(const struct core *core, const struct msg_record *record, struct audience *audience)
{
    audience->count = 0;
    add_audience(core, &record->to, audience);
    audience->told = audience->count;
    add_audience(core, &record->stand_ins, audience);
    audience->notice = record->notice;
    audience->severity = record->severity;
    audience->restricted = MSG_HAS(record, record, scope) && record->scope == SCOPE_RESTRICTED;
    audience->task = record->record == RECORD_REMOVED ? 0 : record->task;
}

/* ---- why ---- */

#define SAID_ASKED 3 /* ids of 64 bytes, beside one more, a reference of 128, a day and words: 430 of REASON_MAX */

/* Put together by hand: printf took a tenth of a step. */
struct sentence {
    char *data;
    uint32_t size;
};
static void say_text(struct sentence *sentence, struct text text)
{
    const uint32_t left = REASON_MAX - sentence->size, size = text.size < left ? text.size : left;
    if (size > 0)
        memcpy(sentence->data + sentence->size, text.data, size);
    sentence->size += size;
}

static void say(struct sentence *sentence, const char *words)
{
    say_text(sentence, text_of(words));
}

static void say_number(struct sentence *sentence, uint64_t number)
{
    char digits[20];
    uint32_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    say_text(sentence, (struct text){digits + at, (uint32_t)sizeof digits - at});
}

/* What an amendment changed, by the fields' names; of the due date the day is at hand. */
static void say_changes(struct sentence *sentence, const struct msg_record *record)
{
    const struct msg_content *content = &record->content;
    const char *between = ": ";
    for (uint16_t i = 0; i < message_content.count; i++) {
        if (!(content->has >> i & 1))
            continue;
        say(sentence, between);
        say(sentence, message_content.fields[i].name);
        between = ", ";
        if (i != MSG_FIELD(content, due) || !MSG_HAS(record, record, due_day))
            continue;
        say(sentence, " ");
        say_text(sentence, record->due_day);
    }
    for (uint32_t left = record->cleared; left; left &= left - 1) {
        say(sentence, between);
        say(sentence, "no ");
        say(sentence, term_name(&vocabulary_clearable, __builtin_ctz(left)));
        between = ", ";
    }
}

static void say_after(struct sentence *sentence, const char *words, struct text text)
{
    if (text.size == 0)
        return;
    say(sentence, words);
    say_text(sentence, text);
}

/* What was granted, or else what is wanted. */
static void say_asked(struct sentence *sentence, const struct msg_asked *asked)
{
    const struct msg_wish *wish = MSG_HAS(asked, asked, granted) ? &asked->granted : &asked->wanted;
    say(sentence, ": ");
    say(sentence, term_name(&vocabulary_asking, asked->asking));
    say_after(sentence, " to ", wish->lead);
    say_after(sentence, ", due ", wish->due_day);
    say_after(sentence, " until ", wish->until_day);
}

/* Whom it is put to, as far as they find room: the record has them all. */
static void say_question(struct sentence *sentence, const struct msg_record *record)
{
    say_after(sentence, " by ", record->question.due_day);
    for (uint32_t i = 0; i < record->opinions.count && i < SAID_ASKED; i++)
        say_after(sentence, i ? ", " : " from ", record->opinions.items[i].agency);
    if (record->opinions.count > SAID_ASKED) {
        say(sentence, " and ");
        say_number(sentence, record->opinions.count - SAID_ASKED);
        say(sentence, " more");
    }
}

/* A new date, by an amendment or a grant. */
static bool names_due(const struct msg_record *record)
{
    return MSG_HAS(record, record, due) &&
           ((record->action == ACTION_AMEND && MSG_HAS(&record->content, content, due)) ||
            (record->action == ACTION_GRANT && MSG_HAS(&record->asked.granted, wish, due)));
}

/* ": 7.75 in 2024-W24, which was 9" */
static void say_measured(struct sentence *sentence, const struct msg_measured *measured)
{
    char number[FIGURE_TEXT];
    int64_t figure;
    if (!figure_read(measured->value, &figure))
        return;
    figure_text(figure, number);
    say(sentence, ": ");
    say(sentence, number);
    say_after(sentence, " in ", measured->period);
    if (!MSG_HAS(measured, measured, was) || !figure_read(measured->was, &figure))
        return;
    figure_text(figure, number);
    say(sentence, ", which was ");
    say(sentence, number);
}

struct text notice_reason(char room[REASON_MAX], const struct msg_record *record)
{
    const struct action_row *action = action_row(record->action);
    struct sentence sentence = {.data = room};
    if (MSG_HAS(record, record, scheduled)) {
        say(&sentence, "A schedule of ");
        say_text(&sentence, record->assigner);
    }
    say_text(&sentence, record->actor);
    say(&sentence, action->before);
    say_text(&sentence, record->reference);
    say(&sentence, action->after);
    if (action->adds & SAY_LEAD) {
        say(&sentence, " ");
        say_text(&sentence, record->lead);
    }
    if ((action->adds & SAY_DUE) && MSG_HAS(record, record, due_day)) {
        say(&sentence, ", due ");
        say_text(&sentence, record->due_day);
    }
    if (action->adds & SAY_CHANGES)
        say_changes(&sentence, record);
    if ((action->adds & SAY_PERCENT) && MSG_HAS(record, record, percent)) {
        say(&sentence, " at ");
        say_number(&sentence, record->percent);
        say(&sentence, " %");
    }
    if (MSG_HAS(record, record, measured))
        say_measured(&sentence, &record->measured);
    if (MSG_HAS(record, record, open_parts)) {
        say(&sentence, ", over ");
        say_number(&sentence, record->open_parts);
        say(&sentence, record->open_parts == 1 ? " open part" : " open parts");
    }
    if (action->adds & SAY_ASKED)
        say_asked(&sentence, &record->asked);
    if (action->adds & SAY_QUESTION)
        say_question(&sentence, record);
    if (action->adds & SAY_ANSWER) {
        say(&sentence, ": ");
        say(&sentence, term_name(&vocabulary_answering, record->answer));
        say_after(&sentence, " to ", record->passed_to);
    }
    if (action->adds & SAY_LEVEL) {
        say(&sentence, " at level ");
        say_number(&sentence, record->level);
    }
    if (names_due(record) && record->state == STATE_SUSPENDED)
        say(&sentence, ", which moves on while the task is suspended");
    say(&sentence, ".");
    if (MSG_HAS(record, record, superseded))
        say(&sentence, record->action == ACTION_ACCEPT ? " What was escalated until then is met."
                       : record->rounds == TERM_BIT(DEADLINE_DECISION)
                           ? " What was escalated of the request is superseded."
                           : " What was escalated of the former date is superseded.");
    return (struct text){sentence.data, sentence.size};
}
