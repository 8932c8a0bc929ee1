/* Every field of a task, by the tables: made with values of its type, shown, amended, cleared, and given back by rows and
 * by records. A field that is added to the tables is tested with no word here.
 */
#include <string.h>

#include "core/task_field.h"
#include "unit/core/ladder.h"
#include "unit/core/life.h"
#include "unit/core/world.h"
#include "unit/test.h"

static bool may_be_empty(const struct field *field)
{
    return (field->type == FIELD_TEXT || field->type == FIELD_TEXTS || field->type == FIELD_U64S ||
            field->type == FIELD_MESSAGES) &&
           field->min == 0;
}

/* ---- what is asked ---- */

TEST(every_field_of_a_content_is_shown_and_comes_back)
{
    struct life *life = life_new();
    struct msg_content first = life_make_content(life, 1), second = life_make_content(life, 2);
    life_assign_all(life, &first);
    life_assert_shows(life, &first);
    life_comes_back(life);
    life_amend(life, &second);
    life_assert_shows(life, &second);
    life_comes_back(life);
    life_free(life);
}

static void take_over(struct msg_content *into, const struct msg_content *from, unsigned bit)
{
    const struct field *field = &message_content.fields[bit];
    size_t size = bit + 1u < message_content.count ? message_content.fields[bit + 1].offset - (size_t)field->offset
                                                   : sizeof *into - field->offset;
    memcpy((char *)into + field->offset, (const char *)from + field->offset, size);
    into->has |= (msg_bits)1 << bit;
}

TEST(each_field_of_a_content_is_amended_alone)
{
    struct life *life = life_new();
    struct msg_content content = life_make_content(life, 1), second = life_make_content(life, 2);
    life_assign_all(life, &content);
    for (unsigned bit = 0; bit < message_content.count; bit++) {
        struct msg_content one = {0};
        if (life_is_of_targets(bit))
            continue;
        take_over(&one, &second, bit);
        take_over(&content, &second, bit);
        life_amend(life, &one);
        life_assert_shows(life, &content);
    }
    life_comes_back(life);
    life_free(life);
}

TEST(each_field_of_a_content_that_may_be_empty_is_cleared_alone)
{
    struct life *life = life_new();
    struct msg_content content = life_make_content(life, 1);
    unsigned cleared = 0;
    life_assign_all(life, &content);
    for (unsigned bit = 0; bit < message_content.count; bit++) {
        struct msg_content nothing = {0};
        if (!may_be_empty(&message_content.fields[bit]) || life_is_of_targets(bit))
            continue;
        nothing.has = (msg_bits)1 << bit;
        content.has &= ~nothing.has;
        if (bit == MSG_FIELD(content, document)) /* what is in it goes along */
            content.has &= ~MSG_BIT(content, paragraphs);
        life_amend(life, &nothing);
        life_assert_shows(life, &content);
        cleared++;
    }
    assert_in_range(cleared, 9, message_content.count);
    life_comes_back(life);
    life_free(life);
}

/* ---- what the lead says ---- */

static const struct task_field *progress_field(const struct field *field)
{
    for (const struct task_field *row = task_fields; row < task_fields + task_field_count; row++)
        if (row->rule == TASK_RULE_progress && strcmp(row->name, field->name) == 0)
            return row;
    return NULL;
}

static void report(struct life *life, const struct msg_progress *progress)
{
    struct msg_task task;
    if (world_send(life->world, "xa1", OP_REPORT, progress))
        fail_msg("%.*s: %.*s", TEXT_ARGS(life->world->refusal.field), TEXT_ARGS(life->world->refusal.message));
    task = life_shown(life->world->core, life->task, life->world->now, &life->maker.arena);
    for (unsigned bit = 0; bit < message_progress.count; bit++) {
        const struct field *field = &message_progress.fields[bit];
        const struct field *there = message_field(&message_task, field->name, field->name_size);
        if (progress_field(field) && progress->has >> bit & 1 &&
            !maker_same_field(&message_progress, progress, there, &task, (unsigned)(there - message_task.fields), bit))
            fail_msg("`%s` of the task is not what was reported", field->name);
    }
}

TEST(each_field_of_a_report_stays_until_another_says_it)
{
    struct life *life = life_new();
    struct msg_content content = life_make_content(life, 1);
    life_assign_all(life, &content);
    assert_int_equal(world_act(life->world, "xa1", OP_ACCEPT, life->task), 0);
    for (unsigned bit = 0; bit < message_progress.count; bit++) {
        struct msg_progress progress = {0};
        const struct task_field *row = progress_field(&message_progress.fields[bit]);
        if (!row)
            continue;
        life->maker.seed = 1;
        MSG_SET(&progress, progress, task, life->task);
        maker_make(&life->maker, &message_progress, bit, row->type, &progress);
        report(life, &progress);
        life_assert_shows(life, &content);
        life_comes_back(life);
    }
    struct msg_task task = life_shown(life->world->core, life->task, life->world->now, &life->maker.arena);
    assert_true(MSG_HAS(&task, task, percent) && MSG_HAS(&task, task, evidence_sha256));
    life_free(life);
}

/* ---- all that is shown ---- */

static void escalate(struct life *life)
{
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, life->task);
    MSG_SET(&escalate, escalate, note, TEXT("chậm"));
    assert_int_equal(world_send(life->world, "xa1", OP_ESCALATE, &escalate), 0);
}

static void pass_on(const struct life *life, const char *agency)
{
    struct msg_answer answer = {0};
    MSG_SET(&answer, answer, task, life->task);
    MSG_SET(&answer, answer, answer, ANSWERING_PASSED_ON);
    MSG_SET(&answer, answer, note, TEXT("chuyển sở"));
    MSG_SET(&answer, answer, to, TEXT("so1"));
    assert_int_equal(world_send(life->world, agency, OP_ANSWER, &answer), 0);
}

/* After that it is a whole. */
static void assign_part(const struct life *life)
{
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("PHAN-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&assign.content, content, parent, life->task);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(life->world, "huyen", OP_ASSIGN, &assign), 0);
}

/* A target with all that is of targets: measured, planned, reported once and then missed. */
static void give_target(struct life *life)
{
    struct text lead = TEXT("xa1");
    struct msg_planned plan[2] = {0};
    struct msg_assign assign = {0};
    struct msg_progress progress = {0};
    MSG_SET(&assign, assign, reference, TEXT("CT-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Tỷ lệ hồ sơ trễ hạn"));
    MSG_SET(&assign.content, content, kind, KIND_TARGET);
    MSG_SET(&assign.content, content, reporting, PERIOD_MONTHLY);
    MSG_SET(&assign.content.indicator, indicator, better, BETTER_LESS);
    MSG_SET(&assign.content.indicator, indicator, counting, COUNTING_LEVEL);
    MSG_SET(&assign.content.indicator, indicator, per, 100);
    MSG_MARK(&assign.content, content, indicator);
    for (int i = 0; i < 2; i++) {
        MSG_SET(&plan[i], planned, period, i ? TEXT("2024-07") : TEXT("2024-06"));
        MSG_SET(&plan[i], planned, value, 7.25 - i);
    }
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 2}));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(life->world, "huyen", OP_ASSIGN, &assign), 0);
    life->task = WORLD_REPLY(life->world, change_reply)->tasks.items[0].task;
    life_comes_back(life);
    assert_int_equal(world_act(life->world, "xa1", OP_ACCEPT, life->task), 0);
    MSG_SET(&progress, progress, task, life->task);
    MSG_SET(&progress, progress, numerator, 31);
    MSG_SET(&progress, progress, denominator, 400);
    assert_int_equal(world_send(life->world, "xa1", OP_REPORT, &progress), 0);
    life_comes_back(life);
    world_run_until(life->world, life->world->now + 70 * WORLD_DAY);
    life_comes_back(life);
    world_run_until(life->world, life->world->now + 450 * WORLD_DAY); /* more months than are named */
    life_comes_back(life);
}

TEST(every_field_of_a_task_is_shown_at_some_time_and_comes_back)
{
    static const struct {
        const char *agency;
        enum op op;
    } deeds[] = {{"xa1", OP_ACCEPT},  {"xa1", OP_CONSULT},  {"xa1", OP_ASK},    {"xa1", OP_REPORT},
                 {"huyen", OP_GRANT}, {"huyen", OP_RESUME}, {"xa1", OP_SUBMIT}, {"huyen", OP_REJECT},
                 {"xa2", OP_COMMENT}, {"xa1", OP_ANSWER}};
    struct text along = TEXT("xa2");
    uint64_t ask = 0;
    struct life *life = life_new();
    struct msg_content content = life_make_content(life, 1);
    struct msg_progress progress = {0};
    MSG_SET(&content, content, due, TEXT("20wd")); /* the same day, given as a count */
    MSG_SET(&content, content, cooperating, (struct texts){&along, 1});
    life_assign_all(life, &content);
    life_comes_back(life);
    ladder_reassign(life->world, life->task, "xa3"); /* and back again */
    life_comes_back(life);
    ladder_reassign(life->world, life->task, "xa1");
    world_run_until(life->world, ladder_at("2024-06-29", 12, 0));
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        if (deeds[i].op == OP_ASK)
            ask = world_ask(life->world, deeds[i].agency, life->task, ASKING_SUSPENSION, "2024-09-30");
        else if (deeds[i].op == OP_CONSULT)
            assert_true(world_consult(life->world, deeds[i].agency, life->task, "tinh", "5wd") > 0);
        else if (deeds[i].op == OP_ANSWER) {
            assign_part(life); /* what has ended gets none */
            life_comes_back(life);
            pass_on(life, deeds[i].agency);
        } else if (deeds[i].op == OP_GRANT)
            assert_int_equal(world_decide(life->world, deeds[i].agency, deeds[i].op, life->task, ask), 0);
        else
            assert_int_equal(world_act(life->world, deeds[i].agency, deeds[i].op, life->task), 0);
        life_comes_back(life);
        if (deeds[i].op != OP_REPORT)
            continue;
        escalate(life);
        for (unsigned bit = 0; bit < message_progress.count; bit++)
            if (progress_field(&message_progress.fields[bit]))
                maker_make(&life->maker, &message_progress, bit, progress_field(&message_progress.fields[bit])->type,
                           &progress);
        progress.evidence = progress.evidence_files.items[0].name; /* the one is the first of the several */
        progress.evidence_sha256 = progress.evidence_files.items[0].sha256;
        MSG_SET(&progress, progress, task, life->task);
        report(life, &progress);
        life_comes_back(life);
    }
    struct msg_agency_set set = agency_set("xa2", "huyen");
    MSG_SET(&set.agency, agency, valid_until, life->world->now);
    MSG_SET(&set.agency, agency, successor, TEXT("xa3"));
    assert_int_equal(world_send(life->world, "tinh", OP_AGENCY_SET, &set), 0);
    life_comes_back(life);
    give_target(life);
    for (unsigned bit = 0; bit < message_task.count; bit++)
        if (!(life->seen >> bit & 1))
            fail_msg("`%s` of the task was never shown", message_task.fields[bit].name);
    life_free(life);
}
