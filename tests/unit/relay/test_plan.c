/* The tree of routes, the address book and the hours, on a clock that the tests give. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"

static const char tree[] = "route:\n"
                           "  receiver: clerks\n"
                           "  group_by: [agency, task]\n"
                           "  group_wait: 30s\n"
                           "  group_interval: 5m\n"
                           "  routes:\n"
                           "    - match: {notice: escalated}\n"
                           "      receiver: leaders\n"
                           "      continue: true\n"
                           "      group_wait: 0s\n"
                           "    - match: {subtree: huyen, severity: warning}\n"
                           "      receiver: huyen\n"
                           "      routes:\n"
                           "        - match: {area: [land, forest]}\n"
                           "          receiver: land\n"
                           "          group_by: [area]\n"
                           "        - match: {tag: khẩn}\n"
                           "          receiver: urgent\n"
                           "    - match: {kind: [case], agency: [so, xa-1]}\n"
                           "      receiver: cases\n"
                           "      group_by: each\n"
                           "    - match: {agency: quiet}\n"
                           "      receiver: daytime\n"
                           "receivers:\n"
                           "  - {name: clerks, type: lines, file: '-'}\n"
                           "  - {name: leaders, type: lines, file: '-'}\n"
                           "  - {name: huyen, type: lines, file: '-'}\n"
                           "  - {name: land, type: lines, file: '-'}\n"
                           "  - {name: urgent, type: lines, file: '-'}\n"
                           "  - {name: cases, type: lines, file: '-'}\n"
                           "  - {name: daytime, type: lines, file: '-', hours: working}\n"
                           "  - {name: mail, type: mail, url: 'smtp://x', from: 'a@b', people: true}\n";

struct row {
    const char *notification; /* fields, without the braces */
    const char *now;
    const char *plans; /* "receiver group time", each with a semicolon behind it */
};

static const struct row rows[] = {
    /* The first route takes what no other does. */
    {"'agency':'so','notice':'assigned','severity':'notice','task':7", "2024-06-28T09:00",
     "clerks agency=so task=7 2024-06-28T09:00;"},
    /* `continue` goes on to the siblings; without it the first that matches is the last. */
    {"'agency':'so','notice':'escalated','severity':'critical','task':7", "2024-06-28T09:00",
     "leaders agency=so task=7 2024-06-28T09:00;"},
    {"'agency':'xa-1','above':['huyen','tinh'],'notice':'escalated','severity':'critical','task':7", "2024-06-28T09:00",
     "leaders agency=xa-1 task=7 2024-06-28T09:00;huyen agency=xa-1 task=7 2024-06-28T09:00;"},
    /* A subtree is the agency and all under it; severity is this and above. */
    {"'agency':'huyen','notice':'overdue','severity':'warning','task':7", "2024-06-28T09:00",
     "huyen agency=huyen task=7 2024-06-28T09:00;"},
    {"'agency':'huyen','notice':'reminder','severity':'notice','task':7", "2024-06-28T09:00",
     "clerks agency=huyen task=7 2024-06-28T09:00;"},
    {"'agency':'huyen-2','notice':'overdue','severity':'warning','task':7", "2024-06-28T09:00",
     "clerks agency=huyen-2 task=7 2024-06-28T09:00;"},
    /* A child takes it from its parent, and groups in its own way. */
    {"'agency':'huyen','notice':'overdue','severity':'warning','task':7,'area':'forest'", "2024-06-28T09:00",
     "land area=forest 2024-06-28T09:00;"},
    {"'agency':'huyen','notice':'overdue','severity':'warning','task':7,'tags':['a','khẩn']", "2024-06-28T09:00",
     "urgent agency=huyen task=7 2024-06-28T09:00;"},
    /* All that a matcher names must hold. */
    {"'agency':'so','kind':'case','notice':'assigned','severity':'notice','task':7,'seq':12", "2024-06-28T09:00",
     "cases each=12 2024-06-28T09:00;"},
    {"'agency':'so','kind':'report','notice':'assigned','severity':'notice','task':7,'seq':12", "2024-06-28T09:00",
     "clerks agency=so task=7 2024-06-28T09:00;"},
    {"'agency':'xa-2','kind':'case','notice':'assigned','severity':'notice','task':7,'seq':12", "2024-06-28T09:00",
     "clerks agency=xa-2 task=7 2024-06-28T09:00;"},
    /* Hours: what is not urgent waits for the next working morning, over the weekend and over Tết, as one digest. */
    {"'agency':'quiet','notice':'assigned','severity':'notice','task':7", "2024-06-28T09:00",
     "daytime agency=quiet task=7 2024-06-28T09:00;"},
    {"'agency':'quiet','notice':'assigned','severity':'notice','task':7", "2024-06-28T12:00",
     "daytime agency=quiet task=7 2024-06-28T12:00;"},
    {"'agency':'quiet','notice':'assigned','severity':'notice','task':7", "2024-06-28T17:00",
     "daytime digest 2024-07-01T07:30;"},
    {"'agency':'quiet','notice':'assigned','severity':'notice','task':7", "2024-06-28T06:59",
     "daytime digest 2024-06-28T07:30;"},
    {"'agency':'quiet','notice':'assigned','severity':'notice','task':7", "2024-02-07T18:00",
     "daytime digest 2024-02-15T07:30;"},
    {"'agency':'quiet','notice':'assigned','severity':'notice','task':7", "2024-02-10T10:00",
     "daytime digest 2024-02-15T07:30;"},
    {"'agency':'quiet','notice':'assigned','severity':'notice','task':7", "2024-05-04T10:00",
     "daytime agency=quiet task=7 2024-05-04T10:00;"},
    /* What is urgent is told on the holiest night. */
    {"'agency':'quiet','notice':'overdue','severity':'critical','task':7", "2024-02-10T00:00",
     "daytime agency=quiet task=7 2024-02-10T00:00;"},
};

static struct planning planning;

static const char *planned(const struct config *config, const char *fields, const char *now, plan_flushed *flushed)
{
    static char text[2000];
    char json[600], when[32];
    struct working_days days;
    struct notification notification;
    snprintf(json, sizeof json, "{%s}", fields);
    for (char *c = json; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    json_t *object = given_object(json);
    notification_view(&notification, object);
    given_days(&days);
    planning = (struct planning){.config = config, .days = &days, .now = at(now), .flushed = flushed};
    plan_notification(&planning, &notification);
    text[0] = '\0';
    for (size_t i = 0; i < planning.count; i++) {
        const struct plan *plan = &planning.plans[i];
        at_text(plan->due, when);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s%s%s%s %s %s;", plan->receiver->name,
                 plan->person ? " to " : "", plan->person ? plan->person->id : "", plan->instead_of ? " for " : "",
                 plan->instead_of ? plan->instead_of->id : "", plan->group, when);
    }
    working_days_done(&days);
    json_decref(object);
    return text;
}

TEST(each_notification_goes_where_the_tree_says_and_when)
{
    struct config *config = given_right(tree);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = planned(config, rows[i].notification, rows[i].now, NULL);
        if (strcmp(got, rows[i].plans) != 0)
            fail_msg("row %zu: %s at %s\n  gave   %s\n  wanted %s", i, rows[i].notification, rows[i].now, got,
                     rows[i].plans);
    }
    config_free(config);
}

static int64_t flushed_at_nine(void *user, const struct plan *plan)
{
    (void)user;
    return strcmp(plan->group, "agency=so task=7") == 0 ? at("2024-06-28T09:00") : 0;
}

TEST(a_group_that_went_out_waits_for_its_interval)
{
    static const char fields[] = "'agency':'so','notice':'assigned','severity':'notice','task':7";
    static const char other[] = "'agency':'so','notice':'assigned','severity':'notice','task':8";
    struct config *config = given_right(tree);
    assert_string_equal(planned(config, fields, "2024-06-28T09:01", flushed_at_nine),
                        "clerks agency=so task=7 2024-06-28T09:05;");
    assert_string_equal(planned(config, fields, "2024-06-28T09:07", flushed_at_nine),
                        "clerks agency=so task=7 2024-06-28T09:07;");
    assert_string_equal(planned(config, other, "2024-06-28T09:01", flushed_at_nine),
                        "clerks agency=so task=8 2024-06-28T09:01;");
    config_free(config);
}

static const char book[] =
    "route: {receiver: mail, group_wait: 0s}\n"
    "receivers:\n"
    "  - {name: mail, type: mail, url: 'smtp://x', from: 'a@b', to: 'office@b'}\n"
    "people:\n"
    "  - {id: an, name: An, agency: so, mail: an@b}\n"
    "  - {id: binh, name: Bình, agency: [so, xa], mail: binh@b, hours: always, away: [{from: "
    "2024-07-01, until: 2024-07-05, stand_in: an}]}\n"
    "  - {id: chi, name: Chi, agency: so, hours: always}\n"
    "  - {id: dung, name: Dũng, agency: night, mail: d@b, hours: '13:00-22:00', urgent: warning}\n";

TEST(people_are_told_in_their_hours_and_by_their_stand_ins)
{
    struct config *config = given_right(book);
    static const char so[] = "'agency':'so','notice':'assigned','severity':'notice','task':7";
    static const char xa[] = "'agency':'xa','notice':'assigned','severity':'notice','task':7";
    /* Both, each once; not her whom mail does not reach. */
    assert_string_equal(planned(config, so, "2024-06-28T09:00", NULL),
                        "mail to an agency=so task=7 2024-06-28T09:00;mail to binh agency=so task=7 2024-06-28T09:00;");
    assert_string_equal(planned(config, so, "2024-06-28T20:00", NULL),
                        "mail to an digest 2024-07-01T07:30;mail to binh agency=so task=7 2024-06-28T20:00;");
    /* The stand-in is told once, though named twice. */
    assert_string_equal(planned(config, so, "2024-07-02T09:00", NULL), "mail to an agency=so task=7 2024-07-02T09:00;");
    assert_string_equal(planned(config, xa, "2024-07-02T09:00", NULL),
                        "mail to an for binh agency=xa task=7 2024-07-02T09:00;");
    assert_string_equal(planned(config, xa, "2024-07-06T09:00", NULL),
                        "mail to binh agency=xa task=7 2024-07-06T09:00;");
    /* Hours of one's own, on working days; and what is urgent by one's own word. */
    assert_string_equal(
        planned(config, "'agency':'night','notice':'reminder','severity':'notice','task':7", "2024-06-28T23:00", NULL),
        "mail to dung digest 2024-07-01T13:00;");
    assert_string_equal(
        planned(config, "'agency':'night','notice':'overdue','severity':'warning','task':7", "2024-06-28T23:00", NULL),
        "mail to dung agency=night task=7 2024-06-28T23:00;");
    /* An agency that the book does not have. */
    assert_string_equal(
        planned(config, "'agency':'other','notice':'assigned','severity':'notice','task':7", "2024-06-28T09:00", NULL),
        "mail agency=other task=7 2024-06-28T09:00;");
    config_free(config);
}

TEST(people_choose_how_what_is_not_urgent_comes)
{
    static const struct {
        const char *wish, *now, *severity, *plans;
    } table[] = {
        /* At once in one's hours; what waited, as one. */
        {"digest: quiet", "2024-06-28T09:00", "notice", "mail to an agency=so task=7 2024-06-28T09:00;"},
        {"digest: quiet", "2024-06-28T18:00", "notice", "mail to an digest 2024-07-01T07:30;"},
        /* What waited, each by itself. */
        {"digest: never", "2024-06-28T09:00", "notice", "mail to an agency=so task=7 2024-06-28T09:00;"},
        {"digest: never", "2024-06-28T18:00", "notice", "mail to an agency=so task=7 2024-07-01T07:30;"},
        /* Once a day, on working days: over Tết too, and on the Saturday that is worked. */
        {"digest: '16:30'", "2024-06-28T09:00", "notice", "mail to an digest 2024-06-28T16:30;"},
        {"digest: '16:30'", "2024-06-28T16:30", "notice", "mail to an digest 2024-06-28T16:30;"},
        {"digest: '16:30'", "2024-06-28T16:31", "notice", "mail to an digest 2024-07-01T16:30;"},
        {"digest: '07:00', hours: always", "2024-02-07T18:00", "warning", "mail to an digest 2024-02-15T07:00;"},
        {"digest: '07:00', hours: always", "2024-05-03T18:00", "warning", "mail to an digest 2024-05-04T07:00;"},
        /* What is urgent waits for no digest. */
        {"digest: '16:30'", "2024-02-10T00:00", "critical", "mail to an agency=so task=7 2024-02-10T00:00;"},
        {"digest: '16:30', urgent: notice", "2024-06-28T09:00", "notice",
         "mail to an agency=so task=7 2024-06-28T09:00;"},
        /* Who is there when it comes is told. */
        {"digest: '16:30', away: [{from: 2024-07-01, until: 2024-07-01, stand_in: binh}]", "2024-06-28T17:00", "notice",
         "mail to binh for an digest 2024-07-01T07:30;"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[600], fields[100];
        snprintf(text, sizeof text,
                 "route: {receiver: mail, group_wait: 0s}\nreceivers:\n  - {name: mail, type: mail, url: 'smtp://x', "
                 "from: 'a@b'}\npeople:\n  - {id: an, name: An, agency: so, mail: an@b, %s}\n  - {id: binh, name: B, "
                 "agency: xa, mail: b@b}\n",
                 table[i].wish);
        snprintf(fields, sizeof fields, "'agency':'so','notice':'overdue','severity':'%s','task':7", table[i].severity);
        struct config *config = given_right(text);
        const char *got = planned(config, fields, table[i].now, NULL);
        if (strcmp(got, table[i].plans) != 0)
            fail_msg("%s at %s: %s, not %s", table[i].wish, table[i].now, got, table[i].plans);
        config_free(config);
    }
}

TEST(pauses_double_are_bounded_and_differ_by_chance_that_is_kept)
{
    struct config *config = given_right("route: {receiver: a}\nreceivers: [{name: a, type: lines, file: '-'}]\n"
                                        "retry: {first: 10s, max: 1h}\n");
    int64_t least = INT64_MAX, most = 0;
    for (unsigned failures = 1; failures < 100; failures++) {
        const int64_t whole = failures > 9                                   ? 3600000
                              : (INT64_C(10000) << (failures - 1)) < 3600000 ? INT64_C(10000) << (failures - 1)
                                                                             : 3600000;
        const int64_t pause = plan_backoff(config, 7, "key", failures);
        assert_int_equal(pause, plan_backoff(config, 7, "key", failures));
        assert_in_range(pause, whole * 3 / 4, whole);
    }
    for (uint64_t seed = 0; seed < 200; seed++) {
        const int64_t pause = plan_backoff(config, seed, "key", 1);
        least = pause < least ? pause : least;
        most = pause > most ? pause : most;
    }
    assert_true(least < 7800 && most > 9700); /* they use the whole of the quarter */
    config_free(config);
}

TEST(an_escalation_keeps_back_the_reminders_below_it)
{
    struct config *config = given_right(
        "route: {receiver: a}\nreceivers: [{name: a, type: lines, file: '-'}]\n"
        "inhibit:\n"
        "  - {source: {notice: escalated}, target: {notice: [reminder, overdue]}, lasts: 7d}\n"
        "  - {source: {severity: critical}, target: {notice: commented}, within: task}\n");
    json_t *objects[] = {
        given_object("{\"seq\":1,\"agency\":\"so\",\"task\":7,\"notice\":\"escalated\",\"severity\":\"critical\"}"),
        given_object("{\"seq\":2,\"agency\":\"so\",\"task\":7,\"notice\":\"reminder\",\"severity\":\"notice\"}"),
        given_object("{\"seq\":3,\"agency\":\"xa\",\"task\":7,\"notice\":\"reminder\",\"severity\":\"notice\"}"),
        given_object("{\"seq\":4,\"agency\":\"so\",\"task\":8,\"notice\":\"reminder\",\"severity\":\"notice\"}"),
        given_object("{\"seq\":5,\"agency\":\"so\",\"task\":7,\"notice\":\"assigned\",\"severity\":\"notice\"}"),
        given_object("{\"seq\":6,\"agency\":\"so\",\"task\":7,\"notice\":\"escalated\",\"severity\":\"critical\"}"),
        given_object("{\"seq\":7,\"agency\":\"so\",\"task\":7,\"notice\":\"commented\",\"severity\":\"info\"}"),
        given_object("{\"seq\":8,\"agency\":\"xa\",\"task\":7,\"notice\":\"commented\",\"severity\":\"info\"}"),
        given_object("{\"seq\":9,\"agency\":\"so\",\"task\":7,\"notice\":\"overdue\",\"deadline\":\"completion\"}"),
        given_object("{\"seq\":10,\"agency\":\"so\",\"task\":7,\"notice\":\"overdue\",\"question\":{\"question\":4}}"),
    };
    /* The second rule keeps the comments of the task back from every agency. An opinion that did not come is no overdue task. */
    static const int wanted[] = {-1, 0, -1, -1, -1, -1, 1, 1, 0, -1};
    struct notification source, target;
    notification_view(&source, objects[0]);
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        notification_view(&target, objects[i]);
        assert_int_equal(plan_inhibited(config, &source, 0, &target), wanted[i]);
    }
    notification_view(&target, objects[1]);
    assert_int_equal(plan_inhibited(config, &source, INT64_C(7) * 86400000 - 1, &target), 0);
    assert_int_equal(plan_inhibited(config, &source, INT64_C(7) * 86400000, &target), -1);
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        json_decref(objects[i]);
    config_free(config);
}
