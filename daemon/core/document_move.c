#include "core/document_move.h"

#include "core/actions.h"
#include "core/agency.h"
#include "core/asks.h"
#include "core/cites.h"
#include "core/cost.h"
#include "core/custody.h"
#include "core/document.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/effects.h"
#include "core/notice.h"
#include "core/pack.h"
#include "core/record.h"
#include "core/round.h"
#include "core/scratch.h"
#include "core/standing.h"

#define PARAGRAPHS_MAX 16  /* of a task: messages.def.h has it */
#define PASS_COST      4   /* one that stays is found, and who gave it */
#define MOVE_COST      100 /* a task is found, and its rungs and hot spots are looked at anew, beside its record */

bool document_move_pending(const struct core *core)
{
    return cites_to_move(core, 0) != NONE;
}

/* Of one document, to those of others. */
static uint64_t add_moves(const struct core *core, uint32_t number, uint64_t tasks, uint32_t *looked)
{
    const struct document *document = document_at(core, number);
    uint64_t task = 0;
    while (tasks < DOCUMENT_MOVES_EACH && (task = cites_next_to_move(core, number, task)) != UINT64_MAX)
        tasks += ++*looked > DOCUMENT_MOVES_LOOKED || document_takes(core, document, core_task(core, task));
    return tasks;
}

uint64_t document_moves_of(const struct core *core, uint32_t agency, int64_t now_ms, uint32_t *looked)
{
    uint64_t tasks = 0;
    *looked = 0;
    for (uint32_t i = cites_to_move(core, 0); i != NONE && tasks < DOCUMENT_MOVES_EACH;
         i = cites_to_move(core, i + 1), ++*looked)
        if (document_is_of(core, document_at(core, i), agency, now_ms))
            tasks = add_moves(core, i, tasks, looked);
    return tasks;
}

/* ---- which paragraphs ---- */

struct text document_moved(const struct msg_document *document, struct text paragraph)
{
    for (uint32_t i = 0; i < document->moves.count; i++)
        if (text_equal(document->moves.items[i].from, paragraph))
            return document->moves.items[i].to;
    return paragraph;
}

static bool is_among(const struct text *list, uint32_t count, struct text text)
{
    for (uint32_t i = 0; i < count; i++)
        if (text_equal(list[i], text))
            return true;
    return false;
}

/* Whether they are others than before: two may have become one, and one that is gone is cited no more. */
static bool move_paragraphs(const struct msg_document *document, const struct task *task, struct text *list,
                            struct texts *paragraphs)
{
    uint32_t at = 0, count = 0;
    int tag;
    struct text value;
    bool is_new = false;
    while (pack_next(task->pack, &at, &tag, &value) && tag <= PACK_PARAGRAPHS) {
        if (tag != PACK_PARAGRAPHS || count == PARAGRAPHS_MAX)
            continue;
        const struct text to = document_moved(document, value);
        is_new |= !text_equal(to, value);
        if (to.size > 0 && !is_among(list, count, to))
            list[count++] = to;
    }
    *paragraphs = (struct texts){list, count};
    return is_new;
}

/* ---- telling ---- */

/* Two numbers of 256 bytes may leave no room for all of it: then the record has them. */
static struct text reason_of(struct core *core, const struct task *task, const struct msg_document *document, bool ends)
{
    struct arena *arena = &core->scratch->arena;
    const struct text reference = task_reference(task);
    const struct text whole = arena_printf(arena,
                                           ends ? "%.*s ends with %.*s, which %.*s replaces."
                                                : "%.*s comes from %.*s no more but from %.*s, which replaces it.",
                                           TEXT_ARGS(reference), TEXT_ARGS(document->document),
                                           TEXT_ARGS(document->replaced_by));
    return whole.size <= REASON_MAX ? whole
                                    : arena_printf(arena, "%.*s %s: the document that it comes from was replaced.",
                                                   TEXT_ARGS(reference), ends ? "ends" : "comes from another document");
}

static void tell(struct core *core, const struct task *task, int64_t now_ms, struct msg_record *record,
                 struct recipients *told, struct effects *effects)
{
    const struct action_row *row = action_row(record->action);
    recipients_add_roles(core, told, task, row->told, NONE, now_ms);
    MSG_SET(record, record, notice, row->notice);
    MSG_SET(record, record, severity, row->severity);
    MSG_SET(record, record, to, recipients_texts(core, told));
    custody_tell(core, task, now_ms, record);
    record_emit(core, now_ms, record, effects);
    record_apply(core, record);
}

/* ---- one task ---- */

static void begin(struct core *core, const struct task *task, int action, int state, int64_t now_ms,
                  struct msg_record *record, char day[DATE_TEXT])
{
    arena_clear(&core->scratch->arena);
    record_begin_task(core, task, now_ms, RECORD_TASK, record, day);
    MSG_SET(record, record, action, action);
    MSG_SET(record, record, version, task->version + 1);
    MSG_SET(record, record, state, state);
}

static void take_along(struct core *core, const struct task *task, const struct msg_document *document, int64_t now_ms,
                       struct effects *effects)
{
    struct msg_record record;
    struct recipients told;
    struct text list[PARAGRAPHS_MAX];
    struct texts paragraphs;
    char day[DATE_TEXT];
    told.count = 0;
    begin(core, task, ACTION_AMEND, task->state, now_ms, &record, day);
    MSG_SET(&record.content, content, document, document->replaced_by);
    if (move_paragraphs(document, task, list, &paragraphs))
        MSG_SET(&record.content, content, paragraphs, paragraphs);
    MSG_MARK(&record, record, content);
    MSG_SET(&record, record, reason, reason_of(core, task, document, false));
    tell(core, task, now_ms, &record, &told, effects);
}

/* What the lead has asked for ends with the task, and whoever was to decide it is told. */
static void settle(const struct core *core, const struct task *task, int64_t now_ms, struct msg_record *record,
                   uint64_t settled[TASK_ASKS_MAX], struct round_end *ended, struct recipients *told)
{
    uint32_t count = 0;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        const struct msg_asked *asked = task->rare->asks->items[i];
        if (!asks_is_open(asked))
            continue;
        settled[count++] = asked->ask;
        recipients_add(core, told, standing_on(core, task, core_agency_find(core, asked->by), now_ms), NONE, now_ms);
        recipients_add(core, told, standing_on(core, task, asks_decider(core, asked), now_ms), NONE, now_ms);
    }
    if (count == 0)
        return;
    MSG_SET(record, record, ended, ((struct u64s){settled, count}));
    MSG_SET(record, record, rounds, TERM_BIT(DEADLINE_DECISION));
    round_end(core, task, record->rounds, NONE, now_ms, record, ended, told);
}

/* As its assigner would cancel it, who said so when the document was replaced. */
static void end(struct core *core, const struct task *task, const struct document *document, int64_t now_ms,
                struct effects *effects)
{
    struct msg_record record;
    struct recipients told;
    struct round_end ended;
    uint64_t settled[TASK_ASKS_MAX];
    char day[DATE_TEXT];
    told.count = 0;
    begin(core, task, ACTION_CANCEL, STATE_CANCELLED, now_ms, &record, day);
    MSG_SET(&record, record, actor, core_agency_id(core, agency_effective(core, document->issuer, now_ms)));
    due_set_report(&record, 0, 0, (struct report_end){TIME_NONE, 0});
    MSG_SET(&record, record, note, document->message->note);
    MSG_SET(&record, record, role, ROLE_ASSIGNER);
    MSG_SET(&record, record, reason, reason_of(core, task, document->message, true));
    settle(core, task, now_ms, &record, settled, &ended, &told);
    tell(core, task, now_ms, &record, &told, effects);
}

/* Ids that are compared to find what becomes of its paragraphs, and whether it ends. */
static uint64_t compared(const struct msg_document *message)
{
    return PARAGRAPHS_MAX * ((uint64_t)message->moves.count + PARAGRAPHS_MAX) + message->ends.count;
}

/* One that was replaced before their numbers were kept has their references alone. */
static bool is_named(const struct msg_document *message, const struct task *task)
{
    for (uint32_t i = 0; i < message->end_tasks.count; i++)
        if (message->end_tasks.items[i] == task->number)
            return true;
    return !MSG_HAS(message, document, end_tasks) &&
           is_among(message->ends.items, message->ends.count, task_reference(task));
}

static bool ends_with(const struct core *core, const struct task *task, const struct document *document, int64_t now_ms)
{
    return is_named(document->message, task) &&
           document_is_of(core, document, agency_effective(core, task->assigner, now_ms), now_ms);
}

static void move(struct core *core, const struct task *task, const struct document *document, int64_t now_ms,
                 struct effects *effects)
{
    const struct effects_mark began = effects_here(effects);
    const uint32_t issuer = agency_effective(core, document->issuer, now_ms);
    cost_add(effects, MOVE_COST + compared(document->message) / DOCUMENT_TEXT_LOOKS);
    if (ends_with(core, task, document, now_ms))
        end(core, task, document, now_ms, effects);
    else
        take_along(core, task, document->message, now_ms, effects);
    effects_charge(effects, began, issuer);
}

bool document_move_task(struct core *core, const struct task *task, int64_t now_ms, struct effects *effects)
{
    if (!document_move_pending(core) || !state_is_open(task->state))
        return false;
    const uint32_t number = document_find(core, pack_text(task->pack, PACK_DOCUMENT));
    if (number == NONE || !document_takes_along(document_at(core, number)->message) ||
        !document_takes(core, document_at(core, number), task))
        return false;
    move(core, task, document_at(core, number), now_ms, effects);
    return true;
}

void document_move_step(struct core *core, int64_t now_ms, uint64_t until, struct effects *effects)
{
    uint32_t number;
    while (effects->cost < until && (number = cites_take_turn(core)) != NONE) {
        const struct document *document = document_at(core, number);
        const struct task *task = core_task(core, cites_first_to_move(core, number));
        if (document_takes(core, document, task)) {
            move(core, task, document, now_ms, effects);
            continue;
        }
        cites_pass(core, number, task->number);
        cost_add(effects, PASS_COST);
    }
}
