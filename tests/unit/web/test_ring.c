/* What browsers come back to, how often they may ask, and what a file is. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../clients/web/evidence.h"
#include "../../../clients/web/limit.h"
#include "../../../clients/web/ring.h"

#define STORE "0123456789abcdef0123456789abcdef"

static struct ring ring;

TEST(who_comes_back_within_the_ring_is_told_each_once)
{
    char id[64];
    uint64_t seq = 0, its = 0;
    size_t size = 0;
    ring_begin(&ring, STORE, 100);
    for (uint64_t i = 110; i <= 200; i += 10)
        assert_true(ring_put(&ring, i, i / 20, "notification", "{}", 2));
    assert_false(ring_put(&ring, 200, 1, "notification", "{}", 2));
    ring_id(&ring, 150, id);
    assert_string_equal(id, "0123456789abcdef.150");
    assert_true(ring_resume(&ring, id, &seq));
    for (uint64_t wanted = 160; wanted <= 200; wanted += 10, seq = its) {
        const char *text = ring_after(&ring, seq, &its, &size);
        assert_non_null(text);
        assert_int_equal(its, wanted);
        assert_int_equal(size, strlen(text));
    }
    assert_null(ring_after(&ring, seq, &its, &size));
    assert_string_equal(ring_after(&ring, 199, &its, &size),
                        "id: 0123456789abcdef.200\nevent: notification\ndata: {}\n\n");
    ring_done(&ring);
}

TEST(what_is_older_or_of_another_store_is_not_resumed)
{
    static const char *const stale[] = {"",
                                        "150",
                                        "fedcba9876543210.150",
                                        "0123456789abcdef.99",
                                        "0123456789abcdef.",
                                        "0123456789abcdef.-1",
                                        "0123456789abcdef.150x",
                                        "0123456789abcdef.99999999999999999999"};
    uint64_t seq = 7;
    ring_begin(&ring, STORE, 100);
    for (size_t i = 0; i < sizeof stale / sizeof *stale; i++)
        assert_false(ring_resume(&ring, stale[i], &seq));
    assert_int_equal(seq, 7);
    assert_true(ring_resume(&ring, "0123456789abcdef.100", &seq));
    ring_done(&ring);
}

TEST(each_task_that_was_missed_is_named_once_and_too_many_are_said)
{
    uint64_t tasks[3];
    size_t count = 9;
    ring_begin(&ring, STORE, 0);
    for (uint64_t i = 1; i <= 40; i++) /* 0, then 5, 6, 7, 5, 6, 7… */
        assert_true(ring_put(&ring, i, i == 20 ? 0 : 5 + i % 3, "n", "", 0));
    assert_true(ring_tasks(&ring, 10, tasks, 3, &count));
    assert_int_equal(count, 3);
    assert_int_equal(tasks[0] + tasks[1] + tasks[2], 18);
    assert_true(ring_tasks(&ring, 39, tasks, 3, &count));
    assert_int_equal(count, 1);
    assert_int_equal(tasks[0], 6);
    assert_true(ring_tasks(&ring, 40, tasks, 3, &count));
    assert_int_equal(count, 0);
    assert_false(ring_tasks(&ring, 0, tasks, 2, &count));
    ring_done(&ring);
}

TEST(a_full_ring_drops_the_oldest_by_number_and_by_bytes)
{
    static char large[RING_BYTES_MAX / 4];
    uint64_t seq, its = 0;
    size_t size;
    ring_begin(&ring, STORE, 0);
    for (uint64_t i = 1; i <= RING_EVENTS_MAX + 5; i++)
        assert_true(ring_put(&ring, i, 0, "n", "", 0));
    assert_int_equal(ring.count, RING_EVENTS_MAX);
    assert_false(ring_resume(&ring, "0123456789abcdef.4", &seq));
    assert_true(ring_resume(&ring, "0123456789abcdef.5", &seq));
    assert_non_null(ring_after(&ring, seq, &its, &size));
    assert_int_equal(its, 6);
    memset(large, 'x', sizeof large);
    for (uint64_t i = 1; i <= 8; i++)
        assert_true(ring_put(&ring, 100000 + i, 0, "n", large, sizeof large));
    assert_true(ring.bytes <= RING_BYTES_MAX);
    assert_int_equal(ring.count, 3);
    ring_done(&ring);
    assert_int_equal(ring.bytes, 0);
}

TEST(a_bucket_gives_what_it_holds_and_then_at_its_rate)
{
    struct limit *limit = calloc(1, sizeof *limit);
    limit->per_second = 10;
    limit->burst = 3;
    for (int i = 0; i < 3; i++)
        assert_true(limit_take(limit, limit_key("an"), 0));
    assert_false(limit_take(limit, limit_key("an"), 0));
    assert_true(limit_take(limit, limit_key("binh"), 0));
    assert_false(limit_take(limit, limit_key("an"), 99));
    assert_true(limit_take(limit, limit_key("an"), 199));
    assert_false(limit_take(limit, limit_key("an"), 100)); /* a clock that went back gives nothing */
    for (uint64_t key = 1; key < 3 * LIMIT_BUCKETS; key++) /* and more keys than places are no harm */
        (void)limit_take(limit, key, 1000);
    free(limit);
}

TEST(a_file_is_told_by_its_bytes_and_named_without_its_path)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *type;
    } files[] = {{"%PDF-1.7", 8, "application/pdf"},        {"PK\x03\x04....", 8, "application/zip"},
                 {"<html><script>", 14, "text/plain"},      {"Báo cáo", 9, "text/plain"},
                 {"\0\1\2", 3, "application/octet-stream"}, {"....ftypmp42", 12, "video/mp4"},
                 {"RIFF0000WEBP", 12, "image/webp"},        {"%PD", 3, "text/plain"}};
    static const char *const names[][2] = {{"a.pdf", "a.pdf"},
                                           {"/etc/passwd", "passwd"},
                                           {"C:\\x\\b\u00e1o.doc", "báo.doc"},
                                           {"..", "file"},
                                           {"", "file"},
                                           {"a/", "file"},
                                           {"a\nb", "a b"},
                                           {"x\u202egpj.exe", "x<U+202E>gpj.exe"}};
    char name[EVIDENCE_NAME_MAX + 1];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_string_equal(evidence_type((const unsigned char *)files[i].bytes, files[i].size), files[i].type);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        evidence_name(names[i][0], name);
        assert_string_equal(name, names[i][1]);
    }
}
