/* What people read of every notice, on every occasion: records as the broker makes them, through what the relay keeps of them, to the text in
 * both languages. All of it stands in notices.txt, to be read; after a change of words, `UPDATE=1 build/unit/relay/test_notices` writes it anew.
 */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../clients/relay/occasion.h"
#include "../../../clients/relay/words.h"
#include "given.h"
#include "notices.h"

#define EXPECTED "tests/unit/relay/notices.txt"

static void agency_name(void *user, const char *id, enum language language, char name[257])
{
    (void)user;
    snprintf(name, 257, "%s %s", language == LANGUAGE_EN ? "the" : "Cơ quan", id);
}

static void spell(const struct sample *sample, enum language language, struct buffer *subject, struct buffer *text)
{
    struct working_days days;
    struct notification item;
    json_t *object = sample_kept(sample);
    working_days_plain(&days);
    const struct words words = {.language = language,
                                .days = &days,
                                .agency = agency_name,
                                .web = "https://c.vn",
                                .link_secret = "k",
                                .person = "an",
                                .now = at(MORNING)};
    notification_view(&item, object);
    words_subject(&words, &item, 1, subject);
    words_text(&words, &item, 1, text);
    buffer_append(subject, "", 1);
    buffer_append(text, "", 1);
    json_decref(object);
}

/* ---- the claims ---- */

static char *expected(void)
{
    FILE *file = fopen(EXPECTED, "r");
    assert_non_null(file);
    char *text = calloc(1, 200000);
    assert_true(fread(text, 1, 199999, file) > 0);
    fclose(file);
    return text;
}

TEST(every_notice_reads_as_it_is_written_down_in_both_languages)
{
    struct buffer all = {0};
    for (size_t i = 0; i < sample_count; i++)
        for (int language = LANGUAGE_VI; language <= LANGUAGE_EN; language++) {
            struct buffer subject = {0}, text = {0};
            spell(&samples[i], (enum language)language, &subject, &text);
            buffer_printf(&all, "=== %s, %s: %s\n%s\n", samples[i].name, language == LANGUAGE_EN ? "en" : "vi",
                          subject.data, text.data);
            buffer_done(&subject);
            buffer_done(&text);
        }
    buffer_append(&all, "", 1);
    if (getenv("UPDATE")) {
        FILE *file = fopen(EXPECTED, "w");
        assert_non_null(file);
        fputs(all.data, file);
        fclose(file);
    }
    char *wanted = expected();
    assert_string_equal(all.data, wanted);
    free(wanted);
    buffer_done(&all);
}

/* A line that begins with this label. */
static bool has_line(const char *text, const char *label)
{
    char start[60];
    snprintf(start, sizeof start, "\n%s: ", label);
    return strstr(text, start) != NULL;
}

TEST(every_notice_says_what_whose_since_when_due_when_why_and_what_next)
{
    static const char *const labels[][2] = {
        {"Gửi tới", "For"}, {"Lúc", "At"}, {"Lý do", "Why"}, {"Việc cần làm", "What to do next"}};
    /* These two last, and what a mail says of when is since when. */
    static const char *const since[] = {"Từ lúc", "Since"};
    for (size_t i = 0; i < sample_count; i++)
        for (int language = LANGUAGE_VI; language <= LANGUAGE_EN; language++) {
            struct buffer subject = {0}, text = {0};
            const bool of_task = samples[i].notice != NOTICE_RESTORED;
            const bool lasts = samples[i].notice == NOTICE_SUSPENDED || samples[i].notice == NOTICE_HOT_SPOT;
            spell(&samples[i], (enum language)language, &subject, &text);
            for (size_t j = 0; j < sizeof labels / sizeof *labels; j++) {
                const char *label = j == 1 && lasts ? since[language] : labels[j][language];
                if (!has_line(text.data, label))
                    fail_msg("%s has no line `%s`:\n%s", samples[i].name, label, text.data);
            }
            assert_null(strstr(text.data, "coordctl")); /* nobody is sent to a shell */
            /* What it is about: a task, a place, or an agency. Nothing is told by what was not filled in. */
            if (of_task && !strstr(subject.data, "[") && !strstr(subject.data, ": "))
                fail_msg("the subject of %s says not what it is about: %s", samples[i].name, subject.data);
            assert_null(strstr(text.data, "(null)"));
            assert_null(strstr(text.data, "%s"));
            buffer_done(&subject);
            buffer_done(&text);
        }
}

/* A date that it is about comes before the task's, and is never the task's. */
TEST(what_is_told_of_another_date_names_that_date)
{
    for (size_t i = 0; i < sample_count; i++) {
        struct buffer subject = {0}, text = {0};
        json_t *object = sample_kept(&samples[i]);
        const char *deadline = json_string_value(json_object_get(object, "deadline"));
        const bool of_another = json_object_get(object, "question") ||
                                (deadline && strcmp(deadline, "completion") != 0);
        spell(&samples[i], LANGUAGE_VI, &subject, &text);
        const char *own = strstr(text.data, "\nHạn "), *of_task = strstr(text.data, "\nThời hạn: ");
        if (of_another && (!own || !of_task || own > of_task))
            fail_msg("%s names not its date before the task's:\n%s", samples[i].name, text.data);
        json_decref(object);
        buffer_done(&subject);
        buffer_done(&text);
    }
}

TEST(every_notice_and_every_occasion_is_among_them)
{
    bool noticed[NOTICE_END] = {false}, occasions[64] = {false};
    for (size_t i = 0; i < sample_count; i++) {
        struct notification item;
        json_t *object = sample_kept(&samples[i]);
        notification_view(&item, object);
        noticed[item.notice] = true;
        occasions[occasion_of(&item)] = true;
        json_decref(object);
    }
    for (int notice = 1; notice < NOTICE_END; notice++)
        if (!noticed[notice])
            fail_msg("nothing here is told as %s", term_name(&vocabulary_notice, notice));
#define O(constant, ...)                                                                                               \
    if (!occasions[OCCASION_##constant])                                                                               \
        fail_msg("nothing here comes on the occasion %s", #constant);
    RELAY_OCCASIONS(O)
#undef O
}

/* A receiver may take all of a notification's fields: those of the task go to nobody who may not read it. */
TEST(who_may_not_read_the_task_is_told_what_the_record_says_and_no_more)
{
    static const char *const without[] = {"removed",
                                          "removed, to who stands in",
                                          "escalated as overdue, to who holds it up",
                                          "escalated as overdue, to who stands in for who holds it up",
                                          "escalated as overdue, to who stands in for nobody knows whom",
                                          "an opinion is owed no more, to who owed it",
                                          "an opinion is owed no more, to who stands in for who owed it"};
    size_t found = 0;
    for (size_t i = 0; i < sample_count; i++) {
        json_t *object = sample_kept(&samples[i]);
        bool is_without = false;
        for (size_t j = 0; j < sizeof without / sizeof *without; j++)
            is_without |= strcmp(samples[i].name, without[j]) == 0;
        found += is_without;
        if (json_object_get(object, "task") && is_without != !json_object_get(object, "area"))
            fail_msg("%s: %s", samples[i].name, is_without ? "the task is told" : "the task is not told");
        json_decref(object);
    }
    assert_int_equal(found, sizeof without / sizeof *without);
}

/* What the broker takes of whoever stands in: nothing in another's name of who leads the task, or stands in for its lead. */
TEST(who_stands_in_is_told_to_acknowledge_what_it_may)
{
    static const struct {
        const char *lead, *addressed, *agency, *stood;
        bool may;
    } table[] = {
        {"so", "huyen", "huyen", NULL, true},     {"so", "huyen", "so", NULL, false},
        {"so", "huyen", "xa", "huyen", true},     {"so", "huyen", "xa", "so", false},
        {"so", "huyen", "xa", "tinh", false},     {"so", "huyen", "so", "huyen", false},
        {"so", "huyen", "xa", "huyen,so", false}, {"so", "huyen", "xa", "tinh,huyen", true},
        {"so", "so", "xa", "so", true},           {"so", "huyen", "xa", "", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[300];
        snprintf(text, sizeof text, "{\"escalation\":5,\"lead\":\"%s\",\"addressed\":[\"%s\"]}", table[i].lead,
                 table[i].addressed);
        json_t *record = given_object(text), *names = table[i].stood ? json_array() : NULL;
        for (const char *at = table[i].stood; at && *at; at += strcspn(at, ","), at += *at == ',')
            json_array_append_new(names, json_stringn(at, strcspn(at, ",")));
        json_t *object = notification_json(record, NULL, table[i].agency, names, json_array());
        if (json_is_true(json_object_get(object, "acknowledges")) != table[i].may)
            fail_msg("row %zu: %s", i, table[i].may ? "it may" : "it may not");
        json_decref(object), json_decref(record);
    }
}

/* What a relay of before stored says less: its lines are left out, and nothing else goes wrong. */
TEST(what_an_older_relay_stored_is_told_still)
{
    static const char *const fields[] = {
        "record",   "action",  "question", "opinions",      "hot_spot", "hot_spot_rule", "scheduled", "acknowledges",
        "concerns", "changed", "waiting",  "with_document", "measured", "value_missing", "value_owed"};
    for (size_t i = 0; i < sample_count; i++) {
        struct notification item;
        struct working_days days;
        struct buffer text = {0};
        json_t *object = sample_kept(&samples[i]);
        for (size_t j = 0; j < sizeof fields / sizeof *fields; j++)
            json_object_del(object, fields[j]);
        notification_view(&item, object);
        working_days_plain(&days);
        words_text(&(struct words){.days = &days, .agency = agency_name, .person = "", .now = at(MORNING)}, &item, 1,
                   &text);
        buffer_append(&text, "", 1);
        assert_true(has_line(text.data, "Việc cần làm"));
        assert_null(strstr(text.data, "(null)"));
        json_decref(object);
        buffer_done(&text);
    }
}

TEST(every_field_that_an_amendment_changes_has_a_name_for_people)
{
    static const char *const named[] = {
#define C(name, vi, en) [MSG_FIELD(content, name)] = vi,
        RELAY_CONTENTS(C)
#undef C
    };
    assert_int_equal(sizeof named / sizeof *named, message_content.count);
    for (uint16_t i = 0; i < message_content.count; i++)
        if (!named[i])
            fail_msg("`%s` has no words in RELAY_CONTENTS", message_content.fields[i].name);
}
