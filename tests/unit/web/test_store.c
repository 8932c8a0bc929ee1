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

/* ---- evidence ---- */

#define DAY (24 * (int64_t)HOUR)

static struct piece piece_of(char digit, int64_t size)
{
    struct piece piece = {.type = "text/plain", .size = size};
    memset(piece.sha256, digit, TOKEN_TEXT - 1);
    return piece;
}

TEST(what_no_change_names_has_waited_after_its_day_and_what_one_names_never_does)
{
    const struct piece left = piece_of('a', 10), named = piece_of('b', 20), refused = piece_of('c', 30),
                       unknown = piece_of('d', 40);
    char sha256[TOKEN_TEXT];
    struct piece found;
    bool waits;
    begin();
    assert_true(store_piece_put(store, &left, "an", NOW + 1));
    assert_true(store_piece_put(store, &named, "an", NOW));
    assert_true(store_piece_put(store, &refused, "an", NOW + 2));
    assert_true(store_piece_put(store, &unknown, "binh", NOW));
    assert_true(store_piece_claim(store, named.sha256, &waits) && waits);
    store_piece_named(store, named.sha256);
    assert_true(store_piece_claim(store, named.sha256, &waits) && !waits); /* once is for good */
    /* Two changes name it, one is refused: the other may have been done. */
    assert_true(store_piece_claim(store, unknown.sha256, &waits) && waits);
    assert_true(store_piece_claim(store, unknown.sha256, &waits) && waits);
    store_piece_leave(store, unknown.sha256);
    assert_true(store_piece_claim(store, refused.sha256, &waits) && waits);
    assert_false(store_piece_unnamed(store, NOW, sha256));
    assert_true(store_piece_unnamed(store, NOW + DAY, sha256));
    assert_string_equal(sha256, left.sha256);
    assert_true(store_piece_remove(store, sha256));
    assert_false(store_piece_get(store, left.sha256, &found));
    assert_false(store_piece_unnamed(store, NOW + DAY, sha256)); /* the one claimed is on its way */
    store_piece_leave(store, refused.sha256);
    assert_true(store_piece_again(store, refused.sha256, NOW + DAY)); /* sent again: its day begins anew */
    assert_false(store_piece_unnamed(store, NOW + DAY - 1, sha256));
    assert_true(store_piece_unnamed(store, NOW + DAY, sha256));
    assert_string_equal(sha256, refused.sha256);
    assert_int_equal(store_piece_bytes(store), 20 + 30 + 40);
    assert_int_equal(store_piece_bytes_of(store, "an"), 20 + 30);
    assert_int_equal(store_piece_bytes_of(store, "nobody"), 0);
    end();
}

TEST(a_store_of_before_keeps_all_its_pieces_as_named)
{
    const struct piece old = piece_of('a', 10);
    char sha256[TOKEN_TEXT];
    bool waits;
    begin();
    assert_true(store_piece_put(store, &old, "an", NOW));
    assert_true(store_run(store, "DROP TABLE waiting", "")); /* as the first version made it */
    store_close(store);
    store = store_open(directory);
    assert_non_null(store);
    assert_false(store_piece_unnamed(store, NOW + 30 * DAY, sha256));
    assert_true(store_piece_claim(store, old.sha256, &waits) && !waits);
    assert_int_equal(store_piece_bytes(store), 10);
    end();
}

TEST(what_another_program_writes_is_seen_and_what_oneself_does_is_not)
{
    const struct user more = {.name = "binh", .officer = "B", .context = "so", .rights = 6, .language = "vi"};
    char token[TOKEN_TEXT];
    begin();
    (void)store_changed_beside(store);
    assert_false(store_changed_beside(store));
    assert_true(store_session_new(store, "an", NOW, token));
    assert_false(store_changed_beside(store));
    struct store *other = store_open(directory);
    assert_true(store_user_put(other, &more));
    assert_true(store_changed_beside(store));
    assert_false(store_changed_beside(store));
    store_close(other);
    end();
}
