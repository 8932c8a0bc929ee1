/* Following: what holds for every keeper that can be followed, the memory and PostgreSQL. */
#include <string.h>

#include "unit/journal/follower.h"
#include "unit/test.h"

typedef void claim(struct test_store *store);

static void of_each(claim *holds)
{
    static const enum journal_keepers keepers[] = {JOURNAL_MEMORY, JOURNAL_POSTGRES};
    for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++) {
        struct test_store store;
        print_message("keeper %d\n", (int)keepers[i]);
        test_store_init(&store);
        store.keeper = keepers[i];
        test_store_create(&store);
        test_store_fill(&store, 2, 3, 2);
        holds(&store);
        test_store_done(&store);
    }
}

/* ---- reading on ---- */

static void reads_each_once(struct test_store *store)
{
    struct test_follower follower;
    test_follower_begin(&follower, store, "");
    for (int i = 0; i < 5; i++) {
        test_store_fill(store, 2, 4, 3);
        test_store_fill(store, 1, 0, 2); /* rows alone are no news */
        assert_int_equal(test_follower_follow(&follower, 5, FOLLOWER_WAIT_MS), JOURNAL_OK);
        assert_int_equal(follower.applied, store->records - 3);
        assert_int_equal(follower.lead.seq, store->records);
        test_follower_catch_up(&follower);
    }
    follower.store.records = store->records;
    assert_int_equal(test_store_read_records(&follower.store), JOURNAL_OK);
    assert_int_equal(test_follower_follow(&follower, 5, 0), JOURNAL_OK);
    assert_int_equal(follower.applied, store->records);
    test_follower_done(&follower);
}

TEST(who_follows_is_given_each_record_once_and_in_order)
{
    of_each(reads_each_once);
}

static int stop_at_eight(void *context, const struct journal_record *record)
{
    uint64_t *last = context;
    if (record->seq == 8)
        return 1;
    *last = record->seq;
    return 0;
}

static void is_given_again(struct test_store *store)
{
    struct test_follower follower;
    test_follower_begin(&follower, store, "");
    test_store_fill(store, 1, 5, 0);
    assert_int_equal(journal_follow(follower.store.journal, follower.applied, SIZE_MAX, FOLLOWER_WAIT_MS, stop_at_eight,
                                    &follower.applied, &follower.lead),
                     1);
    assert_int_equal(follower.applied, 7);
    test_follower_catch_up(&follower);
    test_follower_done(&follower);
}

TEST(what_was_not_applied_is_given_again)
{
    of_each(is_given_again);
}

/* The caller cannot have applied what it was not given. */
static void knows_no_more(struct test_store *store)
{
    struct test_follower follower;
    test_follower_begin(&follower, store, "");
    follower.applied++;
    assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_SEQUENCE);
    test_follower_done(&follower);
}

TEST(what_was_not_given_cannot_have_been_applied)
{
    of_each(knows_no_more);
}

static void only_reads(struct test_store *store)
{
    struct test_follower follower;
    struct journal_lead lead;
    bool taken = true;
    test_follower_begin(&follower, store, "");
    assert_int_equal(test_store_append(&follower.store, 0, 1), JOURNAL_FAILED);
    assert_non_null(strstr(journal_failure(follower.store.journal), "another appends"));
    assert_int_equal(journal_beat(follower.store.journal), JOURNAL_OK);
    assert_int_equal(journal_take(follower.store.journal, &taken), JOURNAL_OK);
    assert_false(taken);
    assert_int_not_equal(journal_give_up(follower.store.journal, ""), JOURNAL_OK);
    assert_int_equal(journal_follow(store->journal, store->records, 1, 0, stop_at_eight, NULL, &lead), JOURNAL_FAILED);
    assert_non_null(strstr(journal_failure(store->journal), "it leads"));
    test_store_fill(store, 1, 1, 1);
    test_follower_catch_up(&follower);
    test_follower_done(&follower);
}

TEST(who_follows_changes_nothing_and_who_leads_follows_nobody)
{
    of_each(only_reads);
}

TEST(a_store_in_a_file_is_followed_by_nobody)
{
    struct test_store store;
    struct test_follower follower;
    const struct journal_place place = {.agency = 1, .key = 1, .consumer = "one", .seq = 1};
    uint64_t mark = 0;
    bool taken;
    test_store_init(&store);
    test_store_create(&store);
    test_follower_init(&follower, &store, "");
    assert_int_not_equal(test_follower_open(&follower, false), JOURNAL_OK);
    assert_string_equal(follower.store.problem.field, "role");
    assert_int_equal(journal_follow(store.journal, 0, 1, 0, stop_at_eight, NULL, &follower.lead), JOURNAL_FAILED);
    assert_int_equal(journal_take(store.journal, &taken), JOURNAL_FAILED);
    assert_int_equal(journal_give_up(store.journal, ""), JOURNAL_FAILED);
    assert_int_equal(journal_places_put(store.journal, &place, 1, &taken), JOURNAL_FAILED);
    assert_int_equal(journal_places(store.journal, &mark, NULL, NULL), JOURNAL_OK); /* it has none */
    journal_poke(store.journal);
    test_follower_done(&follower);
    test_store_done(&store);
}

/* ---- the lead ---- */

static void tells_who_leads(struct test_store *store)
{
    struct test_follower first, second;
    test_follower_begin(&first, store, "tcp://first:1");
    test_follower_begin(&second, store, "tcp://second:1");
    assert_string_not_equal(first.lead.leader, "");
    assert_string_equal(first.lead.endpoint, "");
    assert_false(first.lead.free);
    const uint64_t epoch = first.lead.epoch;
    assert_int_equal(journal_give_up(store->journal, ""), JOURNAL_OK);
    test_follower_see_free(&first);
    assert_string_equal(first.lead.leader, "");
    assert_int_equal(first.lead.epoch, epoch);
    test_follower_take(&first);
    test_follower_catch_up(&second);
    assert_int_equal(second.lead.epoch, epoch + 1);
    assert_string_equal(second.lead.endpoint, "tcp://first:1");
    assert_false(second.lead.free);
    test_follower_done(&first);
    test_follower_done(&second);
}

TEST(the_lead_says_who_has_it_and_where)
{
    of_each(tells_who_leads);
}

static void goes_on_as_one(struct test_store *store)
{
    struct test_follower follower;
    struct journal_lead lead;
    test_follower_begin(&follower, store, "tcp://here:1");
    for (int i = 0; i < 3; i++) {
        test_store_fill(store, 1, 2, 3);
        assert_int_equal(journal_give_up(store->journal, "tcp://here:1"), JOURNAL_OK);
        assert_int_not_equal(test_store_append(store, 1, 0), JOURNAL_OK);
        test_follower_see_free(&follower);
        test_follower_take(&follower);
        follower.applied = follower.store.records; /* what lay beyond is read as ever */
        assert_int_equal(test_store_read(&follower.store), JOURNAL_OK);
        test_store_fill(&follower.store, 2, 3, 4);
        assert_int_equal(test_store_verify(&follower.store), JOURNAL_OK);
        /* And back, to who gave it up and reads on. */
        struct test_follower back = {.store = *store, .of = &follower.store, .applied = store->records};
        test_follower_catch_up(&back);
        assert_string_equal(back.lead.endpoint, "tcp://here:1");
        assert_int_equal(journal_give_up(follower.store.journal, ""), JOURNAL_OK);
        test_follower_see_free(&back);
        test_follower_take(&back);
        *store = back.store;
        assert_int_equal(test_store_read(store), JOURNAL_OK);
        follower.applied = store->records;
        assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_OK);
        lead = follower.lead;
        assert_string_equal(lead.endpoint, "");
        assert_false(lead.free);
    }
    test_follower_done(&follower);
}

TEST(a_lead_that_is_given_up_goes_from_one_to_the_other_and_back_with_nothing_lost)
{
    of_each(goes_on_as_one);
}

static void is_had_by_whom_it_names(struct test_store *store)
{
    struct test_follower named, other;
    bool taken;
    test_follower_begin(&named, store, "tcp://named:1");
    test_follower_begin(&other, store, "tcp://other:1");
    assert_int_equal(journal_give_up(store->journal, "tcp://named:1"), JOURNAL_OK);
    assert_int_equal(test_follower_follow(&other, 1, 0), JOURNAL_OK);
    assert_string_equal(other.lead.leader, "");
    assert_false(other.lead.free);
    assert_int_equal(journal_take(other.store.journal, &taken), JOURNAL_OK);
    assert_false(taken);
    test_follower_see_free(&named);
    test_follower_take(&named);
    test_store_fill(&named.store, 1, 2, 2);
    test_follower_done(&named);
    test_follower_done(&other);
}

TEST(a_lead_that_was_given_up_to_one_is_not_taken_by_another)
{
    of_each(is_had_by_whom_it_names);
}

static void is_taken_once(struct test_store *store)
{
    struct test_follower followers[2];
    bool taken[2];
    test_follower_begin(&followers[0], store, "");
    test_follower_begin(&followers[1], store, "");
    assert_int_equal(journal_give_up(store->journal, ""), JOURNAL_OK);
    for (int i = 0; i < 2; i++)
        test_follower_see_free(&followers[i]);
    for (int i = 0; i < 2; i++)
        assert_int_equal(journal_take(followers[i].store.journal, &taken[i]), JOURNAL_OK);
    assert_true(taken[0]);
    assert_false(taken[1]);
    test_follower_knows(&followers[0], store);
    test_store_fill(&followers[0].store, 1, 2, 1);
    followers[1].of = &followers[0].store;
    test_follower_catch_up(&followers[1]);
    assert_false(followers[1].lead.free);
    for (int i = 0; i < 2; i++)
        test_follower_done(&followers[i]);
}

TEST(a_lead_that_is_free_is_taken_by_one_of_two)
{
    of_each(is_taken_once);
}

/* ---- places ---- */

struct places {
    int count;
    uint64_t sum;
    uint32_t key;
    bool made;
    char consumer[32];
};

static int add_place(void *context, const struct journal_place *place)
{
    struct places *places = context;
    places->count++;
    places->sum += place->agency * 1000 + place->seq;
    places->key = place->key;
    places->made = place->made;
    memcpy(places->consumer, place->consumer, strlen(place->consumer) + 1);
    return 0;
}

static int put_places(struct journal *journal, const struct journal_place *places, size_t count)
{
    bool put = false;
    const int result = journal_places_put(journal, places, count, &put);
    assert_int_equal(put, result == JOURNAL_OK);
    return result;
}

static int put_place(struct journal *journal, uint32_t agency, uint32_t key, const char *consumer, uint64_t seq)
{
    const struct journal_place place = {.agency = agency, .key = key, .consumer = consumer, .seq = seq};
    return put_places(journal, &place, 1);
}

static void assert_places(struct test_store *store, uint64_t *mark, int count, uint64_t sum)
{
    struct places places = {0};
    assert_int_equal(journal_places(store->journal, mark, add_place, &places), JOURNAL_OK);
    assert_int_equal(places.count, count);
    assert_int_equal(places.sum, sum);
}

static void never_goes_back(struct test_store *store)
{
    struct test_follower follower;
    struct places places = {0};
    uint64_t mark = 0;
    test_follower_begin(&follower, store, "");
    assert_places(store, &mark, 0, 0);
    assert_int_equal(put_place(follower.store.journal, 1, 7, "bản tin", 5), JOURNAL_OK);
    assert_int_equal(put_place(follower.store.journal, 2, 8, "bản tin", 4), JOURNAL_OK);
    assert_places(store, &mark, 2, 3009);
    assert_int_equal(put_place(follower.store.journal, 1, 7, "bản tin", 3), JOURNAL_OK); /* behind */
    assert_int_equal(put_place(follower.store.journal, 2, 8, "bản tin", 6), JOURNAL_OK);
    assert_int_equal(put_place(store->journal, 1, 9, "another", 1), JOURNAL_OK);
    assert_places(store, &mark, 2, 3007);
    mark = 0;
    assert_places(store, &mark, 3, 4012);
    assert_int_equal(put_place(follower.store.journal, 3, 11, "số ba", 2), JOURNAL_OK);
    assert_int_equal(journal_places(store->journal, &mark, add_place, &places), JOURNAL_OK);
    assert_int_equal(places.key, 11);
    assert_string_equal(places.consumer, "số ba");
    mark = 0;
    assert_int_equal(put_place(follower.store.journal, 3, 12, "số ba", 1), JOURNAL_OK); /* of another key */
    assert_places(store, &mark, 5, 4012 + 3002 + 3001);
    test_follower_done(&follower);
}

static void forgotten(struct test_store *store)
{
    struct test_follower follower;
    uint64_t mark = 0;
    test_follower_begin(&follower, store, "");
    assert_int_equal(put_place(follower.store.journal, 1, 7, "bản tin", 5), JOURNAL_OK);
    assert_int_equal(journal_places_forget(store->journal, mark), JOURNAL_OK);
    assert_places(store, &mark, 1, 1005);
    mark = 0;
    assert_places(store, &mark, 1, 1005);
    assert_int_equal(put_place(follower.store.journal, 2, 7, "mới", 1), JOURNAL_OK);
    assert_int_equal(journal_places_forget(store->journal, mark), JOURNAL_OK);
    mark = 0;
    assert_places(store, &mark, 1, 2001);
    assert_int_equal(put_place(follower.store.journal, 1, 7, "bản tin", 4), JOURNAL_OK);
    mark = 0;
    assert_places(store, &mark, 2, 3005);
    test_follower_done(&follower);
}

/* In one statement, too. */
static void earlier_counts(struct test_store *store)
{
    struct test_follower follower;
    const struct journal_place made[] = {{1, 7, "mới", 5, true}, {1, 7, "mới", 3, true}, {1, 7, "mới", 4, true}};
    const struct journal_place said[] = {{1, 7, "mới", 1, true}, {1, 7, "mới", 2, false}};
    const struct journal_place late[] = {{1, 7, "mới", 1, true}, {1, 7, "mới", 1, false}};
    struct places places = {0};
    uint64_t mark = 0;
    test_follower_begin(&follower, store, "");
    assert_int_equal(put_places(follower.store.journal, &made[0], 1), JOURNAL_OK);
    assert_places(store, &mark, 1, 1005);
    assert_int_equal(put_places(follower.store.journal, made, 3), JOURNAL_OK);
    assert_places(store, &mark, 1, 1003);
    assert_int_equal(put_places(follower.store.journal, &made[2], 1), JOURNAL_OK);
    mark = 0;
    assert_int_equal(journal_places(store->journal, &mark, add_place, &places), JOURNAL_OK);
    assert_true(places.made && places.sum == 1003);
    assert_int_equal(put_places(follower.store.journal, said, 2), JOURNAL_OK);
    assert_int_equal(put_places(follower.store.journal, late, 2), JOURNAL_OK);
    mark = 0;
    places.sum = 0;
    assert_int_equal(journal_places(store->journal, &mark, add_place, &places), JOURNAL_OK);
    assert_true(!places.made && places.sum == 1002);
    test_follower_done(&follower);
}

TEST(of_places_that_brokers_made_the_earlier_counts_and_what_is_said_goes_before_both)
{
    of_each(earlier_counts);
}

TEST(a_consumers_place_never_goes_back_and_who_leads_is_given_what_is_new)
{
    of_each(never_goes_back);
}

TEST(places_that_are_kept_elsewhere_are_forgotten_and_none_that_came_since)
{
    of_each(forgotten);
}
