/* What is wrong with a configuration is told by line and field, all of it at once, with what would be right. */
#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "given.h"

#define RIGHT "route: {receiver: a}\nreceivers: [{name: a, type: lines, file: '-'}]\n"

static const struct {
    const char *text, *fault;
} faults[] = {
    {"", "1: the file says nothing"},
    {"route: [", "this is no YAML: did not find expected node content"},
    {"- a\n", "1: it would be a map"},
    {"receivers: []\n", "1: `route` is missing"},
    {"route: {receiver: a}\n", "1: `receivers` is missing"},
    {RIGHT "rout: 1\n", "3: there is no key `rout` here; did you mean `route`?"},
    {RIGHT "route: {receiver: a}\n", "3: route: it is given twice"},
    {"route: {receiver: b}\nreceivers: [{name: a, type: lines, file: '-'}]\n",
     "1: route.receiver: there is no receiver `b`"},
    {"route: {receiver: clarks}\nreceivers: [{name: clerks, type: lines, file: '-'}]\n", "did you mean `clerks`?"},
    {"route: {group_wait: 5m}\nreceivers: [{name: a, type: lines, file: '-'}]\n", "1: route: `receiver` is missing"},
    {"route: {receiver: a, match: {agency: so}}\nreceivers: [{name: a, type: lines, file: '-'}]\n",
     "1: route: the first route takes all"},
    {"route:\n  receiver: a\n  routes:\n    - match: {severity: loud}\nreceivers: [{name: a, type: lines, file: "
     "'-'}]\n",
     "4: route.routes[0].match.severity: `loud` is no severity; it would be one of info, notice, warning, critical"},
    {"route:\n  receiver: a\n  routes:\n    - match: {notice: [reminder, escaladed]}\nreceivers: [{name: a, type: "
     "lines, file: '-'}]\n",
     "4: route.routes[0].match.notice: `escaladed` is no notice; did you mean `escalated`?"},
    {"route: {receiver: a, group_wait: 5}\nreceivers: [{name: a, type: lines, file: '-'}]\n",
     "1: route.group_wait: `5` would be a time such as 30s, 5m, 4h"},
    {"route: {receiver: a, group_by: [agancy]}\nreceivers: [{name: a, type: lines, file: '-'}]\n",
     "1: route.group_by: `agancy` is nothing to group by; did you mean `agency`?"},
    {"route: {receiver: a, continue: yes}\nreceivers: [{name: a, type: lines, file: '-'}]\n",
     "1: route.continue: `yes` would be true or false"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: line, file: '-'}]\n",
     "2: receivers[0].type: `line` is no type of receiver"},
    {"route: {receiver: a}\nreceivers: [{name: a, file: '-'}]\n", "2: receivers[0]: `type` is missing"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: lines}]\n",
     "2: receivers[0]: a receiver of type lines needs `file`"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: lines, file: '-', url: x}]\n",
     "a receiver of type lines has no `url`"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: webhook, url: 'ftp://x'}]\n", "`url` would be http://"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: webhook, url: 'http://x', body: '{{sabject}}'}]\n",
     "2: receivers[0].body: `sabject` is nothing that a template may name"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: webhook, url: 'http://x', body: '{{subject'}]\n",
     "`{{ without }}`"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: webhook, url: 'http://x', headers: {\"X\": \"a\\nb\"}}]\n",
     "a header is one line"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: webhook, url: 'http://x', header_files: {token: "
     "/etc/passwd}}]\n",
     "receivers[0].header_files: /etc/passwd has mode 0644"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: webhook, url: 'http://x', answer: [error]}]\n",
     "receivers[0].answer: it would be a map"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: lines, file: '-', answer: {error: 0}}]\n",
     "a receiver of type lines has no `answer`"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: webhook, url: 'http://x', secret_file: /nowhere/s}]\n",
     "2: receivers[0].secret_file: /nowhere/s cannot be read: No such file"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: webhook, url: 'http://x', secret_file: /etc/passwd}]\n",
     "has mode 0644, so that others"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: command, run: [sh]}]\n",
     "`run` begins with the program's path"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: lines, file: '-', at_once: 17}]\n",
     "`at_once` would be 16 at most"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: lines, file: '-', rate: 5}]\n",
     "`5` would be how many in how long: 10/s"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: mail, url: 'smtp://x', from: a@b, user: u, tls: none}]\n",
     "with `user` goes `password_file`"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: mail, url: 'smtp://x', from: a@b, people: false}]\n",
     "with `people` false, `to` says"},
    {RIGHT "people: [{id: a, name: A, agency: so, mail: 'a b@c'}]\n",
     "3: people[0].mail: `a b@c` would be a mail address"},
    {RIGHT "people: [{id: a, name: A, agency: so, phone: 0912x}]\n",
     "3: people[0].phone: `0912x` would be digits alone"},
    {RIGHT "people: [{id: a, name: A, agency: so, hours: nine}]\n",
     "3: people[0].hours: `nine` would be working, always, or"},
    {RIGHT "people: [{id: a, name: A, agency: so, hours: '19:00-07:00'}]\n", "would be working, always, or"},
    {RIGHT "people: [{id: a, name: A, agency: so, digest: daily}]\n",
     "people[0].digest: `daily` would be quiet (what waited comes as one), never"},
    {RIGHT "people: [{id: a, name: A, agency: so, digest: '24:00'}]\n", "people[0].digest: `24:00` would be quiet"},
    {RIGHT "people: [{id: a, name: A, agency: so, language: fr}]\n", "`fr` would be vi or en"},
    {RIGHT "people: [{id: a, name: A, agency: so}, {id: a, name: B, agency: so}]\n", "the id `a` is given twice"},
    {RIGHT "people: [{id: a, name: A, agency: so, away: [{from: 2024-02-30, until: 2024-03-01, stand_in: a}]}]\n",
     "3: people[0].away[0].from: `2024-02-30` would be a day such as"},
    {RIGHT "people: [{id: a, name: A, agency: so, away: [{from: 2024-03-02, until: 2024-03-01, stand_in: b}]}]\n",
     "`until` is before `from`"},
    {RIGHT "people: [{id: a, name: A, agency: so, away: [{from: 2024-03-01, until: 2024-03-01, stand_in: b}]}]\n",
     "the stand-in `b` of a is nobody's id"},
    {RIGHT "people:\n- {id: a, name: A, agency: so, away: [{from: 2024-03-01, until: 2024-03-01, stand_in: b}]}\n"
           "- {id: b, name: B, agency: so, away: [{from: 2024-03-01, until: 2024-03-01, stand_in: a}]}\n",
     "in a circle"},
    {RIGHT "inhibit: [{source: {notice: escalated}}]\n", "3: inhibit[0]: `target` is missing"},
    {RIGHT "watch: {after: 5m}\n", "3: watch: `receiver` is missing"},
    {"route: {receiver: a}\nreceivers: [{name: a, type: mail, url: 'smtp://x', from: a@b}]\nwatch: {receiver: a}\n",
     "needs `to` here"},
    {RIGHT "retry: {first: 1h, max: 1m}\n", "3: retry: `first` would be above 0"},
    {RIGHT "web: coord.vn\n", "3: web: `coord.vn` would be an address such as"},
};

TEST(each_fault_names_its_line_its_field_and_what_would_be_right)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *told;
        if (given_config(faults[i].text, &told) || !strstr(told, faults[i].fault))
            fail_msg("%s\n  told   %s\n  wanted %s", faults[i].text, told, faults[i].fault);
    }
}

TEST(all_faults_are_told_at_once)
{
    const char *told;
    assert_null(
        given_config("route: {receiver: x, group_wait: 5}\nreceivers: [{name: a, type: lines}]\nwatsh: 1\n", &told));
    assert_non_null(strstr(told, "there is no receiver `x`"));
    assert_non_null(strstr(told, "group_wait"));
    assert_non_null(strstr(told, "needs `file`"));
    assert_non_null(strstr(told, "did you mean `watch`?"));
}

TEST(what_a_route_does_not_say_it_has_from_above)
{
    struct config *config = given_right(
        "route:\n  receiver: a\n  group_by: [area]\n  group_wait: 7s\n  routes:\n"
        "    - {match: {agency: so}, group_interval: 9s, routes: [{receiver: b}]}\n"
        "receivers: [{name: a, type: lines, file: '-'}, {name: b, type: lines, file: '-'}]\n");
    const struct route *inner = &config->route.routes[0].routes[0];
    assert_string_equal(inner->name, "route.routes[0].routes[0]");
    assert_string_equal(inner->receiver->name, "b");
    assert_int_equal(inner->group_by, 1 << ROUTE_BY_AREA);
    assert_int_equal(inner->wait, 7000);
    assert_int_equal(inner->interval, 9000);
    config_free(config);
}

TEST(bytes_that_are_no_configuration_are_refused_and_no_more)
{
    static const char *const nonsense[] = {
        "\xff\xfe",
        "a: &x [*x, *x]\n",
        "{{{{{{{{",
        "a: b: c",
        "%YAML 9.9\n---\n",
        "\t",
        "route: &r {receiver: a, routes: [*r]}\nreceivers: [{name: a, type: lines, file: '-'}]\n"};
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        assert_null(given_config(nonsense[i], NULL));
}

/* ---- the manual page ---- */

static char manual[40000];

static void assert_told(const struct key *keys)
{
    for (; keys->name; keys++) {
        char bold[80], under[80], escaped[40] = "";
        for (const char *c = keys->name; *c; c++)
            snprintf(escaped + strlen(escaped), sizeof escaped - strlen(escaped), *c == '_' ? "\\_" : "%c", *c);
        snprintf(bold, sizeof bold, "*%s*", escaped);
        snprintf(under, sizeof under, "_%s_", escaped);
        if (!strstr(manual, bold) && !strstr(manual, under))
            fail_msg("coord-relay.conf(5) says nothing of `%s`", keys->name);
    }
}

TEST(the_manual_page_has_every_key)
{
    FILE *file = fopen("clients/relay/coord-relay.conf.5.scd", "r");
    assert_non_null(file);
    assert_true(fread(manual, 1, sizeof manual - 1, file) > 1000);
    fclose(file);
    const struct key *const tables[] = {config_keys, route_keys, receiver_keys,   person_keys, away_keys,
                                        watch_keys,  retry_keys, inhibition_keys, matcher_keys};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        assert_told(tables[i]);
}
