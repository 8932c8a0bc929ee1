/* Users, sessions, links and failures, on a clock that is given. */
#include "unit/test.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../clients/web/store.h"

#define NOW    INT64_C(1719550800000)
#define MINUTE 60000
#define HOUR   (60 * MINUTE)

static char directory[40];
static struct store *store;

static void begin(void)
{
    const struct user user = {
        .name = "an", .officer = "Nguyễn Văn An", .context = "huyen", .rights = 6, .language = "vi"};
    snprintf(directory, sizeof directory, "/tmp/web-XXXXXX");
    assert_non_null(mkdtemp(directory));
    store = store_open(directory);
    assert_non_null(store);
    assert_true(store_user_put(store, &user));
}

static void end(void)
{
    char path[60];
    store_close(store);
    snprintf(path, sizeof path, "%s/web.db", directory);
    unlink(path);
    snprintf(path, sizeof path, "%s/web.db-journal", directory);
    unlink(path);
    rmdir(directory);
}

TEST(a_session_ends_by_idleness_and_by_age)
{
    char token[TOKEN_TEXT];
    struct session session;
    begin();
    assert_true(store_session_new(store, "an", NOW, token));
    assert_true(store_session_get(store, token, NOW + HOUR, 2 * HOUR, 9 * HOUR, &session));
    assert_string_equal(session.user.officer, "Nguyễn Văn An");
    /* It was seen an hour after its beginning, so it goes on from there. */
    assert_true(store_session_get(store, token, NOW + 3 * HOUR, 2 * HOUR, 9 * HOUR, &session));
    assert_true(store_session_get(store, token, NOW + 5 * HOUR, 2 * HOUR, 9 * HOUR, &session));
    assert_false(store_session_get(store, token, NOW + 7 * HOUR + MINUTE, 2 * HOUR, 9 * HOUR, &session));
    assert_true(store_session_get(store, token, NOW + 7 * HOUR - MINUTE, 2 * HOUR, 9 * HOUR, &session));
    assert_true(store_session_get(store, token, NOW + 8 * HOUR, 2 * HOUR, 9 * HOUR, &session));
    assert_false(store_session_get(store, token, NOW + 9 * HOUR, 2 * HOUR, 9 * HOUR, &session));
    assert_false(store_session_get(store, "nothing", NOW, HOUR, HOUR, &session));
    end();
}

TEST(a_user_has_sixteen_sessions_the_newest)
{
    char tokens[STORE_SESSIONS_MAX + 1][TOKEN_TEXT];
    struct session session;
    begin();
    for (int i = 0; i <= STORE_SESSIONS_MAX; i++)
        assert_true(store_session_new(store, "an", NOW + i * 1000, tokens[i]));
    assert_int_equal(store_session_count(store), STORE_SESSIONS_MAX);
    assert_false(store_session_get(store, tokens[0], NOW, HOUR, HOUR, &session));
    assert_true(store_session_get(store, tokens[1], NOW, HOUR, HOUR, &session));
    assert_true(store_sessions_end(store, "an"));
    assert_int_equal(store_session_count(store), 0);
    end();
}

TEST(a_link_is_good_once_and_for_a_time)
{
    char token[TOKEN_TEXT], name[USER_NAME_MAX + 1];
    begin();
    assert_false(store_link_new(store, "nobody", NOW + HOUR, token));
    assert_true(store_link_new(store, "an", NOW + HOUR, token));
    assert_true(store_link_use(store, token, NOW, name));
    assert_string_equal(name, "an");
    assert_false(store_link_use(store, token, NOW, name));
    assert_true(store_link_new(store, "an", NOW + HOUR, token));
    assert_false(store_link_use(store, token, NOW + HOUR, name));
    end();
}

TEST(a_lock_doubles_up_to_an_hour_and_a_success_takes_it_away)
{
    static const int64_t locked[] = {0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60};
    begin();
    for (size_t i = 0; i < sizeof locked / sizeof *locked; i++) {
        store_failed(store, "an", NOW);
        assert_int_equal(store_locked_until(store, "an"), locked[i] ? NOW + locked[i] * MINUTE : 0);
    }
    assert_int_equal(store_locked_until(store, "binh"), 0);
    store_succeeded(store, "an");
    assert_int_equal(store_locked_until(store, "an"), 0);
    end();
}

TEST(secrets_are_kept_as_hashes_alone)
{
    char token[TOKEN_TEXT], calendar[TOKEN_TEXT], link[TOKEN_TEXT], path[60];
    static char bytes[1 << 20];
    struct user user;
    begin();
    assert_true(store_session_new(store, "an", NOW, token));
    assert_true(store_calendar_new(store, "an", calendar));
    assert_true(store_link_new(store, "an", NOW, link));
    assert_true(store_calendar_user(store, calendar, &user));
    assert_string_equal(user.name, "an");
    assert_false(store_calendar_user(store, token, &user));
    snprintf(path, sizeof path, "%s/web.db", directory);
    FILE *file = fopen(path, "re");
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_non_null(memmem(bytes, size, "huyen", 5));
    assert_null(memmem(bytes, size, token, TOKEN_TEXT - 1));
    assert_null(memmem(bytes, size, calendar, TOKEN_TEXT - 1));
    assert_null(memmem(bytes, size, link, TOKEN_TEXT - 1));
    end();
}

TEST(what_ended_is_forgotten_and_the_rest_is_not)
{
    char token[TOKEN_TEXT];
    begin();
    assert_true(store_session_new(store, "an", NOW - 3 * HOUR, token));
    assert_true(store_session_new(store, "an", NOW, token));
    store_forget(store, NOW, HOUR, 10 * HOUR);
    assert_int_equal(store_session_count(store), 1);
    assert_true(store_user_remove(store, "an"));
    assert_false(store_user_remove(store, "an"));
    assert_int_equal(store_session_count(store), 0);
    end();
}

TEST(a_step_of_time_is_used_once)
{
    begin();
    assert_true(store_user_step(store, "an", 10));
    assert_false(store_user_step(store, "an", 10));
    assert_false(store_user_step(store, "an", 9));
    assert_true(store_user_step(store, "an", 11));
    end();
}
